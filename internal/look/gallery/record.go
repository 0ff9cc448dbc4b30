package main

import (
	"net/http"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
)

func versions(w *words, _ *http.Request) look.Page {
	before, mine, theirs := "Cell 12 holds ten people in 26.4 m². There are eight beds.", "Cell 12 holds ten people in 26.4 m². There are eight beds. Two people sleep on mattresses by the door.", "Cell 12 holds eight people in 26.4 m². There are eight beds. Two others are in the medical room."
	combined, _ := look.Combined(before, mine, theirs)
	shell := w.office(2)
	shell.Crumbs = []look.Link{{Href: "/list", Text: w.say("Visits", "Посещения", "الزيارات")}, {Href: "/today", Text: look.Typed("Ak Derýa")}}
	shell.Heading, shell.Lede = w.say("What was found", "Что установлено", "ما الذي ثبت"), w.say("Nothing is lost: whatever you choose, both stay in the history.", "Ничего не теряется: оба варианта остаются в истории.", "لا يضيع شيء: تبقى الروايتان في السجل.")
	return look.Page{Title: w.say("Two versions", "Два варианта", "روايتان"), Shell: shell, Body: []look.Part{
		look.Columns{Three: true, Body: []look.Part{
			look.Voice{Who: w.Say("part.before"), When: w.When(moment.Add(-200 * 60e9)), Words: look.Plain(before), Tag: "en"},
			look.Voice{Whose: look.Mine, Who: w.Say("part.yours"), When: w.When(moment), Words: w.Compared(before, mine), Tag: "en"},
			look.Voice{Whose: look.Theirs, Who: w.say("Doctor", "Врач", "الطبيب"), When: w.When(moment.AddDate(0, 0, -1)), Words: w.Compared(before, theirs), Tag: "en",
				Under: w.say("Their clock was 4 minutes behind; time corrected.", "Часы отставали на 4 минуты; время исправлено.", "كانت الساعة متأخرة 4 دقائق؛ صُحّح الوقت.")}}},
		look.Questions{Action: "/versions", Body: []look.Part{
			look.Choices{Name: "settle", Legend: w.say("What should stand?", "Что должно остаться?", "ما الذي يُعتمد؟"), Options: []look.Choice{
				{Value: "mine", Text: w.Say("part.yours")}, {Value: "combined", Checked: true, Text: w.say("Combined, as written below", "Общий текст, как ниже", "نص موحّد كما أدناه")},
				{Value: "both", Text: w.say("Both, as accounts that contradict", "Оба, как противоречащие показания", "كلاهما روايتان متعارضتان"), Under: w.say("A difference between two people can be evidence", "Расхождение между двумя людьми может быть доказательством", "قد يكون اختلاف شخصين دليلًا")}}},
			look.Input{Name: "combined", Rows: 4, Label: w.say("Combined text", "Общий текст", "النص الموحّد"), Value: combined, Tag: "en"},
			look.Cluster{Body: []look.Part{look.Button{Kind: look.ButtonMain, Text: w.say("Settle", "Решить", "حسم")}, look.Button{Kind: look.ButtonQuiet, Href: "/", Text: w.say("Later", "Позже", "لاحقًا")}}}}},
		look.Section{Heading: look.Code("R-2026-0311"), Body: []look.Part{look.Axes{
			Ours:   look.Axis{Label: w.say("Our step", "Наш шаг", "خطوتنا"), Body: []look.Part{look.Para{Text: look.Spaced(look.Strong(w.say("Receipt confirmed", "Получение подтверждено", "تأكد الاستلام")), w.ShortDay(moment))}, look.Track{Now: 5, Of: 7}}},
			Theirs: look.Axis{Label: w.say("Their answer", "Их ответ", "ردّهم"), Body: []look.Part{look.Prose{Text: look.Plain("The ministry agrees and has ordered a second post of physician."), Tag: "en"}, w.tag("AUTHORITY_RESPONSE", "ACCEPTED")}},
			Found:  look.Axis{Label: w.say("What we found ourselves", "Что мы установили сами", "ما وجدناه بأنفسنا"), Body: []look.Part{w.tag("IMPLEMENTATION_STATUS", "FULLY"), look.Para{Small: true, Text: w.Late(moment.AddDate(0, 0, 5))}}}}}},
		look.Section{Heading: w.say("Who changed what", "Кто что изменил", "من غيّر ماذا"), Body: []look.Part{look.Log{Items: []look.Entry{
			{Whose: look.Two, Text: w.say("Two versions since 14:02", "Два варианта с 14:02", "روايتان منذ 14:02")},
			{Whose: look.Mine, Text: w.say("You added to it", "Вы дополнили", "أضفتَ إليه"), Body: []look.Part{look.Prose{Text: w.Compared("eight beds.", "eight beds. Two sleep by the door."), Tag: "en"}}, When: look.Dotted(w.Moment(moment), w.say("this phone", "этот телефон", "هذا الهاتف"))},
			{Whose: look.Theirs, Text: w.say("The Doctor changed it", "Врач изменил", "غيّره الطبيب"), When: w.Moment(moment), Body: []look.Part{look.Cluster{Body: []look.Part{look.Tag{Kind: look.TagWatch, Icon: look.IconClock, Text: w.say("Clock in doubt", "Часы под сомнением", "الساعة مشكوك فيها")}}}}},
			{Whose: look.Offices, Text: w.say("The office decided", "Офис решил", "قرّر المكتب"), When: w.Ago(moment.Add(-3 * 3600e9))}}}}},
	}}
}

func parts(w *words, _ *http.Request) look.Page {
	shell := w.office(3)
	shell.Heading = w.say("Every part", "Все части", "كل الأجزاء")
	var severities, evidence, access, standing look.Cluster
	for _, c := range []string{"MINOR", "MODERATE", "SERIOUS", "CRITICAL"} {
		severities.Body = append(severities.Body, look.TagOf(w.Locale, "FINDING_SEVERITY", codeOf(c), labelOf("FINDING_SEVERITY", c, w.Tag)))
	}
	for _, c := range []string{"ALLEGED", "CONSISTENT", "CORROBORATED", "ESTABLISHED", "NOT_CONFIRMED", "DISPUTED"} {
		evidence.Body = append(evidence.Body, look.TagOf(w.Locale, "EVIDENCE_STATUS", codeOf(c), labelOf("EVIDENCE_STATUS", c, w.Tag)))
	}
	for _, c := range []string{"FULL", "DELAYED", "PARTIAL", "REFUSED", "NOT_REQUESTED"} {
		access.Body = append(access.Body, look.TagOf(w.Locale, "ACCESS_RATING", codeOf(c), labelOf("ACCESS_RATING", c, w.Tag)))
	}
	for _, s := range []look.Standing{look.StandingDraft, look.StandingReady, look.StandingSending, look.StandingReceived, look.StandingAttention, look.StandingReturned} {
		standing.Body = append(standing.Body, look.StandingTag(w.Locale, s))
	}
	var panes look.Cluster
	for _, s := range []look.PaneState{look.PaneUnseen, look.PaneBegun, look.PaneMissing, look.PaneEmpty, look.PaneSeen} {
		panes.Body = append(panes.Body, look.Pane{State: s}, look.Para{Text: look.PaneWords(w.Locale, s), Small: true})
	}
	var notes []look.Part
	for _, k := range []look.NoteKind{look.NotePlain, look.NoteSettled, look.NoteWatch, look.NoteAttend, look.NoteUrgent, look.NoteTwo} {
		notes = append(notes, look.Note{Kind: k, Text: look.Spaced(look.Strong(w.say("What happened.", "Что случилось.", "ما حدث.")), w.say("What was kept, and what to do.", "Что сохранено и что делать.", "ما حُفظ وما العمل."))})
	}
	return look.Page{Title: shell.Heading, Shell: shell, Body: []look.Part{
		look.Anchors{Name: w.say("Parts", "Части", "الأجزاء"), Links: []look.Link{{Href: "#marks", Text: w.say("Marks", "Знаки", "العلامات"), Current: true}, {Href: "#notes", Text: w.say("Notes", "Сообщения", "الرسائل")}}},
		look.Section{ID: "marks", Heading: w.say("Marks and tags", "Знаки и метки", "العلامات والوسوم"), Body: []look.Part{look.Leaf{Body: []look.Part{severities, evidence, access, standing, panes}}}},
		look.Section{Heading: w.say("Buttons", "Кнопки", "الأزرار"), Body: []look.Part{look.Cluster{Body: []look.Part{
			look.Button{Kind: look.ButtonMain, Text: w.say("Main action", "Главное действие", "الإجراء الرئيسي"), Href: "/"}, look.Button{Text: w.say("Other action", "Другое действие", "إجراء آخر"), Action: "/parts", Hidden: []look.Hidden{{Name: "seen", Value: "1"}}},
			look.Button{Kind: look.ButtonQuiet, Text: w.say("Quiet action", "Тихое действие", "إجراء هادئ"), Href: "/"}, look.Button{Kind: look.ButtonGrave, Icon: look.IconBin, Text: w.say("Grave action…", "Опасное действие…", "إجراء خطير…"), Href: "/"}}},
			look.LanguageChoice{Action: "/language"}, look.ThemeChoice{Action: "/theme"}}},
		look.Section{ID: "notes", Heading: w.say("Notes", "Сообщения", "الرسائل"), Body: []look.Part{look.Flow{Tight: true, Body: notes}}},
		look.Section{Heading: w.say("Sealed, progress, unfold", "Запечатано, ход, раскрытие", "مختوم، تقدم، طيّ"), Body: []look.Part{
			look.Sealed{What: w.say("Identity", "Личность", "الهوية"), Text: w.say("Sealed 11:20 to the reprisal focal point", "Запечатано в 11:20 для ответственного за защиту", "خُتم 11:20 لمسؤول الحماية")},
			look.Progress{Value: 41, Max: 58, Label: w.say("Records sent", "Отправлено записей", "سجلات مُرسلة")},
			look.Unfold{Summary: w.say("Jump to a question", "Перейти к вопросу", "الانتقال إلى سؤال"), Open: true, Body: []look.Part{look.Points{Ordered: true, Items: []look.Text{w.say("Floor", "Площадь", "المساحة"), w.say("Beds", "Места", "الأسرّة")}}}},
			look.Facts{Leaf: true, Items: []look.Fact{{Name: w.say("Floor", "Площадь", "المساحة"), Value: w.Measure(26.4, "m2")}, {Name: w.say("Files", "Файлы", "الملفات"), Value: w.Bytes(22400000)}, {Name: w.say("Team", "Группа", "الفريق"), Value: w.List(w.say("doctor", "врач", "طبيب"), w.say("lawyer", "юрист", "محامٍ"), w.say("monitor", "монитор", "مراقب"))}}},
			look.Shots{Items: []look.Shot{{Href: "/", Icon: look.IconCamera, Text: w.say("Cell 12", "Камера 12", "الزنزانة 12")}, {Icon: look.IconLetter, Text: w.say("Register", "Журнал", "السجل")}}},
			look.Well{Body: []look.Part{look.Para{Text: w.say("Let into a leaf.", "Вставка.", "مُدمج.")}}}}},
		look.Section{Heading: w.say("Pictures and codes", "Рисунки и коды", "صور ورموز"), Body: []look.Part{w.chart(), w.course(), w.heat(), w.picture(),
			look.Tongue{Tag: "uk", Body: []look.Part{look.Para{Text: look.Plain("Довідка іншою мовою")}}}, look.QR{Label: w.say("Enrolment code", "Код регистрации", "رمز التسجيل"), Rows: [][]bool{{true, true, false}, {false, true, true}, {true, false, true}}}, look.SixWords{Words: []string{"harbor", "melon", "quiet", "copper", "window", "eleven"}}}},
		look.Section{Heading: w.say("Sentences of other rooms", "Фразы других частей", "جمل من أجزاء أخرى"), Body: []look.Part{look.Para{Text: w.Sentence("rule.session-over-a-day", "A time inside lasts for {hours} hours.", map[string]string{"hours": "30"})}}},
	}}
}

func (w *words) chart() look.Figure {
	told := w.say("Serious findings fell from 14 to 9", "Серьёзных выводов стало меньше: было 14, стало 9", "انخفضت الملاحظات الخطيرة من 14 إلى 9")
	bars := look.Bars{Told: told, Series: []look.KeyItem{{Class: "c1", Text: w.say("Minor", "Незначительные", "طفيفة")}, {Class: "c2", Text: w.say("Moderate", "Умеренные", "متوسطة")}, {Class: "c3", Text: w.say("Serious", "Серьёзные", "خطيرة")}},
		Rows: []look.Bar{{Name: look.Plain("2025"), Values: []int{21, 17, 14}}, {Name: look.Plain("2026"), Values: []int{24, 12, 9}}}}
	return look.Figure{Finding: told, Caption: w.say("Findings by severity, 2025 and 2026", "Выводы по серьёзности, 2025 и 2026", "الملاحظات حسب الخطورة"), Key: bars.Series, Drawing: bars.Drawing(w.Locale),
		Table: look.Ledger{Slim: true, Caption: told, Head: []look.Column{{Text: w.say("Year", "Год", "السنة")}, {Text: w.say("Serious", "Серьёзные", "خطيرة"), Right: true}},
			Rows: []look.Line{{Cells: []look.Cell{{Text: look.Plain("2025")}, {Text: w.Number(14)}}}, {Cells: []look.Cell{{Text: look.Plain("2026")}, {Text: w.Number(9)}}}}}}
}

func (w *words) course() look.Figure {
	told := w.say("Fuller at each visit", "С каждым визитом теснее", "اكتظاظ أكبر في كل زيارة")
	day := func(y, m int) time.Time { return time.Date(y, time.Month(m), 1, 12, 0, 0, 0, time.UTC) }
	course := look.Course{Told: told, LimitName: w.say("Official capacity", "Официальная вместимость", "السعة الرسمية"), Limits: []look.Limit{{From: day(2012, 1), Value: 300}, {From: day(2023, 1), Value: 340}},
		Marks: []look.Mark{{At: day(2018, 4), Value: 276, Label: w.Number(276)}, {At: day(2021, 5), Value: 291, Label: w.Number(291)}, {At: day(2024, 8), Value: 411, Over: true, Label: w.Number(411)}}}
	return look.Figure{Full: true, Finding: told, Caption: w.say("People held at each visit", "Содержалось во время визитов", "عدد المحتجزين في كل زيارة"), Drawing: course.Drawing(w.Locale)}
}

func (w *words) heat() look.Heat {
	return look.Heat{Caption: w.say("Findings by area and visit", "Выводы по областям и визитам", "الملاحظات حسب المجال والزيارة"), Head: []look.Text{w.say("Area", "Область", "المجال"), look.Plain("2024"), look.Plain("2026")},
		Rows: []look.HeatRow{{Name: w.say("Health care", "Медицинская помощь", "الرعاية الصحية"), Values: []int{8, 6}}, {Name: w.say("Contact", "Связь с внешним миром", "الاتصال"), Values: []int{2, 0}}}}
}

func document(w *words, _ *http.Request) look.Page {
	shell := w.office(4)
	shell.Heading = w.say("Print preview", "Просмотр перед печатью", "معاينة الطباعة")
	return look.Page{Title: shell.Heading, Shell: shell, Body: []look.Part{look.Sheet{Class: w.say("For the authority", "Для органа власти", "للسلطة"), Beside: w.Day(moment), Heading: look.Typed("Ak Derýa"),
		Body: []look.Part{look.Section{Heading: w.say("Material conditions", "Материальные условия", "الظروف المادية"), Body: []look.Part{
			look.Ruled{Text: w.say("Who was met", "С кем встретились", "من التقيتم به"), Lines: 2}, look.Ruled{Text: w.say("In private", "Наедине", "على انفراد"), Boxes: []look.Text{w.say("Yes", "Да", "نعم"), w.say("No", "Нет", "لا")}}, look.Numbered{Number: look.Plain("12."), Text: look.Typed(w.narrative())}, look.Numbered{Number: look.Plain("13."), Text: look.Withheld(w.say("Withheld: speaks of one person", "Изъято: речь об одном человеке", "محجوب: يخص شخصًا واحدًا"))}}}}}}}
}
