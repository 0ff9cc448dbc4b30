package expr

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// calendars are the short names of months from January and of days from Sunday, as
// the Unicode CLDR has them inside a date. Other languages read English.
var calendars = map[string]struct{ months, days string }{
	"en": {"Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", "Sun Mon Tue Wed Thu Fri Sat"},
	"ru": {"янв. февр. мар. апр. мая июн. июл. авг. сент. окт. нояб. дек.", "вс пн вт ср чт пт сб"},
	"uk": {"січ. лют. бер. квіт. трав. черв. лип. серп. вер. жовт. лист. груд.", "нд пн вт ср чт пт сб"},
	"tk": {"ýan few mart apr maý iýun iýul awg sen okt noý dek", "ýek duş siş çar pen ann şen"},
	"ar": {"يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر", "الأحد الاثنين الثلاثاء الأربعاء الخميس الجمعة السبت"},
	"fr": {"janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.", "dim. lun. mar. mer. jeu. ven. sam."},
	"es": {"ene feb mar abr may jun jul ago sept oct nov dic", "dom lun mar mié jue vie sáb"},
}

func monthName(m time.Month, tag string) string { return nth(calendar(tag).months, int(m)-1) }

func dayName(d time.Weekday, tag string) string { return nth(calendar(tag).days, int(d)) }

func calendar(tag string) struct{ months, days string } {
	base, _ := language.Make(tag).Base()
	if names, ok := calendars[base.String()]; ok {
		return names
	}
	return calendars["en"]
}

func nth(words string, n int) string { return strings.Fields(words)[n] }
