package vocabulary_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

var today = day("2026-11-24")

// overTerm is a record that lies over a shipped term.
func overTerm(t *testing.T, list vocabulary.List, code vocabulary.Code) *daylightv1.Term {
	t.Helper()
	r := vocabulary.Shipped().TermRecord(list, code)
	if r == nil {
		t.Fatalf("%s.%s is not shipped", list, code)
	}
	return r
}

// ownTerm is one that an office added.
func ownTerm(id, list, code string, number uint32, labels map[string]string) *daylightv1.Term {
	return &daylightv1.Term{Id: id, List: &list, Code: &code, Number: &number, Labels: labels}
}

const (
	firstID  = "01970000-0000-7000-8000-000000000001"
	secondID = "01970000-0000-7000-8000-000000000002"
)

func codes(terms []vocabulary.Term) (out []string) {
	for _, t := range terms {
		out = append(out, string(t.Code))
	}
	return out
}

func TestLabelsFallBack(t *testing.T) {
	own := ownTerm(firstID, "FINDING_TOPIC", "MAT.YARD", 100000, map[string]string{"uk": "Двір", "ru-KG": "Двор", "not a tag!": "x"})
	roof := ownTerm("01970000-0000-7000-8000-000000000003", "FINDING_TOPIC", "MAT.ROOF", 100002, map[string]string{"en": "Roof", "ru": "Крыша"})
	s := vocabulary.New([]*daylightv1.Term{own, ownTerm(secondID, "FINDING_TOPIC", "MAT.BARE", 100001, nil), roof}, nil)
	for _, c := range []struct{ shows, list, code, asked, text, language string }{
		{"the language itself", "FINDING_AREA", "HEALTH", "tk", "Lukmançylyk kömegi", "tk"},
		{"Turkmen to Russian", "FINDING_AREA", "TREAT", "tk", "Обращение", "ru"},
		{"Kazakh to Russian", "FINDING_AREA", "TREAT", "kk-KZ", "Обращение", "ru"},
		{"a region of the language", "FINDING_AREA", "TREAT", "uk-UA", "Поводження", "uk"},
		{"a script of the language", "FINDING_AREA", "HEALTH", "tk-Latn-TM", "Lukmançylyk kömegi", "tk"},
		{"British English", "FINDING_AREA", "TREAT", "en-GB", "Treatment", "en"},
		{"Arabic of a country", "FINDING_AREA", "TREAT", "ar-EG", "المعاملة", "ar"},
		{"Arabic to English, where an office's own term has no Arabic", "FINDING_TOPIC", "MAT.ROOF", "ar", "Roof", "en"},
		{"Armenian to English, whatever its speakers understand", "FINDING_AREA", "TREAT", "hy", "Treatment", "en"},
		{"French to English", "FINDING_AREA", "TREAT", "fr", "Treatment", "en"},
		{"what is no tag to English", "FINDING_AREA", "TREAT", "!!", "Treatment", "en"},
		{"no language to English", "FINDING_AREA", "TREAT", "", "Treatment", "en"},
		{"the only near one", "FINDING_TOPIC", "MAT.YARD", "ru", "Двор", "ru-KG"},
		{"what there is, for want of another", "FINDING_TOPIC", "MAT.YARD", "fr", "x", "not a tag!"},
		{"the code, for want of any", "FINDING_TOPIC", "MAT.BARE", "en", "MAT.BARE", ""},
	} {
		t.Run(c.shows, func(t *testing.T) {
			got := s.Label(vocabulary.List(c.list), vocabulary.Code(c.code), c.asked)
			if got.Text != c.text || got.Language != c.language || !got.Known {
				t.Errorf("%+v", got)
			}
		})
	}
	t.Run("Ukrainian never to Russian before English", func(t *testing.T) {
		r := ownTerm(firstID, "FINDING_TOPIC", "MAT.YARD", 100000, map[string]string{"ru": "Двор", "en": "Yard"})
		got := vocabulary.New([]*daylightv1.Term{r}, nil).Label("FINDING_TOPIC", "MAT.YARD", "uk")
		if got.Text != "Yard" {
			t.Errorf("%+v", got)
		}
	})
}

func TestUnknownCodesAreShownAsUnknown(t *testing.T) {
	s := vocabulary.Shipped()
	for want, got := range map[string]vocabulary.Label{
		"unknown code PLACE_TYPE.MOON_BASE": s.Label("PLACE_TYPE", "MOON_BASE", "ru"),
		"unknown code NO_LIST.X":            s.Label("NO_LIST", "X", "ru"),
		"unknown value 99":                  s.NumberLabel("FINDING_SEVERITY", 99, "ru"),
		"unknown value 77":                  s.ValueLabel(daylightv1.FindingSeverity(77), "ru"),
		"unknown value -1":                  s.ValueLabel(daylightv1.FindingSeverity(-1), "ru"),
		"unknown standard XX-1":             s.StandardLabel("XX-1", "ru"),
	} {
		if got != (vocabulary.Label{Text: want}) {
			t.Errorf("%+v, want %q", got, want)
		}
	}
	for _, nothing := range []vocabulary.Label{
		s.Label("PLACE_TYPE", "", "ru"), s.NumberLabel("FINDING_SEVERITY", 0, "ru"), s.ValueLabel(daylightv1.Sex(0), "ru"), s.StandardLabel("", "ru"),
	} {
		if nothing != (vocabulary.Label{}) {
			t.Errorf("nothing was said, and is called %+v", nothing)
		}
	}
	if got := s.ValueLabel(daylightv1.FindingSeverity_FINDING_SEVERITY_SERIOUS, "ru"); got.Text != "Серьёзная" {
		t.Errorf("%+v", got)
	}
	if got := s.StandardLabel("NMR-15", "ru"); got.Text != "NMR 15: Toilets" || got.Language != "en" {
		t.Errorf("%+v", got)
	}
}

func TestAnOfficeLaysItsWordsOverTheShippedOnes(t *testing.T) {
	r := overTerm(t, "FINDING_TOPIC", "MAT.LIGHT")
	r.Labels = map[string]string{"ru": "Свет в камерах", "uk": ""}
	r.Reviewed = []string{"ru"}
	r.Number = proto.Uint32(7)
	r.RetiredOn = proto.String("2027")
	severity := overTerm(t, "FINDING_SEVERITY", "MINOR")
	severity.Labels = map[string]string{"en": "Small"}
	hidden := overTerm(t, "PLACE_TYPE", "POL_SOBERING")
	hidden.Hidden = proto.Bool(true)
	moved := overTerm(t, "PLACE_TYPE", "SOC_INFANT")
	moved.Parent = proto.String("HEALTH")
	s := vocabulary.New([]*daylightv1.Term{r, severity, hidden, moved}, nil)

	if got := s.Label("FINDING_TOPIC", "MAT.LIGHT", "ru"); got != (vocabulary.Label{Text: "Свет в камерах", Language: "ru", Reviewed: true, Known: true}) {
		t.Errorf("%+v", got)
	}
	if got := s.Label("FINDING_TOPIC", "MAT.LIGHT", "uk"); got.Text != "Природне і штучне освітлення" || got.Language != "uk" || got.Reviewed {
		t.Errorf("%+v", got)
	}
	if light, _ := s.Lookup("FINDING_TOPIC", "MAT.LIGHT"); light.Number != 502 || !light.Shipped || light.Parent != "MAT" {
		t.Errorf("%+v", light)
	}
	for on, want := range map[string]bool{"2026-12-31": true, "2027-01-01": false} {
		if got := slices.Contains(codes(s.Offered("FINDING_TOPIC", day(on))), "MAT.LIGHT"); got != want {
			t.Errorf("on %s it is offered: %v", on, got)
		}
	}
	if got := s.ValueLabel(daylightv1.FindingSeverity_FINDING_SEVERITY_MINOR, "en"); got.Text != "Small" {
		t.Errorf("%+v", got)
	}
	if slices.Contains(codes(s.Offered("PLACE_TYPE", today)), "POL_SOBERING") {
		t.Error("what is hidden is offered")
	}
	if got := s.Label("PLACE_TYPE", "POL_SOBERING", "en"); got.Text != "Sobering-up centre" {
		t.Errorf("what is hidden is not readable: %+v", got)
	}
	if !slices.Contains(codes(s.OfferedIn("PLACE_TYPE", "HEALTH", today)), "SOC_INFANT") || slices.Contains(codes(s.OfferedIn("PLACE_TYPE", "SOCIAL_CARE", today)), "SOC_INFANT") {
		t.Error("it stayed in its shipped group")
	}
	if got := vocabulary.Shipped().Label("FINDING_TOPIC", "MAT.LIGHT", "ru"); got.Text == "Свет в камерах" {
		t.Error("the office's word is in the shipped set")
	}
}

func TestAnOfficeAddsTerms(t *testing.T) {
	own := ownTerm(firstID, "PLACE_TYPE", "TM_LABOUR", 100000, map[string]string{"en": "Labour colony"})
	own.Parent = proto.String("PENAL")
	s := vocabulary.New([]*daylightv1.Term{own}, nil)
	offered := s.Offered("PLACE_TYPE", today)
	if last := offered[len(offered)-1]; last.Code != "TM_LABOUR" || last.Shipped || last.Parent != "PENAL" {
		t.Errorf("%+v", last)
	}
	if got := s.NextNumber("PLACE_TYPE"); got != 100001 {
		t.Errorf("next is %d", got)
	}
	if got := s.NextNumber("FINDING_TOPIC"); got != vocabulary.OwnNumbers {
		t.Errorf("next is %d", got)
	}
	if matters := s.TopicsFor("TM_LABOUR", today); len(matters) == 0 || !matters[0].First || len(matters) != len(s.TopicsFor("PEN_COLONY_STRICT", today)) {
		t.Error("it does not have the topics of its group")
	}

	t.Run("removed or joined to another, it stays readable", func(t *testing.T) {
		joined := ownTerm(secondID, "PLACE_TYPE", "TM_OLD", 100001, map[string]string{"en": "Old word"})
		joined.MergedInto = proto.String(firstID)
		s := vocabulary.New([]*daylightv1.Term{own, joined}, nil, firstID)
		for code, want := range map[vocabulary.Code]string{"TM_LABOUR": "Labour colony", "TM_OLD": "Old word"} {
			if got := s.Label("PLACE_TYPE", code, "en"); got.Text != want {
				t.Errorf("%+v", got)
			}
			if slices.Contains(codes(s.Offered("PLACE_TYPE", today)), string(code)) {
				t.Errorf("%s is offered", code)
			}
		}
	})
	t.Run("a value of what drives the program is read and not offered", func(t *testing.T) {
		s := vocabulary.New([]*daylightv1.Term{ownTerm(firstID, "FINDING_SEVERITY", "AWFUL", 5, map[string]string{"en": "Awful"})}, nil)
		if got := s.ValueLabel(daylightv1.FindingSeverity(5), "en"); got.Text != "Awful" {
			t.Errorf("%+v", got)
		}
		if slices.Contains(codes(s.Offered("FINDING_SEVERITY", today)), "AWFUL") {
			t.Error("it is offered")
		}
	})
	t.Run("a list of a newer program", func(t *testing.T) {
		s := vocabulary.New([]*daylightv1.Term{ownTerm(firstID, "NEW_LIST", "A", 1, map[string]string{"en": "A word"})}, nil)
		if got := codes(s.Offered("NEW_LIST", today)); !slices.Equal(got, []string{"A"}) {
			t.Errorf("%q", got)
		}
	})
	t.Run("two desks, one code", func(t *testing.T) {
		a := ownTerm(firstID, "PLACE_TYPE", "TM_X", 100000, map[string]string{"en": "First"})
		b := ownTerm(secondID, "PLACE_TYPE", "TM_X", 100007, map[string]string{"en": "Second", "ru": "Вторая"})
		for _, order := range [][]*daylightv1.Term{{a, b}, {b, a}} {
			s := vocabulary.New(order, nil)
			got, _ := s.Lookup("PLACE_TYPE", "TM_X")
			if got.Number != 100000 || got.Labels["en"] != "First" || got.Labels["ru"] != "Вторая" || s.TermRecord("PLACE_TYPE", "TM_X").GetId() != firstID {
				t.Errorf("%+v", got)
			}
		}
	})
	t.Run("a code that a later program ships", func(t *testing.T) {
		s := vocabulary.New([]*daylightv1.Term{ownTerm(firstID, "PLACE_TYPE", "POL_IVS", 100000, map[string]string{"en": "Ours"})}, nil)
		got, _ := s.Lookup("PLACE_TYPE", "POL_IVS")
		if got.Number != 102 || got.Labels["en"] != "Ours" || !got.Shipped || s.TermRecord("PLACE_TYPE", "POL_IVS").GetId() != firstID {
			t.Errorf("%+v", got)
		}
	})
}

func TestTakingAChangeBackGivesTheShippedWords(t *testing.T) {
	r := overTerm(t, "FINDING_TOPIC", "MAT.LIGHT")
	r.Labels, r.Hidden, r.Removed, r.Seen = map[string]string{"en": "Lamps"}, proto.Bool(true), &daylightv1.Removed{}, []byte("seen")
	if got, _ := vocabulary.New([]*daylightv1.Term{r}, nil).Lookup("FINDING_TOPIC", "MAT.LIGHT"); !got.Hidden {
		t.Error("a removal that others have not seen counts")
	}
	s := vocabulary.New([]*daylightv1.Term{r}, nil, r.Id)
	got, _ := s.Lookup("FINDING_TOPIC", "MAT.LIGHT")
	if got.Hidden || got.Labels["en"] != "Natural and artificial light" {
		t.Errorf("%+v", got)
	}
	if again := s.TermRecord("FINDING_TOPIC", "MAT.LIGHT"); again.Removed != nil || string(again.Seen) != "seen" || len(again.Labels) > 0 || again.Hidden != nil {
		t.Errorf("it is changed again by %v", again)
	}
}

func TestIDsOverShippedTerms(t *testing.T) {
	s := vocabulary.Shipped()
	seen := map[record.ID]string{}
	for _, list := range s.Lists() {
		for _, term := range s.Terms(list) {
			id, name := vocabulary.TermID(list, term.Code), string(list)+"."+string(term.Code)
			if other := seen[id]; other != "" {
				t.Errorf("%s and %s have one id", name, other)
			}
			seen[id] = name
			r := s.TermRecord(list, term.Code)
			if got, err := record.IDOf(r); err != nil || got != id {
				t.Fatalf("%s: %v %v", name, got, err)
			}
			if err := record.Validate(r); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	}
	for _, st := range s.Standards() {
		if err := record.Validate(s.StandardRecord(st.Ref)); err != nil {
			t.Errorf("%s: %v", st.Ref, err)
		}
	}
	// Records of offices hang on these for ever.
	if got := vocabulary.TermID("PLACE_TYPE", "POL_IVS").String(); got != "9b4799da-262d-58da-a006-2a9ac3ab5377" {
		t.Errorf("PLACE_TYPE.POL_IVS has the id %s", got)
	}
	if got := vocabulary.StandardID("NMR-44").String(); got != "46b1a547-c98d-50ee-ae5a-e5ff845c1957" {
		t.Errorf("NMR-44 has the id %s", got)
	}
	if s.TermRecord("PLACE_TYPE", "MOON_BASE") != nil || s.StandardRecord("XX-1") != nil {
		t.Error("what nobody knows has a record")
	}
}

func TestListsOfEnums(t *testing.T) {
	for _, e := range []struct {
		enum protoreflect.Enum
		want vocabulary.List
	}{
		{daylightv1.FindingSeverity(0), "FINDING_SEVERITY"}, {daylightv1.Sex(0), "SEX"}, {daylightv1.OfficeRole(0), "OFFICE_ROLE"},
	} {
		if got := vocabulary.ListOf(e.enum.Descriptor()); got != e.want || !vocabulary.Drives(got) {
			t.Errorf("%s, want %s", got, e.want)
		}
	}
	if vocabulary.Drives("PLACE_TYPE") || strings.Contains(string(vocabulary.PlaceType), " ") {
		t.Error("PLACE_TYPE drives the program")
	}
}
