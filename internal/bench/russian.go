package main

import (
	"math/rand/v2"
	"strconv"
	"strings"
	"unicode/utf8"
)

// What Russian sentences of a report are made of here: small words, stems that take one of
// the endings of their kind, and verbs. The stems are many and the endings vary, so that
// the text compresses about as reports do, and not as a list of words.
var (
	small = strings.Fields(`в в в в на на на и и и не не по с с из для у от о к до при за без что как также однако
во время после перед только уже ещё более менее лишь между около где когда если так это который которая которые их его её`)
	nouns = strings.Fields(`камер помещени окн кроват матрац одеял стен пол потолк вентиляци освещени отоплени санузл
душ кран раковин вод питани столов кухн рацион прогулк двор изолятор карцер отделени этаж коридор пост журнал запис
регистраци доставлени задержани протокол жалоб ответ срок приём врач фельдшер осмотр травм медикамент лекарств назначени
карт туберкулёз психиатр консультаци перевод адвокат родственник свидани звонок телефон посылк передач взыскани дисциплин
наказани наручник спецсредств конво этап сотрудник дежурн начальник заместител смен персонал штат обучени инструкци приказ
женщин несовершеннолетн инвалид иностран гражданин лиц осуждённ подследственн площад норматив стандарт правил комисси
прокуратур управлени министерств рекомендаци проверк нарушени условия содержани безопасност пожар сигнализаци видеонаблюдени
температур влажност плесен насеком запах шум постельн бель стирк гигиен мыл бумаг зубн щётк одежд обув библиотек книг
газет телевизор радио спортзал мастерск работ оплат учёб школ занят досуг перевозк автомобил отсек доступ препятстви`)
	adjectives = strings.Fields(`нов стар холодн сыр тёмн светл чист грязн исправн неисправн общ одиночн двухместн временн
постоянн ежедневн письменн устн медицинск юридическ административн уголовн достаточн недостаточн отдельн переполненн свободн
закрыт открыт деревянн металлическ бетонн искусственн естественн горяч питьев личн служебн внутренн внешн последн предыдущ`)
	verbs = strings.Fields(`установлено отмечено выявлено обеспечено отсутствует имеется требуется проводится ведётся хранится
сообщили пояснили подтвердили отказались предоставили проверены осмотрены опрошены заполняется составляет превышает
соответствует устранено сохраняется ухудшилось улучшилось заменены отремонтировано рекомендовано направлено получено`)
	nounEnds      = strings.Fields(`а ы е у ой ах ам ами ов ия ии ие ию ья ок ки`)
	adjectiveEnds = strings.Fields(`ый ая ое ые ого ой ых ым ыми ому ую ом`)
)

// russian is sentences of about so many characters.
func russian(r *rand.Rand, characters int) string {
	pick := func(from []string) string { return from[r.IntN(len(from))] }
	word := func() string {
		switch n := r.IntN(20); {
		case n < 6:
			return pick(small)
		case n < 13:
			return pick(nouns) + pick(nounEnds)
		case n < 16:
			return pick(adjectives) + pick(adjectiveEnds)
		case n < 19:
			return pick(verbs)
		}
		return strconv.Itoa(1 + r.IntN(400))
	}
	var b strings.Builder
	for utf8.RuneCountInString(b.String()) < characters {
		first := []rune(word())
		b.WriteString(strings.ToUpper(string(first[:1])) + string(first[1:]))
		for i, n := 0, 5+r.IntN(12); i < n; i++ {
			b.WriteString(" " + word())
			if r.IntN(9) == 0 && i < n-1 {
				b.WriteByte(',')
			}
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String())
}
