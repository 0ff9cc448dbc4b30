package main

import (
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/vocabulary"
)

func (w *words) tabs(current int) []look.Tab {
	tabs := []look.Tab{
		{Href: "/", Icon: look.IconHome, Text: w.say("Home", "Главная", "الرئيسية")},
		{Href: "/question", Icon: look.IconVisit, Text: w.say("Visit", "Посещение", "الزيارة")},
		{Href: "/versions", Icon: look.IconFinding, Text: w.say("Findings", "Выводы", "الملاحظات")},
		{Href: "/parts", Icon: look.IconSend, Text: w.say("Send", "Отправка", "الإرسال"), Badge: w.Number(7)},
	}
	tabs[current].Current = true
	return tabs
}

func (w *words) net() *look.Net {
	return &look.Net{Href: "/parts", Icon: look.IconOffline, Text: w.say("7 to send", "7 не отправлено", "7 للإرسال"),
		Label: w.say("Offline, 7 to send", "Нет сети, 7 не отправлено", "غير متصل، 7 للإرسال")}
}

func (w *words) tag(list vocabulary.List, code vocabulary.Code) look.Tag {
	return look.TagOf(w.Locale, list, code, vocabulary.Shipped().Label(list, code, w.Tag))
}

func home(w *words, _ *http.Request) look.Page {
	place := look.Typed(map[string]string{"ar": "سجن التوقيف «آق دريا»", "ru": "СИЗО «Ак-Дерья»"}[w.Tag])
	if len(place) == 0 {
		place = look.Typed("Ak Derýa remand prison")
	}
	return look.Page{
		Title: w.say("Home", "Главная", "الرئيسية"),
		Shell: look.FieldShell{Name: w.Weekday(moment), Net: w.net(), Lock: "/unlock", Tabs: w.tabs(0)},
		Body: []look.Part{
			look.Heading{Text: w.say("Home", "Главная", "الرئيسية"), Unseen: true},
			look.Leaf{Lit: true, Words: true, Over: look.Spaced(w.say("Continue where you were,", "Продолжить с того же места,", "تابع من حيث توقفت،"), w.Clock(moment)),
				Heading: w.say("Cell 12, wing B: living space", "Корпус Б, камера № 12: площадь на человека", "الزنزانة 12، الجناح ب: مساحة العيش"),
				Body: []look.Part{
					look.Para{Text: look.Dotted(place, w.say("day 1 of 2", "день 1 из 2", "اليوم الأول من يومين")), Soft: true, Small: true},
					look.Button{Text: w.say("Continue", "Продолжить", "متابعة"), Kind: look.ButtonMain, Wide: true, Further: true, Href: "/question"}}},
			look.Note{Kind: look.NoteTwo, Heading: w.say("2 fields have two versions", "В двух полях по два варианта", "حقلان لكل منهما روايتان"),
				Under: look.Spaced(w.say("You and the Doctor wrote different things.", "Вы и врач написали разное.", "كتبتَ أنت شيئًا وكتب الطبيب شيئًا آخر."),
					look.To("/versions", w.say("Compare them", "Сравнить", "قارن بينهما")))},
			look.Section{Heading: w.say("Visits", "Посещения", "الزيارات"), Body: []look.Part{look.Rows{Items: []look.Row{
				{Href: "/question", Lead: look.Pane{State: look.PaneBegun}, Text: place, Words: true, Count: w.Of(7, 12),
					Under: w.say("In-depth, unannounced. 7 of 12 sections seen", "Углублённое, без предупреждения. Осмотрено 7 из 12 разделов", "معمّقة، غير معلنة. اكتمل 7 أقسام من 12")},
				{Href: "/parts", Lead: look.Pane{State: look.PaneMissing}, Text: look.Typed("Täze Bulak"), Words: true,
					Under: w.say("Thursday. Not ready for offline: 2 things missing", "Четверг. К работе без сети не готово: не хватает двух вещей", "الخميس. غير جاهزة للعمل دون شبكة: ينقص أمران")},
				{Href: "/versions", Lead: look.Symbol{Icon: look.IconPen}, Text: w.say("Returned: register of force, sample period", "Возвращено: журнал применения силы, период", "أُعيد: سجل استخدام القوة"),
					Under: w.say("Reviewer asks: which months were seen?", "Проверяющий спрашивает: какие месяцы смотрели?", "يسأل المراجع: أي أشهر فُحصت؟")},
			}}}},
			look.Leaf{Heading: w.say("7 of 12 sections seen", "Осмотрено 7 разделов из 12", "اكتملت 7 أقسام من 12"), Body: []look.Part{
				look.Panes{States: []look.PaneState{"l", "l", "l", "h", "l", "l", "m", "l", "l", "u", "x", "u"}}}},
			look.Section{Heading: w.say("On this phone", "На этом телефоне", "على هذا الهاتف"),
				Beside: look.Para{Text: look.Spaced(w.say("Last sync", "Последняя синхронизация", "آخر مزامنة"), w.Clock(moment.Add(-46*60e9))), Small: true, Soft: true},
				Body: []look.Part{look.Counts{Items: []look.Count{
					{Name: w.Say("record.draft"), Value: w.Number(12), Href: "/"}, {Name: w.Say("record.ready"), Value: w.Number(7), Href: "/"},
					{Name: w.Say("record.sending"), Value: w.Number(0), Zero: true}, {Name: w.Say("record.received"), Value: w.Number(48213), Href: "/"},
					{Name: w.Say("record.attention"), Value: w.Number(1), Attend: true, Href: "/"}, {Name: w.Say("record.returned"), Value: w.Number(1), Href: "/"}}},
					look.Para{Small: true, Soft: true, Text: w.say("No network since 13:20. Everything is kept here and goes by itself when there is one.",
						"Сети нет с 13:20. Всё хранится здесь и уйдёт само, когда она появится.", "لا شبكة منذ 13:20. كل شيء محفوظ هنا ويُرسل تلقائيًا عند توفرها.")}}},
		},
	}
}

// question shows every kind of question in every state; sent, it shows what was typed.
func question(w *words, r *http.Request) look.Page {
	form, err := look.ReadForm(w.Locale, r)
	if err != nil {
		form, _ = look.FormOf(w.Locale, nil)
	}
	narrative, floor := form.Value("narrative"), form.Value("floor")
	if r.Method == http.MethodGet {
		narrative, floor = w.narrative(), "26.4"
	}
	form.Decimal("floor")
	form.Day("seen")
	body := []look.Part{look.Heading{Text: w.say("Finding F-06", "Вывод F-06", "الملاحظة F-06"), Unseen: true}}
	if !form.OK() {
		body = append(body, form.Problems(w.say("Two answers need a look; nothing was saved", "Проверьте ответы; ничего не сохранено", "راجع الإجابات؛ لم يُحفظ شيء"), func(name string) look.Text { return look.Plain(name) }))
	}
	return look.Page{
		Title: w.say("Finding", "Вывод", "ملاحظة"),
		Shell: look.FieldShell{Back: "/", Name: w.say("Finding F-06: living space", "Вывод F-06: площадь на человека и спальные места", "الملاحظة F-06: مساحة العيش"), Net: w.net(), Lock: "/unlock", Foot: []look.Button{
			{Icon: look.IconPlus, Label: w.say("Another finding", "Ещё один вывод", "ملاحظة أخرى"), Href: "/question", Tall: true},
			{Text: w.say("Mark as ready to send", "Отметить как готовый к отправке", "وضع علامة جاهز للإرسال"), Kind: look.ButtonMain, Form: "finding"}}},
		Body: append(body, look.Questions{ID: "finding", Action: "/question", Hidden: []look.Hidden{{Name: "seen-token", Value: "0192f3a7"}}, Body: []look.Part{
			look.Input{Name: "narrative", Label: w.say("What was found", "Что установлено", "ما الذي ثبت"), Rows: 6, Value: narrative, Error: form.Error("narrative"),
				Hint: w.say("Facts first. No names: a person is a code.", "Сначала факты. Не называйте имён: человек обозначается кодом.", "الحقائق أولًا. لا أسماء: الشخص رمز.")},
			look.Choices{Name: "severity", Legend: w.say("Severity, as you propose it", "Степень серьёзности, предлагаемая вами", "درجة الخطورة المقترحة"),
				Hint: w.say("The office decides; both stay in the record.", "Решает офис; в записи остаются обе оценки.", "القرار للمكتب، ويبقى التقديران في السجل."), Options: w.severities()},
			look.Choices{Name: "sources", Legend: w.say("How is it known?", "Откуда это известно?", "كيف عُرف ذلك؟"), Many: true, Two: true, Options: []look.Choice{
				{Value: "OBSERVATION", Text: w.say("Own observation", "Непосредственное наблюдение", "مشاهدة مباشرة"), Checked: true},
				{Value: "MEASUREMENT", Text: w.say("Measurement", "Замер", "قياس"), Checked: true},
				{Value: "INTERVIEW", Text: w.say("Interview with a person held", "Беседа с лишённым свободы", "مقابلة مع محتجز")},
				{Value: "MEDICAL", Text: w.say("Medical documents", "Медицинская документация", "وثائق طبية")}}},
			look.Pick{Name: "topics", Legend: w.say("Topics", "Темы", "المواضيع"), Find: w.say("Find in the list", "Найти в списке", "بحث في القائمة"), None: w.say("Nothing in the list is called so.", "В списке такого нет.", "لا شيء بهذا الاسم في القائمة."), Groups: []look.PickGroup{
				{Text: w.say("Chosen", "Выбрано", "المختار"), InSight: true, Options: []look.Choice{{Value: "MAT.SPACE", Text: w.say("Living space", "Жилая площадь", "مساحة العيش"), Checked: true}}},
				{Text: w.say("Food and water", "Питание и вода", "الغذاء والماء"), Options: []look.Choice{{Value: "MAT.WATER", Text: w.say("Drinking water", "Питьевая вода", "مياه الشرب")}}}}},
			look.Select{Name: "evidence", Label: w.say("Weight of evidence", "Доказанность", "قوة الدليل"), Choose: true, Missing: true, Options: []look.Option{
				{Value: "ALLEGED", Text: w.say("One source", "Один источник", "مصدر واحد"), Group: w.say("Not yet enough", "Пока недостаточно", "غير كافٍ بعد")},
				{Value: "CORROBORATED", Text: w.say("Another kind of source", "Источник другого вида", "مصدر من نوع آخر"), Group: w.say("Enough", "Достаточно", "كافٍ")}}},
			look.Side{Body: []look.Part{
				look.Input{Name: "floor", Label: w.say("Floor", "Площадь", "المساحة"), Value: floor, Numeric: true, Unit: w.Unit("m2"), Error: form.Error("floor")},
				look.Input{Name: "seen", Label: w.say("Day", "День", "اليوم"), Type: "date", Value: form.Value("seen"), Error: form.Error("seen")}}},
			look.Input{Name: "room", Label: w.say("Room", "Помещение", "المكان"), Value: "12", Suggestions: []string{"11", "12"},
				Error: w.say("There is no room 12 in wing B.", "В корпусе Б нет помещения 12.", "لا توجد غرفة 12 في الجناح ب.")},
			look.Check{Name: "urgent", Text: w.say("Cannot wait for the report", "Не может ждать доклада", "لا يحتمل انتظار التقرير"), Under: w.say("Goes first, with a clock", "Уходит первым, со сроком", "يُرسل أولًا مع مهلة")},
			look.Spread{Body: []look.Part{look.Saved{At: w.ClockOrWhen(moment), For: "finding"},
				look.Button{Text: w.say("History", "История изменений", "سجل التغييرات"), Icon: look.IconHistory, Kind: look.ButtonQuiet, Href: "/versions"}}},
		}}),
	}
}

func (w *words) narrative() string {
	switch w.Tag {
	case "ru":
		return "В камере № 12 площадью 26,4 м² содержатся десять человек. Спальных мест восемь."
	case "ar":
		return "في الزنزانة 12 عشرة أشخاص، وثمانية أسرّة. يتناوبون على النوم."
	}
	return "Cell 12 holds ten people in 26.4 m². There are eight beds."
}

func (w *words) severities() (out []look.Choice) {
	marks := map[vocabulary.Code]look.Icon{"MINOR": look.MarkMinor, "MODERATE": look.MarkModerate, "SERIOUS": look.MarkSerious, "CRITICAL": look.MarkCritical}
	for _, code := range []vocabulary.Code{"MINOR", "MODERATE", "SERIOUS", "CRITICAL"} {
		out = append(out, look.Choice{Value: string(code), Text: w.Labelled(vocabulary.Shipped().Label("FINDING_SEVERITY", code, w.Tag)),
			Icon: marks[code], Checked: code == "SERIOUS"})
	}
	return out
}

func unlock(w *words, _ *http.Request) look.Page {
	return look.Page{Title: w.say("Locked", "Заблокировано", "مقفل"), Shell: look.BareShell{}, Body: []look.Part{
		look.Beam{},
		look.Heading{Text: w.Say("shell.product"), Under: w.say("Locked 14 minutes ago. What you wrote is on this phone and cannot be read while it is locked.",
			"Заблокировано 14 минут назад. Написанное хранится на этом телефоне и не читается, пока он заблокирован.", "قُفل قبل 14 دقيقة. ما كتبته على هذا الهاتف ولا يُقرأ وهو مقفل.")},
		look.Questions{Action: "/unlock", Body: []look.Part{
			look.Input{Name: "passphrase", Type: "password", Label: w.say("Passphrase", "Парольная фраза", "عبارة المرور"), Sensitive: true,
				Hint: w.say("Six words, with spaces. Capitals do not matter.", "Шесть слов через пробел. Заглавные буквы не важны.", "ست كلمات بينها مسافات.")},
			look.Button{Text: w.say("Unlock", "Разблокировать", "فتح"), Kind: look.ButtonMain, Wide: true}}},
		look.Note{Icon: look.IconSend, Text: look.Spaced(look.Strong(w.say("7 to send.", "7 не отправлено.", "7 للإرسال.")), w.say("They can leave this phone while it stays locked.", "Они могут уйти, пока телефон заблокирован.", "يمكن إرسالها والهاتف مقفل.")),
			Under: look.Spaced(w.say("Last sync", "Последняя синхронизация", "آخر مزامنة"), w.Clock(moment))},
		look.Unfold{Plain: true, Summary: w.say("I cannot unlock", "Не могу разблокировать", "لا أستطيع الفتح"), Body: []look.Part{look.Para{Small: true, Soft: true,
			Text: w.say("Ask the office for a new enrolment code.", "Попросите у офиса новый код.", "اطلب من المكتب رمز تسجيل جديدًا.")}}},
		look.LanguageChoice{Action: "/language"},
		look.ThemeChoice{Action: "/theme"},
		look.Rule{},
		look.Button{Kind: look.ButtonQuiet, Icon: look.IconBin, Href: "/parts", Text: w.say("Erase this phone…", "Стереть этот телефон…", "محو هذا الهاتف…")},
	}}
}
