package sample

import daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

// placeType is a type of place: how many of them there are, and what they are like.
type placeType struct {
	code string
	// group is the number of its PLACE_GROUP, 1 to 10.
	group int
	// share is how many of a thousand places are such, and visited how much likelier a
	// visit goes there than its share says. The scale is that of a country with about
	// 6,000 places and 550 visits a year, of which prisons have most.
	share, visited float64
	body           string
	least, most    int // capacity
	// names in four languages, of which the Turkmen one is a general word.
	ru, uk, en, tk string
	words          string // one of the sets of words below
}

var placeTypes = []placeType{
	{"POL_STATION", 1, 290, 1, "INTERIOR", 2, 12, "Отдел полиции", "Відділ поліції", "Police station", "Polisiýa bölümi", "cells"},
	{"POL_IVS", 1, 80, 3, "INTERIOR", 8, 60, "Изолятор временного содержания", "Ізолятор тимчасового тримання", "Temporary detention facility", "Polisiýa bölümi", "cells"},
	{"POL_ADMIN_ARREST", 1, 20, 2, "INTERIOR", 10, 80, "Спецприёмник для административно арестованных", "Спеціальний приймальник", "Administrative arrest centre", "Edara", "cells"},
	{"POL_RECEPTION_DISTRIBUTION", 1, 12, 2, "INTERIOR", 10, 60, "Приёмник-распределитель", "Приймальник-розподільник", "Reception and distribution centre", "Edara", "cells"},
	{"POL_SOBERING", 1, 10, 1, "INTERIOR", 6, 24, "Центр временной адаптации", "Центр тимчасової адаптації", "Sobering-up centre", "Edara", "rooms"},
	{"PEN_REMAND", 2, 25, 12, "JUSTICE", 150, 1800, "Следственный изолятор", "Слідчий ізолятор", "Remand prison", "Edara", "cells"},
	{"PEN_COLONY_GENERAL", 2, 34, 9, "JUSTICE", 300, 1500, "Исправительная колония общего режима", "Виправна колонія загального рівня безпеки", "General-regime colony", "Edara", "blocks"},
	{"PEN_COLONY_STRICT", 2, 26, 10, "JUSTICE", 300, 1600, "Исправительная колония строгого режима", "Виправна колонія посиленого рівня безпеки", "Strict-regime colony", "Edara", "blocks"},
	{"PEN_CELL_PRISON", 2, 5, 14, "JUSTICE", 80, 600, "Тюрьма камерного типа", "Тюрма", "Cellular prison", "Edara", "cells"},
	{"PEN_OPEN", 2, 18, 3, "JUSTICE", 40, 250, "Колония-поселение", "Виправний центр", "Open prison", "Edara", "blocks"},
	{"PEN_WOMEN", 2, 8, 12, "JUSTICE", 150, 900, "Женская колония", "Жіноча виправна колонія", "Women's prison", "Edara", "blocks"},
	{"PEN_JUVENILE", 2, 6, 14, "JUSTICE", 40, 250, "Воспитательная колония", "Виховна колонія", "Juvenile colony", "Edara", "blocks"},
	{"PEN_HOSPITAL", 2, 6, 8, "JUSTICE", 60, 400, "Больница при учреждении", "Лікарня при установі", "Prison hospital", "Hassahana", "wards"},
	{"PEN_LIFE", 2, 3, 14, "JUSTICE", 40, 300, "Учреждение для пожизненно осуждённых", "Установа для довічно засуджених", "Prison for life-sentenced persons", "Edara", "cells"},
	{"PEN_TRANSIT", 2, 3, 4, "JUSTICE", 30, 200, "Транзитно-пересыльный пункт", "Транзитно-пересильний пункт", "Transit prison", "Edara", "cells"},
	{"JUV_SPECIAL_SCHOOL", 3, 8, 6, "EDUCATION", 30, 150, "Специальная школа закрытого типа", "Школа соціальної реабілітації", "Closed special school", "Edara", "rooms"},
	{"JUV_RECEPTION", 3, 6, 6, "INTERIOR", 10, 50, "Центр адаптации несовершеннолетних", "Приймальник-розподільник для дітей", "Juvenile reception centre", "Edara", "rooms"},
	{"JUV_SECURE_HOME", 3, 3, 5, "EDUCATION", 12, 60, "Закрытый дом для подростков", "Центр реабілітації підлітків", "Secure children's home", "Edara", "rooms"},
	{"MIG_DETENTION", 4, 6, 9, "MIGRATION", 20, 250, "Пункт временного пребывания иностранцев", "Пункт тимчасового перебування іноземців", "Migrant detention centre", "Edara", "rooms"},
	{"MIG_TRANSIT_ZONE", 4, 6, 3, "BORDER", 4, 40, "Транзитная зона", "Транзитна зона", "Transit zone", "Edara", "rooms"},
	{"MIG_BORDER", 4, 22, 2, "BORDER", 2, 16, "Пункт содержания на границе", "Місце тримання на кордоні", "Border holding facility", "Edara", "cells"},
	{"MIG_RECEPTION", 4, 4, 2, "MIGRATION", 40, 200, "Центр приёма беженцев", "Центр для біженців", "Reception centre", "Edara", "rooms"},
	{"HLT_PSY_GENERAL", 5, 45, 4, "HEALTH", 60, 800, "Психиатрическая больница", "Психіатрична лікарня", "Psychiatric hospital", "Hassahana", "wards"},
	{"HLT_PSY_FORENSIC", 5, 6, 8, "HEALTH", 60, 500, "Больница специализированного типа", "Заклад з наданням психіатричної допомоги суворого нагляду", "Forensic psychiatric hospital", "Hassahana", "wards"},
	{"HLT_NARCOLOGY", 5, 16, 3, "HEALTH", 30, 300, "Наркологический диспансер", "Наркологічний диспансер", "Narcology dispensary", "Hassahana", "wards"},
	{"HLT_TB", 5, 14, 2, "HEALTH", 40, 250, "Противотуберкулёзный диспансер", "Протитуберкульозний диспансер", "TB dispensary", "Hassahana", "wards"},
	{"HLT_GERIATRIC", 5, 30, 1, "HEALTH", 20, 150, "Гериатрическое отделение", "Геріатричне відділення", "Geriatric ward", "Hassahana", "wards"},
	{"HLT_QUARANTINE", 5, 4, 1, "HEALTH", 20, 100, "Карантинный стационар", "Карантинний стаціонар", "Quarantine facility", "Hassahana", "wards"},
	{"SOC_ADULT_PSYCHONEURO", 6, 50, 4, "SOCIAL_PROTECTION", 80, 500, "Психоневрологический интернат", "Психоневрологічний інтернат", "Psychoneurological home", "Edara", "wards"},
	{"SOC_OLDER", 6, 62, 1.5, "SOCIAL_PROTECTION", 30, 300, "Дом для престарелых", "Будинок для літніх людей", "Home for older persons", "Edara", "wards"},
	{"SOC_CHILD", 6, 40, 2, "EDUCATION", 30, 200, "Детский дом", "Дитячий будинок", "Children's home", "Edara", "rooms"},
	{"SOC_CHILD_DISABILITY", 6, 18, 4, "SOCIAL_PROTECTION", 40, 250, "Детский дом-интернат", "Дитячий будинок-інтернат", "Home for children with disabilities", "Edara", "wards"},
	{"SOC_INFANT", 6, 10, 2, "HEALTH", 20, 120, "Дом ребёнка", "Будинок дитини", "Infant home", "Edara", "rooms"},
	{"SOC_REHAB_PRIVATE", 6, 22, 3, "PRIVATE", 10, 80, "Частный реабилитационный центр", "Приватний реабілітаційний центр", "Private rehabilitation centre", "Edara", "rooms"},
	{"SOC_SHELTER", 6, 20, 1, "MUNICIPAL", 10, 60, "Приют", "Притулок", "Shelter", "Edara", "rooms"},
	{"MIL_GUARDHOUSE", 7, 14, 3, "DEFENCE", 6, 50, "Гауптвахта", "Гауптвахта", "Guardhouse", "Edara", "cells"},
	{"MIL_DISCIPLINARY", 7, 2, 6, "DEFENCE", 40, 300, "Дисциплинарная часть", "Дисциплінарний батальйон", "Disciplinary unit", "Edara", "blocks"},
	{"SEC_SERVICE", 8, 4, 6, "NATIONAL_SECURITY", 10, 80, "Изолятор органа безопасности", "Ізолятор органу безпеки", "Security service facility", "Edara", "cells"},
	{"SEC_CUSTOMS", 8, 6, 1, "OTHER", 2, 10, "Комната содержания таможни", "Кімната тримання митниці", "Customs holding room", "Edara", "cells"},
	{"CRT_CELLS", 9, 66, 1, "JUSTICE", 2, 30, "Камеры при суде", "Камери при суді", "Court cells", "Edara", "cells"},
	{"CRT_ESCORT", 9, 14, 2, "INTERIOR", 6, 40, "Конвойное подразделение", "Конвойний підрозділ", "Escort unit", "Edara", "cells"},
	{"OTH_OTHER", 10, 6, 1, "OTHER", 4, 60, "Иное учреждение", "Інша установа", "Other institution", "Edara", "rooms"},
}

// units are the parts of a place, and rooms what they are made of, by the words of its
// type and by language.
var units = map[string]map[string][]string{
	"cells":  {"ru": {"Корпус {m}", "Пост № {m}", "Режимный этаж {m}"}, "uk": {"Корпус {m}", "Пост № {m}", "Режимний поверх {m}"}, "en": {"Wing {m}", "Post {m}", "Floor {m}"}},
	"blocks": {"ru": {"Отряд № {m}", "Штрафной изолятор", "Карантин", "Общежитие {m}"}, "uk": {"Відділення № {m}", "Дисциплінарний ізолятор", "Карантин", "Гуртожиток {m}"}, "en": {"Block {m}", "Punishment block", "Admission block", "Dormitory {m}"}},
	"wards":  {"ru": {"Отделение {m}", "Отделение № {m}, второй этаж", "Наблюдательная палата"}, "uk": {"Відділення {m}", "Відділення № {m}, другий поверх", "Спостережна палата"}, "en": {"Ward {m}", "Ward {m}, second floor", "Observation ward"}},
	"rooms":  {"ru": {"Группа {m}", "Жилой блок {m}", "Второй этаж"}, "uk": {"Група {m}", "Житловий блок {m}", "Другий поверх"}, "en": {"Group {m}", "Living unit {m}", "Second floor"}},
}

var rooms = map[string]map[string]string{
	"cells":  {"ru": "Камера {n}", "uk": "Камера {n}", "en": "Cell {n}"},
	"blocks": {"ru": "Секция {n}", "uk": "Секція {n}", "en": "Section {n}"},
	"wards":  {"ru": "Палата {n}", "uk": "Палата {n}", "en": "Room {n}"},
	"rooms":  {"ru": "Комната {n}", "uk": "Кімната {n}", "en": "Room {n}"},
}

// held is who is held there: one sex in a few types, and ages by the type.
func (t placeType) held(d dice) (sexes []daylightv1.Sex, ages []daylightv1.AgeGroup) {
	switch t.code {
	case "PEN_WOMEN":
		sexes = []daylightv1.Sex{female}
	case "PEN_COLONY_GENERAL", "PEN_COLONY_STRICT", "PEN_LIFE", "MIL_GUARDHOUSE", "MIL_DISCIPLINARY", "PEN_CELL_PRISON", "PEN_JUVENILE":
		sexes = []daylightv1.Sex{male}
	default:
		sexes = []daylightv1.Sex{female, male}
	}
	switch {
	case t.children():
		ages = []daylightv1.AgeGroup{child}
	case t.code == "PEN_REMAND" || t.code == "POL_IVS" || t.group == 4:
		ages = []daylightv1.AgeGroup{adult, child}
	case t.code == "PEN_WOMEN" && d.chance(40):
		ages = []daylightv1.AgeGroup{adult, daylightv1.AgeGroup_AGE_GROUP_INFANT}
	default:
		ages = []daylightv1.AgeGroup{adult}
	}
	return sexes, ages
}

// children reports whether only children live there.
func (t placeType) children() bool {
	switch t.code {
	case "PEN_JUVENILE", "SOC_CHILD", "SOC_CHILD_DISABILITY", "SOC_INFANT":
		return true
	}
	return t.group == 3
}

const (
	female = daylightv1.Sex_SEX_FEMALE
	male   = daylightv1.Sex_SEX_MALE
	adult  = daylightv1.AgeGroup_AGE_GROUP_ADULT
	child  = daylightv1.AgeGroup_AGE_GROUP_CHILD
)
