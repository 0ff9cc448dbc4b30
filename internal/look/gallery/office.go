package main

import (
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
)

func (w *words) office(current int) look.OfficeShell {
	nav := []look.NavItem{
		{Href: "/today", Icon: look.IconHome, Text: w.say("Today", "Сегодня", "اليوم"), Badge: w.Number(3)},
		{Href: "/list", Icon: look.IconVisit, Text: w.say("Visits", "Посещения", "الزيارات")},
		{Href: "/versions", Icon: look.IconLetter, Text: w.say("Recommendations", "Рекомендации", "التوصيات")},
		{Href: "/parts", Icon: look.IconPlace, Text: w.say("Places", "Места", "الأماكن")},
		{Href: "/document", Icon: look.IconPrint, Text: w.say("Documents", "Документы", "الوثائق")},
		{Href: "/hostile", Icon: look.IconPeople, Text: w.say("People and devices", "Люди и устройства", "الأشخاص والأجهزة")},
	}
	nav[current].Current = true
	return look.OfficeShell{Home: "/today", Nav: nav, Who: w.say("Case officer", "Сотрудник по делу", "مسؤول الملف"), SignOut: "/unlock", Account: "/parts"}
}

func today(w *words, _ *http.Request) look.Page {
	shell := w.office(0)
	shell.Over, shell.Heading = w.Moment(moment), w.say("Two things cannot wait", "Два дела не терпят", "أمران لا يحتملان التأجيل")
	shell.Actions = []look.Part{look.Find{Action: "/list", Name: "q", Label: w.say("Find a place, visit or recommendation", "Найти место, посещение или рекомендацию", "ابحث عن مكان أو زيارة أو توصية"),
		Hint: w.say("Place, code, number", "Место, код, номер", "مكان أو رمز أو رقم"), Text: w.say("Find", "Найти", "بحث")}}
	shell.Aside = []look.Part{
		look.Leaf{Heading: w.say("Devices", "Устройства", "الأجهزة"), Body: []look.Part{look.Pairs{Small: true, Items: []look.Fact{
			{Name: w.say("Synced in the last day", "Синхронизированы за сутки", "تزامنت خلال يوم"), Value: w.Of(17, 21)},
			{Name: w.say("Clocks in doubt", "Часы под сомнением", "ساعات مشكوك فيها"), Value: w.Number(1)}}}}},
		look.Leaf{Heading: w.say("This year", "В этом году", "هذه السنة"), Body: []look.Part{look.Counts{Items: []look.Count{
			{Name: w.say("Visits", "Посещения", "الزيارات"), Value: w.Number(488)}, {Name: w.say("Places seen", "Осмотрено мест", "أماكن زُرت"), Value: w.Number(302)},
			{Name: w.say("Full access", "Полный доступ", "وصول كامل"), Value: w.Percent(0.91)}}}}},
		look.Note{Kind: look.NoteSettled, Under: look.Spaced(look.Strong(w.say("Log checked.", "Журнал проверен.", "فُحص السجل.")), w.Number(48213), w.say("changes, none altered or dropped.", "изменений, ни одно не искажено и не пропало.", "تغييرًا، لم يُعدَّل أو يُحذف شيء."))}}
	return look.Page{Title: w.say("Today", "Сегодня", "اليوم"), Shell: shell, Body: []look.Part{
		look.Section{Heading: w.say("Urgent", "Срочно", "عاجل"), Unseen: true, Body: []look.Part{look.Docket{Items: []look.Decision{
			{Urgent: true, Clock: w.Long(380 * 60e9), ClockUnder: w.say("of one day, left", "осталось из суток", "متبقية من يوم واحد"), Tags: []look.Tag{w.tag("FINDING_SEVERITY", "CRITICAL"), w.tag("EVIDENCE_STATUS", "ALLEGED")},
				Title: w.say("Beating during intake alleged, one source", "Сообщение об избиении при приёме, один источник", "ادعاء بالضرب عند الاستقبال"),
				Under: look.Spaced(look.Code("F-03"), w.say("Written", "Написано", "كُتبت"), w.When(moment)), Action: look.Button{Kind: look.ButtonMain, Text: w.say("Decide", "Решить", "اتخاذ قرار"), Href: "/versions"}},
			{Urgent: true, Clock: w.Long(120 * 60e9), ClockUnder: w.say("since report", "с сообщения", "منذ البلاغ"), Tags: []look.Tag{w.tag("REPRISAL_RISK", "IMMINENT")},
				Title: w.say("Sealed report after yesterday's visit", "Запечатанное сообщение после вчерашнего посещения", "بلاغ مختوم بعد زيارة الأمس"), Action: look.Button{Text: w.say("Name who acts", "Назначить", "تعيين المسؤول"), Href: "/versions"}}}}}},
		look.Section{Heading: w.say("Needs a decision", "Нужно решение", "يحتاج إلى قرار"), Beside: look.Para{Text: look.To("/list", w.say("All 14", "Все 14", "الكل 14"))}, Body: []look.Part{look.Docket{Items: []look.Decision{
			{Attend: true, Clock: w.Number(80), ClockUnder: w.say("overdue", "просрочено", "متأخرة"), Title: w.say("80 recommendations overdue at the Ministry of Interior", "80 рекомендаций МВД просрочены", "80 توصية متأخرة لدى وزارة الداخلية"),
				Under: w.Late(moment.AddDate(0, 0, -12)), Action: look.Button{Text: w.say("Remind once", "Напомнить один раз", "تذكير واحد"), Action: "/today"}},
			{Clock: w.Number(2), ClockUnder: w.say("fields", "поля", "حقلان"), Title: w.say("Two versions, left to the office", "Два варианта, оставлены офису", "روايتان تُركتا للمكتب"), Action: look.Button{Text: w.say("Compare", "Сравнить", "مقارنة"), Href: "/versions"}}}}}},
	}}
}

func list(w *words, _ *http.Request) look.Page {
	shell := w.office(1)
	shell.Heading, shell.Lede = w.say("Visits", "Посещения", "الزيارات"), look.Spaced(w.say("37 of 488 in 2026 match.", "Подходят 37 из 488 за 2026 год.", "يطابق 37 من 488 في 2026."), look.To("/list", w.say("Clear filters", "Сбросить отбор", "إزالة التصفية")))
	shell.Actions = []look.Part{look.Button{Text: look.Plain("CSV"), Href: "/list"}, look.Button{Kind: look.ButtonMain, Icon: look.IconPlus, Text: w.say("Plan a visit", "Запланировать посещение", "تخطيط زيارة"), Href: "/question"}}
	any := look.Option{Text: w.say("Any", "Любое", "الكل")}
	row := func(place, code string, state, access look.Tag, n int) look.Line {
		return look.Line{Href: "/versions", Cells: []look.Cell{
			{Text: look.Typed(place), Under: look.Code(code)}, {Text: w.Period(moment, moment.AddDate(0, 0, 1))}, {Body: []look.Part{state}}, {Text: w.Number(n)}, {Body: []look.Part{access}},
			{Text: look.To("/versions", w.say("2 conflicts", "2 расхождения", "تعارضان"))}}}
	}
	return look.Page{Title: w.say("Visits", "Посещения", "الزيارات"), Shell: shell, Body: []look.Part{
		look.Filters{Action: "/list", Views: []look.Link{{Href: "/list?mine", Text: w.say("Waiting for me, 4", "Ждут меня, 4", "بانتظاري، 4")}, {Href: "/list?o", Text: w.say("Obstructed this year, 9", "С препятствиями в этом году, 9", "معرقلة هذه السنة، 9")}},
			Body: []look.Part{
				look.Input{Name: "q", Label: w.say("Text, in any script", "Текст на любом языке", "نص بأي كتابة"), Type: "search", Value: "remand"},
				look.Select{Name: "state", Label: w.say("State", "Состояние", "الحالة"), Options: []look.Option{any}},
				look.Select{Name: "region", Label: w.say("Region", "Регион", "المنطقة"), Options: []look.Option{any, {Value: "ahal", Text: look.Plain("Ahal")}}},
				look.Input{Name: "from", Label: w.say("From", "С", "من"), Type: "date", Value: "2026-01-01"},
				look.Input{Name: "to", Label: w.say("To", "По", "إلى"), Type: "date", Value: "2026-11-18"}}},
		look.Ledger{Stack: true, Caption: w.say("Visits, newest first", "Посещения, сначала новые", "الزيارات، الأحدث أولًا"),
			Head: []look.Column{{Text: w.say("Place", "Место", "المكان"), Sort: "/list?by=place"}, {Text: w.say("When", "Когда", "متى"), Whole: true, Sort: "/list", Down: true}, {Text: w.say("State", "Состояние", "الحالة")},
				{Text: w.say("Findings", "Выводы", "الملاحظات"), Right: true}, {Text: w.say("Access", "Доступ", "الوصول")}, {Text: w.say("To do", "Сделать", "المطلوب")}},
			Rows: []look.Line{
				row("Ak Derýa remand prison", "TM-L-0203", w.tag("VISIT_STATE", "IN_PROGRESS"), w.tag("ACCESS_RATING", "DELAYED"), 6),
				row("СИЗО «Суw Ýaka»", "TM-B-0017", w.tag("VISIT_STATE", "OBSTRUCTED"), w.tag("ACCESS_RATING", "REFUSED"), 1),
				row("Gülzar women's colony", "TM-D-0101", w.tag("VISIT_STATE", "SUBMITTED"), w.tag("ACCESS_RATING", "FULL"), 41)}},
		look.Pager{Earlier: "/list?page=1", Later: "/list?page=3", From: 26, To: 37, N: 48213},
		look.Empty{Text: w.say("No recommendation is overdue.", "Просроченных рекомендаций нет.", "لا توصيات متأخرة."), Under: w.say("When a term passes without an answer, it appears here with its age.", "Когда срок пройдёт без ответа, она появится здесь.", "عند انقضاء المهلة دون رد تظهر هنا.")},
	}}
}
