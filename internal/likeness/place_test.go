package likeness

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// number is a record's id.
func number(n int) string { return fmt.Sprintf("0190a6e2-7c1b-7000-8000-%012x", n) }

// called is a place of one region with a name, whatever the language.
func called(n int, name string) *daylightv1.Facility {
	return &daylightv1.Facility{Id: number(n), Names: map[string]string{"x": name}, Region: proto.String("TM-A"), MainType: proto.String("PEN_COLONY_GENERAL")}
}

// found compares two places by way of the blocks; nil for two that are not likely one.
func found(a, b *daylightv1.Facility) *Pair {
	all := NewPlaces([]*daylightv1.Facility{a, b}).Pairs()
	if len(all) == 0 {
		return nil
	}
	return &all[0]
}

// The names are invented. In each line are names of one place.
var alikes = [][]string{
	{"ИК-14 «Зелёный Яр»", `Виправна колонія № 14 "Зелений Яр"`, "Colony No. 14 (Zelyony Yar)", "Исправительная колония №14, Зеленый Яр", "Zeleniy Yar colony N 14"},
	{"ИК-14", "Colony No. 14", "14-nji koloniýa", "ФКУ ИК № 14 УФСИН", "Исправительная колония № 014", "14-я колония", "Виправна колонія №14"},
	{"Следственный изолятор № 1 г. Белая Гавань", "СИЗО-1 Белая Гавань", "SIZO 1 Belaya Gavan", "Слідчий ізолятор №1, Біла Гавань", "Remand prison No 1, Belaia Gavan'"},
	{"Тихореченский РОВД", "Отдел полиции Тихореченск", "Police station, Tikhorechensk", "Тихореченськ, відділ поліції"},
	{"Ak-Bulak etrap polisiýa bölümi", "Ак-Булакский РОВД", "Ak-Bulak district police department", "Ак-Булак, отдел полиции"},
	{"Психоневрологический интернат «Дубрава»", "ПНИ Дубрава", "Psychoneurological home Dubrava", "Психоневрологічний інтернат „Дубрава“"},
	{"Gyzylgum psihiatriýa hassahanasy", "Психиатрическая больница Гызылгум", "Gyzylgum psychiatric hospital"},
	{"Женская колония, Дашарык", "Daşaryk zenanlar koloniýasy", "Women's colony Dasharyk"},
	{"УК-161/3", "Учреждение УК 161-3", "UK 161/3"},
	{"ЛТУ-3", "Лечебно-трудовое учреждение № 3"},
	{"Детский дом «Солнышко»", "Children's home Solnyshko", "Çagalar öýi «Solnyşko»"},
	{"МРЭО, город Джейран", "Jeýran şäher MREO", "MREO Dzheyran"},
	{"Тюрьма Степная", "Stepnaya prison", "Stepnaya Prison", "STEPNAYA  PRISON", "Степная тюрьма"},
	{"Колония-поселение Ясная Поляна", "Open colony Yasnaya Poliana", "Yasnaia Polyana settlement colony"},
	{"Long Beech Prison", "LongBeech prison", "Long-Beech (prison)"},
	{"Wide Harbour House of Detention", "Wide Harbor House of Detention"}, // a letter is missing
	{"Northern prison", "Північна тюрма", "Северная тюрьма", "Demirgazyk türmesi"},
}

func TestNamesOfOnePlaceAreFound(t *testing.T) {
	for _, names := range alikes {
		for i, a := range names {
			for _, b := range names[i+1:] {
				if p := found(called(1, a), called(2, b)); p == nil {
					t.Errorf("%s and %s are not found: %+v, %+v", a, b, readName(a), readName(b))
				}
			}
		}
	}
}

// In each line are names of different places of one region, and of one type as somebody
// chose it.
var apartNames = [][]string{
	{"Colony No. 14", "Colony No. 41", "ИК-4", "14a-nji koloniýa", "Виправна колонія № 114"},
	{"ИК-14 «Зелёный Яр»", "ИК-15 «Зелёный Яр»", "Colony 16 Zelyony Yar"},
	{"УК-161/3", "УК-161/4", "УК-164/3"},
	{"СИЗО-1", "ИК-1", "КП-1 поселение", "Hospital No. 1", "Police station No. 1", "Детский дом № 1"},
	{"Northern prison", "Южная тюрьма", "Günbatar türmesi", "Eastern prison"},
	{"Женская колония", "Мужская колония", "Воспитательная колония"},
	{"Тихореченский РОВД", "Быстрореченский РОВД", "Police station, Zarechensk"},
	{"Тюрьма Степная", "Тюрьма Лесная", "Lesnaya hospital"},
	{"Тихореченская больница", "Тихореченский РОВД", "SIZO Tikhorechensk"},
	{"Block B, Stepnaya prison", "Block C, Stepnaya prison"},
	{"Prison VII", "Prison VIII", "Prison 9"},
	{"Тюрьма", "Больница", "Police"},
}

func TestNamesOfTwoPlacesAreNot(t *testing.T) {
	for _, names := range apartNames {
		for i, a := range names {
			for _, b := range names[i+1:] {
				if p := found(called(1, a), called(2, b)); p != nil {
					t.Errorf("%s and %s are found: %d %v", a, b, p.Score, p.Reasons)
				}
			}
		}
	}
}

// at puts a place on the map; north in metres from the first.
func at(f *daylightv1.Facility, north float64) *daylightv1.Facility {
	f.Location = &daylightv1.Coordinates{Latitude: proto.Float64(38.5 + north/111195), Longitude: proto.Float64(58.25)}
	return f
}

func with(f *daylightv1.Facility, change func(*daylightv1.Facility)) *daylightv1.Facility {
	change(f)
	return f
}

func TestWhatSpeaksForAndAgainst(t *testing.T) {
	noRegion := func(f *daylightv1.Facility) { f.Region = nil }
	region := func(r string) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) { f.Region = proto.String(r) }
	}
	town := func(s string) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) { f.Town = proto.String(s) }
	}
	code := func(s string) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) { f.Code = proto.String(s) }
	}
	row := func(n int) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) {
			f.Registers = append(f.Registers, &daylightv1.RegisterRef{Id: number(n), Source: proto.String("register")})
		}
	}
	typed := func(s string) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) { f.MainType, f.Types = nil, []string{s} }
	}
	former := func(s string) func(*daylightv1.Facility) {
		return func(f *daylightv1.Facility) {
			f.FormerNames = []*daylightv1.FormerName{{Id: number(77), Name: proto.String(s)}}
		}
	}
	for _, c := range []struct {
		shows string
		a, b  *daylightv1.Facility
		want  string
	}{
		{"a name, a region, a type", called(1, "Stepnaya"), called(2, "Степная"), "80 same-name same-region same-type"},
		{"a region that is not known", called(1, "Stepnaya"), with(called(2, "Степная"), noRegion), "70 same-name same-type"},
		{"another region", called(1, "Stepnaya"), with(called(2, "Степная"), region("TM-B")), ""},
		{"another town of the region", with(called(1, "Stepnaya hospital"), town("Белая Гавань")), with(called(2, "Stepnaya hospital"), town("Тихореченск")), ""},
		{"the town in another script", with(called(1, "Stepnaya"), town("Белая Гавань")), with(called(2, "Stepnaya"), town("Belaya Gavan")), "90 same-name same-town same-region same-type"},
		{"a spot on the map", at(called(1, "Stepnaya"), 0), at(called(2, "Степная"), 400), "100 same-name near same-region same-type"},
		{"more than 500 m apart", at(called(1, "Stepnaya"), 0), at(called(2, "Степная"), 600), "80 same-name same-region same-type"},
		{"far away", at(called(1, "Stepnaya"), 0), at(called(2, "Степная"), 7000), ""},
		{"one spot, another name", at(called(1, "Stepnaya"), 0), at(called(2, "Lesnaya"), 10), ""},
		{"one spot, the sort of place in two languages", at(called(1, "Тюрьма"), 0), at(called(2, "Prison"), 10), "75 similar-name near same-region same-type"},
		{"the sort of place alone", called(1, "Тюрьма"), called(2, "Prison"), ""},
		{"the sort of place, in one town", with(called(1, "Тюрьма"), town("Гавань")), with(called(2, "Prison"), town("Gavan")), "60 similar-name same-town same-region same-type"},
		{"the northern one", called(1, "Северная тюрьма"), called(2, "Northern prison"), "65 same-name same-region same-type"},
		{"a code", with(called(1, "Stepnaya"), code("TM-14")), with(called(2, "Lesnaya"), code("tm-14 ")), "70 same-code same-region same-type"},
		{"a code in another region", with(called(1, "Stepnaya"), code("14")), with(with(called(2, "Lesnaya"), code("14")), region("TM-B")), ""},
		{"a code, and another number", with(called(1, "ИК-14"), code("14")), with(called(2, "ИК-41"), code("14")), ""},
		{"a row of a register, whatever else", with(called(1, "ИК-14"), row(9)), with(with(called(2, "Больница"), row(9)), region("TM-B")), "100 same-register-row same-type"},
		{"two rows of one register", with(called(1, "Stepnaya"), row(9)), with(called(2, "Stepnaya"), row(10)), "60 same-name same-region same-type"},
		{"a similar name in two rows of one register", with(called(1, "Stepnaya Dolina"), row(9)), with(called(2, "Stepnaia Dalina"), row(10)), ""},
		{"another type of the family", called(1, "Stepnaya"), with(called(2, "Степная"), typed("PEN_REMAND")), "70 same-name same-region"},
		{"a type of another family", called(1, "Тихореченск"), with(called(2, "Тихореченск"), typed("POL_STATION")), ""},
		{"a former name", with(called(1, "Lesnaya"), former("Stepnaya")), called(2, "Степная"), "75 similar-name same-region same-type"},
		{"a number in one of the two", called(1, "ИК-14 Зелёный Яр"), called(2, "Колония Зелёный Яр"), "65 same-name same-region same-type"},
		{"a number that was the former one", with(called(1, "ИК-15"), former("ИК-14")), called(2, "ИК-14"), "60 similar-name same-region same-type"},
	} {
		got := ""
		if p := found(c.a, c.b); p != nil {
			got = fmt.Sprint(p.Score)
			for _, r := range p.Reasons {
				got += " " + string(r)
			}
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.shows, got, c.want)
		}
	}
}

// What is not a point on the earth is no place on the map.
func TestPointsThatAreNone(t *testing.T) {
	for _, c := range []*daylightv1.Coordinates{
		nil, {}, {Latitude: proto.Float64(38)}, {Latitude: proto.Float64(91), Longitude: proto.Float64(0)},
		{Latitude: proto.Float64(0), Longitude: proto.Float64(0)}, {Latitude: proto.Float64(math.NaN()), Longitude: proto.Float64(1)},
	} {
		if p := pointOf(c); p != nil {
			t.Errorf("%v gives %v", c, p)
		}
	}
}

// The square of a block never parts two that are near, wherever they lie in it.
func TestNearPlacesShareASquare(t *testing.T) {
	for lat := -84.0; lat <= 84; lat += 0.737 {
		for _, lon := range []float64{-179.2, -33.33333, 0.01, 58.25, 120.7} {
			a, b := &place{at: &point{lat, lon, 500}}, &place{at: &point{lat + 0.012, lon + 0.004, 500}}
			if d := metres(*a.at, *b.at); d > pointMost {
				t.Fatalf("%f m", d)
			}
			if !slices.Contains(near(a), keysOf(b)[0]) || !slices.Contains(near(b), keysOf(a)[0]) {
				t.Errorf("%v and %v are not compared", a.at, b.at)
			}
		}
	}
}

func TestMetres(t *testing.T) {
	if d := metres(point{38, 58, 0}, point{39, 58, 0}); d < 111190 || d > 111200 {
		t.Errorf("a degree is %f m", d)
	}
}
