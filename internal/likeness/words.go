package likeness

import "strings"

// sense is what the dictionary says of a word.
type sense struct {
	// class is what sort of place it is, as "colony"; mark is what tells two of one sort
	// apart, as "north". With neither the word says nothing of which place it is.
	class, mark string
	// word stands for words that are translated in names and not transliterated.
	word string
}

// vocabulary lists words of names in Russian, Ukrainian, Turkmen and English, with the
// abbreviations that registers use. A star stands for any end. The sorts of places are
// those of the list PLACE_TYPE, taken together where names do.
const vocabulary = `
class colony: колони* колонії исправительно-трудов* ик иту ук вк лиу кп итк colony colonies koloniýa* penal
class prison: тюрьм* тюрем* в'язниц* тюрма prison* hmp jail* gaol* penitentiar* türme* türmä* tussaghana*
class remand: сизо сізо следственн* слідч* изолятор из ізолятор remand pretrial siz sizo siz derňew* isolator
class police: полици* поліці* милици* міліці* овд увд ровд рувд говд гувд увдт мрэо мвд police polisiýa* sheriff*
class holding: ивс итт ітт временн* тимчасов* ivs itt holding temporary wagtlaýyn
class arrest: спецприемник* спецприёмник* приемник* приёмник* приймальник* вытрезвител* витверезник*
class hospital: больниц* госпитал* лікарн* шпитал* hospital* hassahana* клиник* clinic* медицинск* медичн* medical lukman*
class psychiatric: психиатрическ* психіатричн* психбольниц* psychiatric psihiatriýa* пб
class narcology: наркологическ* наркологічн* наркодиспансер* narcolog* narkolog* лту лтп лечебно лікувально
class tuberculosis: противотуберкулезн* противотуберкулёзн* туберкулезн* туберкулёзн* тубдиспансер* протитуберкульозн* tuberculosis tb inçekesel*
class home: интернат* пні пни інтернат* дом дома домом будинок будинк* пансионат* пансіонат* приют* притулок* home homes boarding öýi öýü residential shelter*
class infants: ребенка ребёнка дитини infants* çaga
class migration: иностранц* іноземц* мигрант* мігрант* цвсиг птпі пттіо immigration irc migration deportation border пограничн* прикордонн* migrasiýa*
class military: военн* військов* воинск* гауптвахт* дисциплинарн* дисциплінарн* military guardhouse harby barracks
class school: школ* училищ* school* mekdep* mekdeb* stc
class court: суд суда суде court* kazyýet*
mark young: воспитательн* виховн* несовершеннолетн* неповнолітн* детск* детей дитяч* дітей юношеск* juvenile* youth yoi children* minors çagalar ýetginjek* ýaşlar
mark women: женск* жіноч* женщин* жінок women* woman* female zenan* aýal* gyzlar
mark men: мужск* чоловіч* men mens male erkek*
mark open: поселени* поселен* поселення відкрит* open settlement
mark north: северн* север північ* північн* north northern demirgazyk*
mark south: южн* юг південн* південь south southern günorta*
mark east: восточн* восток східн* схід east eastern gündogar*
mark west: западн* запад західн* захід west western günbatar*
word senter: центральн* central merkezi
word first: первая первый первое перша перший first birinji
word second: вторая второй второе друга другий second ikinji
word third: третья третий третє третя третій third üçünji
drop: учреждени* установ* заклад* institution* facility facilities center centre complex unit ward camp campus department* office station* division*
drop: отдел* отделени* відділ* відділенн* управлени* управлінн* служб* service services bölüm* edara* müdirlig* merkez* центр центра центре центру пункт* комнат*
drop: фку фбу гу гку кгу фсин уфсин гуфсин уин двк дквс уик дуис куис гуин министерств* ministry внутренних дел внутрішніх справ ministrlig* içeri işler
drop: государственн* державн* федеральн* казенн* казённ* бюджетн* республиканск* областн* обласн* районн* городск* міськ* межрайонн* межрегиональн* общественн* государств*
drop: исправительн* виправн* correctional correction* corrective reformatory düzediş* пенитенциарн* пенітенціарн* общего строгого особого загального режима режим* regime regimen security minimum medium maximum безопасности безпеки
drop: город города городе гор пос поселок посёлок поселка посёлка пгт село села селе район района районе область области обл край края місто міста область області районі
drop: велаят* welaýat* этрап* etrap* şäher* oba obasy city town village district region regional velayat* oblast raion province county state federal
drop: имени имені по при для из от на во у в с и і й о та до за the of for and at in to a an no n num number nr номер номері номеря ii бөлім
drop: содержани* тримання утримання ýörite special специальн* спеціальн* общий новый старый лечебн* лікувальн* трудов* isprawitelno pre trial предварительн* попереднього
drop: psychoneurological психоневрологическ* психоневрологічн* social социальн* соціальн* лиц людей person persons people older пожилых престарелых інвалідів инвалидов
`

// entry is one pattern in the alphabet of sounds.
type entry struct {
	stem string
	sense
}

// dictionary finds senses: exact ones at once, stems by their first two letters.
type dictionary struct {
	exact map[string]sense
	stems map[string][]entry
}

var known = readVocabulary(vocabulary)

func readVocabulary(text string) dictionary {
	d := dictionary{map[string]sense{}, map[string][]entry{}}
	for line := range strings.Lines(text) {
		head, words, ok := strings.Cut(line, ":")
		if !ok {
			continue
		}
		of := senseNamed(strings.Fields(head))
		for _, w := range strings.Fields(words) {
			stem, open := strings.CutSuffix(w, "*")
			stem = spelled(stem)
			if open && len(stem) > 2 {
				d.stems[stem[:2]] = append(d.stems[stem[:2]], entry{stem, of})
			} else {
				d.exact[stem] = of
			}
		}
	}
	return d
}

func senseNamed(head []string) (s sense) {
	switch head[0] {
	case "class":
		s.class = head[1]
	case "mark":
		s.mark = head[1]
	case "word":
		s.word = head[1]
	}
	return s
}

// spelled is a word of the vocabulary in the alphabet of sounds.
func spelled(w string) string { return sounds(strings.ReplaceAll(lower(w), "'", "")) }

// slipped is from how many letters of a stem one may be wrong, so that a correctonal
// colony is one.
const slipped = 8

// sense looks a word up; the longest stem that fits counts.
func (d dictionary) sense(word string) (s sense, ok bool) {
	if s, ok := d.exact[word]; ok || len(word) < 3 {
		return s, ok
	}
	best, near := 0, 0
	for _, e := range d.stems[word[:2]] {
		n := len(e.stem)
		switch {
		case strings.HasPrefix(word, e.stem):
			if n > best {
				s, ok, best = e.sense, true, n
			}
		case best == 0 && n >= slipped && n > near && begins(word, e.stem):
			s, ok, near = e.sense, true, n
		}
	}
	return s, ok
}

// begins reports whether the word begins with the stem but for one slip.
func begins(word, stem string) bool {
	for n := len(stem) - 1; n <= len(stem)+1 && n <= len(word); n++ {
		if distance(word[:n], stem) <= 1 {
			return true
		}
	}
	return false
}

// meets are classes that one place may have under two names: a prison is what any of
// them is called in English, and the police have their cells.
var meets = map[[2]string]bool{
	{"colony", "prison"}: true, {"prison", "remand"}: true, {"holding", "police"}: true, {"holding", "remand"}: true,
	{"arrest", "police"}: true, {"hospital", "psychiatric"}: true, {"hospital", "narcology"}: true,
	{"hospital", "tuberculosis"}: true, {"home", "infants"}: true, {"colony", "narcology"}: true,
}
