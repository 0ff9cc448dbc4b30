package checklist_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The ids hang in the records of offices: they never change.
func TestIDsStayWhatTheyWere(t *testing.T) {
	form := checklist.FormID("npm_prison", "2026112301")
	for name, c := range map[string]struct {
		got  record.ID
		want string
	}{
		"form":     {form, "67186118-dad1-5373-b734-99fe3cbb16d8"},
		"response": {checklist.ResponseID(form, form), "9f0fe5c4-2657-5f57-b9b6-232f3147cdb0"},
		"instance": {checklist.InstanceID(form, "rooms", record.ID{}, 1), "0cb58187-0dd1-5956-9ff6-e0fc536c19f6"},
	} {
		if c.got.String() != c.want || c.got[6]>>4 != 5 {
			t.Errorf("the id of a %s is %s", name, c.got)
		}
	}
	if checklist.FormID("a", "b1") == checklist.FormID("ab", "1") {
		t.Error("two forms have one id")
	}
	if checklist.InstanceID(form, "rooms", form, 1) == checklist.InstanceID(form, "rooms", record.ID{}, 1) {
		t.Error("turns in different turns have one id")
	}
}

func TestVersionsAreOrderedAsPeopleReadThem(t *testing.T) {
	want := []string{"", "1", "2", "9", "10", "10-rc", "10.1", "10.9", "10.10", "2026112301", "2026112302", "v1", "v2", "v10"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, checklist.CompareVersions)
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if checklist.CompareVersions("01", "1") == 0 || checklist.CompareVersions("1", "1") != 0 {
		t.Error("01 and 1 are two versions that have an order")
	}
}

func TestVersionsHaveOneOrder(t *testing.T) {
	version := rapid.StringMatching(`[0-9a-b.\-]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := version.Draw(t, "a"), version.Draw(t, "b"), version.Draw(t, "c")
		ab, ba := checklist.CompareVersions(a, b), checklist.CompareVersions(b, a)
		if ab != -ba || (ab == 0) != (a == b) {
			t.Fatalf("%q and %q: %d, %d", a, b, ab, ba)
		}
		if ab < 0 && checklist.CompareVersions(b, c) < 0 && checklist.CompareVersions(a, c) >= 0 {
			t.Fatalf("%q < %q < %q", a, b, c)
		}
	})
}

const onDay = "2026-11-24"

// ownForm makes a version of a form with one question.
func ownForm(code, version string) *daylightv1.Checklist {
	return &daylightv1.Checklist{
		Id: checklist.FormID(code, version).String(), Code: &code, Version: &version, Rows: proto.Uint32(1),
		Questions: []*daylightv1.ChecklistQuestion{{Name: "q", Type: proto.String("text")}},
	}
}

// offeredOwn are the forms of an office's own that a catalogue offers, as code and version.
func offeredOwn(c *checklist.Catalogue, placeType string) (out []string) {
	for _, o := range c.Offered(placeType, onDay) {
		if !o.Shipped {
			out = append(out, o.Code+" "+o.Version)
		}
	}
	return out
}

func TestTheNewestVersionThatStandsIsOffered(t *testing.T) {
	hidden, retired, retiredLater, partly := ownForm("f", "3"), ownForm("f", "3"), ownForm("f", "3"), ownForm("f", "3")
	hidden.Hidden = proto.Bool(true)
	retired.RetiredOn = proto.String(onDay)
	retiredLater.RetiredOn = proto.String("2026-11-25")
	partly.Rows = proto.Uint32(2)
	merged := ownForm("f", "3")
	merged.MergedInto = proto.String(ownForm("f", "2").Id)
	for name, c := range map[string]struct {
		third   *daylightv1.Checklist
		removed string
		want    string
	}{
		"all":             {ownForm("f", "10"), "", "f 10"},
		"hidden":          {hidden, "", "f 2"},
		"retired today":   {retired, "", "f 2"},
		"retired later":   {retiredLater, "", "f 3"},
		"a part is here":  {partly, "", "f 2"},
		"removed":         {ownForm("f", "3"), ownForm("f", "3").Id, "f 2"},
		"merged":          {merged, "", "f 2"},
		"an older number": {ownForm("f", "1"), "", "f 2"},
	} {
		cat := checklist.NewCatalogue([]*daylightv1.Checklist{ownForm("f", "2"), c.third}, c.removed)
		if got := offeredOwn(cat, ""); !slices.Equal(got, []string{c.want}) {
			t.Errorf("%s: offered is %q", name, got)
		}
		for _, f := range []*daylightv1.Checklist{ownForm("f", "2"), c.third} { // each stays readable
			if got, ok := cat.Version(f.GetCode(), f.GetVersion()); !ok || !proto.Equal(got, f) {
				t.Errorf("%s: version %s cannot be read any more", name, f.GetVersion())
			}
			if got, ok := cat.Form(checklist.FormID(f.GetCode(), f.GetVersion())); !ok || !proto.Equal(got, f) {
				t.Errorf("%s: version %s has no id any more", name, f.GetVersion())
			}
		}
	}
}

func TestAVersionThatIsOnItsWayIsSaid(t *testing.T) {
	partly := ownForm("f", "3")
	partly.Rows = proto.Uint32(2)
	cat := checklist.NewCatalogue([]*daylightv1.Checklist{ownForm("f", "2"), partly})
	if o, ok := cat.Newest("f", onDay); !ok || o.Version != "2" || o.Coming != "3" {
		t.Errorf("%+v", o)
	}
	if v := cat.Versions("f"); len(v) != 2 || v[0].Version != "3" || v[0].Whole || !v[1].Whole {
		t.Errorf("%+v", v)
	}
}

func TestAFormIsOfferedAtItsPlaces(t *testing.T) {
	everywhere, older, newer := ownForm("everywhere", "1"), ownForm("f", "1"), ownForm("f", "2")
	newer.PlaceTypes = []string{"PEN_REMAND"}
	cat := checklist.NewCatalogue([]*daylightv1.Checklist{everywhere, older, newer})
	for place, want := range map[string][]string{
		"":            {"everywhere 1", "f 2"},
		"PEN_REMAND":  {"everywhere 1", "f 2"},
		"POL_STATION": {"everywhere 1"}, // the older version is not offered instead
	} {
		if got := offeredOwn(cat, place); !slices.Equal(got, want) {
			t.Errorf("at %q: %q", place, got)
		}
	}
}

// Records under one code and version with other ids are possible: somebody typed one.
func TestOneOfSeveralRecordsOfAVersionCounts(t *testing.T) {
	stray := ownForm("f", "2")
	stray.Id = "00000000-0000-7000-8000-000000000001"
	stray.Titles = map[string]string{"en": "stray"}
	for _, order := range [][]*daylightv1.Checklist{{ownForm("f", "2"), stray}, {stray, ownForm("f", "2")}} {
		cat := checklist.NewCatalogue(order)
		if o, ok := cat.Newest("f", onDay); !ok || o.ID != checklist.FormID("f", "2") {
			t.Errorf("%+v", o)
		}
		if _, ok := cat.Form(mustID(t, stray.Id)); !ok {
			t.Error("the other cannot be read")
		}
	}
}

func mustID(t *testing.T, s string) record.ID {
	t.Helper()
	id, err := record.ParseID(s)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func prison() (record.ID, *daylightv1.Checklist) {
	for _, f := range checklist.Shipped() {
		if f.GetCode() == "npm_prison" {
			return checklist.FormID(f.GetCode(), f.GetVersion()), f
		}
	}
	panic("there is no checklist for prisons")
}

func TestAnOfficeSwitchesAShippedFormOff(t *testing.T) {
	id, _ := prison()
	codes := func(c *checklist.Catalogue) (out []string) {
		for _, o := range c.Offered("PEN_REMAND", onDay) {
			out = append(out, o.Code)
		}
		return out
	}
	plain := checklist.NewCatalogue(nil)
	if got := codes(plain); !slices.Equal(got, []string{"npm_prison"}) {
		t.Errorf("as shipped: %q", got)
	}
	r, ok := plain.Record(id)
	if !ok || !r.GetShipped() || r.GetId() != id.String() || len(r.GetQuestions()) != 0 {
		t.Fatalf("the record over it is %v", r)
	}
	if err := record.Validate(r); err != nil {
		t.Error(err)
	}
	r.Hidden = proto.Bool(true)
	cat := checklist.NewCatalogue([]*daylightv1.Checklist{r})
	if got := codes(cat); len(got) != 0 {
		t.Errorf("switched off: %q", got)
	}
	if f, ok := cat.Form(id); !ok || len(f.GetQuestions()) < 100 {
		t.Error("what was answered before cannot be read")
	}
	for name, c := range map[string]struct {
		r       *daylightv1.Checklist
		removed bool
		hidden  bool
	}{"alone": {nil, false, false}, "with the record": {r, false, true}, "with it removed": {r, true, false}} {
		if f, ok := checklist.Standing(id, c.r, c.removed); !ok || f.GetHidden() != c.hidden || len(f.GetQuestions()) < 100 {
			t.Errorf("standing %s: %v", name, f.GetHidden())
		}
	}
	if _, ok := checklist.Standing(checklist.FormID("f", "1"), nil, false); ok {
		t.Error("a form that nobody made stands")
	}
	if again, _ := cat.Record(id); !proto.Equal(again, r) {
		t.Errorf("to change it again: %v", again)
	}
	if got := codes(checklist.NewCatalogue([]*daylightv1.Checklist{r}, r.Id)); !slices.Equal(got, []string{"npm_prison"}) {
		t.Errorf("with the record removed: %q", got)
	}
}

func TestAnOfficeTranslatesAShippedFormAndChangesNothingElse(t *testing.T) {
	id, shipped := prison()
	before := proto.Clone(shipped).(*daylightv1.Checklist)
	local := func(language, text string) []*daylightv1.LocalText {
		return []*daylightv1.LocalText{{Language: language, Text: &text}}
	}
	r := &daylightv1.Checklist{
		Id: id.String(), Code: shipped.Code, Version: shipped.Version, Shipped: proto.Bool(true),
		Titles: map[string]string{"tk": "Türme", "en": ""}, Languages: []string{"tk"}, PlaceTypes: []string{"CRT_CELLS"},
		Questions: []*daylightv1.ChecklistQuestion{
			{Name: "visit_code", Type: proto.String("integer"), Labels: append(local("tk", "Saparyň belgisi"), local("en", "")...), Hints: local("ru", "Иначе"), Relevant: proto.String("false()")},
			{Name: "invented", Type: proto.String("text"), Labels: local("tk", "x")},
		},
		Choices: []*daylightv1.ChecklistChoice{{Key: "air_kind/fan", Labels: local("tk", "Ýel"), Retired: proto.Bool(true)}, {Key: "air_kind/invented"}},
	}
	cat := checklist.NewCatalogue([]*daylightv1.Checklist{r})
	f, _ := cat.Form(id)
	if len(f.GetQuestions()) != len(shipped.GetQuestions()) || len(f.GetChoices()) != len(shipped.GetChoices()) {
		t.Error("the office added rows to a form that stays the same")
	}
	i := slices.IndexFunc(f.GetQuestions(), func(q *daylightv1.ChecklistQuestion) bool { return q.GetName() == "visit_code" })
	q := f.GetQuestions()[i]
	if q.GetType() != "text" || q.Relevant != nil || len(q.GetLabels()) != 3 || q.GetHints()[1].GetText() != "Иначе" || q.GetLabels()[0].GetText() != "Visit code" {
		t.Errorf("%v", q)
	}
	j := slices.IndexFunc(f.GetChoices(), func(c *daylightv1.ChecklistChoice) bool { return c.GetKey() == "air_kind/fan" })
	if c := f.GetChoices()[j]; !c.GetRetired() || len(c.GetLabels()) != 3 {
		t.Errorf("%v", c)
	}
	o := cat.Versions("npm_prison")[0]
	title, in := o.Title("tk-TM")
	if title != "Türme" || in != "tk" || o.Titles["en"] == "" || !o.Changed || !o.For("CRT_CELLS") || o.For("PEN_REMAND") {
		t.Errorf("%q in %q, %+v", title, in, o)
	}
	if !proto.Equal(before, shipped) {
		t.Error("what is shipped was changed")
	}
}

func TestATitleIsAlwaysFound(t *testing.T) {
	titles := map[string]string{"ru": "Тюрьма", "en": "Prison", "de": "Gefängnis"}
	for _, c := range []struct {
		o              checklist.Offered
		language, want string
	}{
		{checklist.Offered{Titles: titles, DefaultLanguage: "ru"}, "en", "Prison"},
		{checklist.Offered{Titles: titles, DefaultLanguage: "ru"}, "en-GB-x", "Prison"},
		{checklist.Offered{Titles: titles, DefaultLanguage: "ru"}, "tk", "Тюрьма"},
		{checklist.Offered{Titles: titles}, "tk", "Prison"},
		{checklist.Offered{Titles: map[string]string{"fr": "Prison (fr)", "de": "", "es": "Cárcel"}}, "tk", "Cárcel"},
		{checklist.Offered{Code: "npm_prison"}, "tk", "npm_prison"},
	} {
		if got, _ := c.o.Title(c.language); got != c.want {
			t.Errorf("%v in %s: %q", c.o, c.language, got)
		}
	}
}

func TestWhatShipsIsWhole(t *testing.T) {
	standing := checklist.NewCatalogue(nil)
	if got, want := standing.Codes(), []string{"npm_police_custody", "npm_prison", "npm_psychiatric_institution", "npm_social_care_home"}; !slices.Equal(got, want) {
		t.Fatalf("%q", got)
	}
	asks := map[string]int{"npm_police_custody": 80, "npm_prison": 79, "npm_psychiatric_institution": 80, "npm_social_care_home": 80}
	for _, f := range checklist.Shipped() {
		o := standing.Versions(f.GetCode())[0]
		if !o.Whole || !o.Shipped || o.Changed || f.GetId() != o.ID.String() || f.GetTitles()["en"] == "" || f.GetTitles()["ru"] == "" {
			t.Errorf("%+v", o)
		}
		if o.Questions != asks[o.Code]+11 { // "was this part done?" is asked too
			t.Errorf("%s asks %d questions", o.Code, o.Questions)
		}
		if err := record.Validate(f); err != nil {
			t.Errorf("%s: %v", o.Code, err)
		}
		if flags := record.Flags(f); len(flags) > 0 {
			t.Errorf("%s: %v", o.Code, flags)
		}
	}
}
