package vocabulary_test

import (
	"slices"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const (
	binding    = daylightv1.StandardBinding_STANDARD_BINDING_BINDING
	softLaw    = daylightv1.StandardBinding_STANDARD_BINDING_SOFT_LAW
	persuasive = daylightv1.StandardBinding_STANDARD_BINDING_PERSUASIVE
	national   = daylightv1.StandardBinding_STANDARD_BINDING_NATIONAL
)

func TestHowFarAStandardBinds(t *testing.T) {
	s := vocabulary.Shipped()
	europe := vocabulary.Tenant{CouncilOfEurope: true}
	for _, c := range []struct {
		ref  vocabulary.Ref
		of   vocabulary.Tenant
		want daylightv1.StandardBinding
	}{
		{"OPCAT-21_1", vocabulary.Tenant{}, binding},
		{"CED-17", vocabulary.Tenant{NotPartyTo: []string{"CED"}}, persuasive},
		{"NMR-44", vocabulary.Tenant{}, softLaw},
		{"EPR-18", vocabulary.Tenant{}, persuasive},
		{"EPR-18", europe, softLaw},
		{"R0410-17", vocabulary.Tenant{}, persuasive},
		{"R0410-17", europe, softLaw},
		{"MENDEZ-1", europe, persuasive},
	} {
		st, ok := s.Standard(c.ref)
		if !ok {
			t.Errorf("there is no %s", c.ref)
			continue
		}
		if got := s.Binding(st, c.of); got != c.want {
			t.Errorf("%s binds %+v: %s", c.ref, c.of, got)
		}
	}
	if got := s.Binding(vocabulary.Standard{Ref: "TKM-PEC-107", Instrument: "TKM-PEC"}, europe); got != national {
		t.Errorf("national law is %s", got)
	}
}

func refs(cited []vocabulary.Cited) (out []vocabulary.Ref) {
	for _, c := range cited {
		out = append(out, c.Ref)
	}
	return out
}

func TestStandardsForATopic(t *testing.T) {
	own := &daylightv1.Standard{
		Id: firstID, Ref: proto.String("TKM-PEC-107"), Instrument: proto.String("TKM-PEC"), Provision: proto.String("107"),
		Topics: []string{"DISC.SOLITARY"}, Titles: map[string]string{"en": "Isolation, at most 15 days"},
	}
	earlier := proto.Clone(own).(*daylightv1.Standard)
	earlier.Id, earlier.Ref, earlier.Provision = secondID, proto.String("TKM-PEC-9"), proto.String("9")
	s := vocabulary.New(nil, []*daylightv1.Standard{own, earlier})
	cited := s.StandardsFor("DISC.SOLITARY", vocabulary.Tenant{}, today)
	if len(cited) < 10 {
		t.Fatalf("%v", refs(cited))
	}
	rank := map[daylightv1.StandardBinding]int{binding: 0, national: 1, softLaw: 2, persuasive: 3}
	for i, c := range cited[1:] {
		if rank[cited[i].Binding] > rank[c.Binding] {
			t.Errorf("%s stands behind %s", c.Ref, cited[i].Ref)
		}
	}
	at := func(r vocabulary.Ref) int { return slices.Index(refs(cited), r) }
	if at("TKM-PEC-9") < 0 || at("TKM-PEC-107") != at("TKM-PEC-9")+1 || at("NMR-44") < at("TKM-PEC-107") || at("NMR-45") != at("NMR-44")+1 {
		t.Errorf("the order is %v", refs(cited))
	}
	if got := s.StandardsFor("MAT.POWER", vocabulary.Tenant{}, today); len(got) != 0 {
		t.Errorf("%v", refs(got))
	}
}

func TestAnOfficeLaysItsLawOverTheShippedStandards(t *testing.T) {
	r := vocabulary.Shipped().StandardRecord("NMR-44")
	r.Titles = map[string]string{"ru": "Одиночное заключение: 22 часа"}
	r.Checked = daylightv1.StandardCheck_STANDARD_CHECK_TEXT.Enum()
	r.Binding = national.Enum()
	r.Provision = proto.String("45")
	later := vocabulary.Shipped().StandardRecord("NMR-45")
	later.AppliesFrom = proto.String("2027-03")
	gone := vocabulary.Shipped().StandardRecord("NMR-43")
	gone.Hidden = proto.Bool(true)
	wide := vocabulary.Shipped().StandardRecord("NMR-15")
	wide.Topics = []string{"MAT.SANITATION", "DISC.SOLITARY"}
	s := vocabulary.New(nil, []*daylightv1.Standard{r, later, gone, wide})

	st, _ := s.Standard("NMR-44")
	if st.Provision != "44" || st.Title("tk").Text != "Одиночное заключение: 22 часа" || st.Title("en").Language != "en" || s.Binding(st, vocabulary.Tenant{}) != national {
		t.Errorf("%+v", st)
	}
	now, then := refs(s.StandardsFor("DISC.SOLITARY", vocabulary.Tenant{}, today)), refs(s.StandardsFor("DISC.SOLITARY", vocabulary.Tenant{}, day("2027-03-01")))
	if slices.Contains(now, "NMR-45") || !slices.Contains(then, "NMR-45") || slices.Contains(then, "NMR-43") || !slices.Contains(now, "NMR-15") {
		t.Errorf("today %v, then %v", now, then)
	}
	if st, _ := vocabulary.New(nil, []*daylightv1.Standard{r}, r.Id).Standard("NMR-44"); len(st.Titles) != 1 || st.Said != 0 {
		t.Errorf("taken back, it is %+v", st)
	}
}

func topics(matters []vocabulary.Matter, first bool) (out []vocabulary.Code) {
	for _, m := range matters {
		if m.First == first {
			out = append(out, m.Code)
		}
	}
	return out
}

func TestTopicsThatMatterAtAPlace(t *testing.T) {
	s := vocabulary.Shipped()
	for _, c := range []struct {
		place        vocabulary.Code
		first, never []vocabulary.Code
	}{
		{"POL_SOBERING", []vocabulary.Code{"HEALTH.STAFFING"}, []vocabulary.Code{"TREAT.INTERROGATION"}},
		{"POL_IVS", []vocabulary.Code{"REGIME.OPEN_AIR", "SAFE.LAWYER", "TREAT.INTERROGATION", "COOP.REPRISALS"}, []vocabulary.Code{"PLACEM.CAPACITY", "MIGR.ASYLUM", "GROUP.LIFE"}},
		{"HLT_PSY_GENERAL", []vocabulary.Code{"PLACEM.TREATMENT_CONSENT", "TREAT.RESTRAINT_CHEM"}, []vocabulary.Code{"TREAT.INTERROGATION", "MIGR.ASYLUM"}},
		{"MIG_DETENTION", []vocabulary.Code{"MIGR.REFOULEMENT"}, []vocabulary.Code{"PLACEM.CAPACITY"}},
		{"PEN_LIFE", []vocabulary.Code{"GROUP.LIFE", "DISC.SOLITARY"}, []vocabulary.Code{"MIGR.ASYLUM"}},
		{"SOC_INFANT", []vocabulary.Code{"GROUP.CHILDREN"}, []vocabulary.Code{"REGIME.WORK"}},
	} {
		t.Run(string(c.place), func(t *testing.T) {
			matters := s.TopicsFor(c.place, today)
			first, others := topics(matters, true), topics(matters, false)
			for _, topic := range c.first {
				if !slices.Contains(first, topic) {
					t.Errorf("%s is not among the first %v", topic, first)
				}
			}
			for _, topic := range c.never {
				if slices.Contains(first, topic) || slices.Contains(others, topic) {
					t.Errorf("%s matters", topic)
				}
			}
			if len(others) > 0 && !matters[0].First {
				t.Error("what matters first does not stand in front")
			}
		})
	}
	if got := s.TopicsFor("MOON_BASE", today); len(got) != len(s.Offered(vocabulary.FindingTopic, today)) || len(topics(got, true)) > 0 {
		t.Errorf("at a place of a type that nobody knows, %d topics matter", len(got))
	}
}

// Each group has a word on each area, and each row names what there is, once.
func TestTheTableOfWhatMatters(t *testing.T) {
	s := vocabulary.Shipped()
	rows := readTable(t, "relevance.csv")
	said := map[[2]string]string{}
	for _, r := range rows {
		at := [2]string{r["place"], r["topic"]}
		_, group := s.Lookup(vocabulary.PlaceGroup, vocabulary.Code(at[0]))
		_, kind := s.Lookup(vocabulary.PlaceType, vocabulary.Code(at[0]))
		_, area := s.Lookup(vocabulary.FindingArea, vocabulary.Code(at[1]))
		_, topic := s.Lookup(vocabulary.FindingTopic, vocabulary.Code(at[1]))
		if said[at] != "" || group == kind || area == topic || !slices.Contains([]string{"first", "also", "no"}, r["matters"]) {
			t.Errorf("a row makes no sense: %v", r)
		}
		said[at] = r["matters"]
	}
	for _, group := range s.Terms(vocabulary.PlaceGroup) {
		for _, area := range s.Terms(vocabulary.FindingArea) {
			if said[[2]string{string(group.Code), string(area.Code)}] == "" {
				t.Errorf("nothing is said of %s in %s", area.Code, group.Code)
			}
		}
	}
	for _, kind := range s.Terms(vocabulary.PlaceType) {
		if n := len(topics(s.TopicsFor(kind.Code, today), true)); n < 15 || n > 90 {
			t.Errorf("at %s %d topics come first", kind.Code, n)
		}
	}
}
