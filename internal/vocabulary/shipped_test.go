package vocabulary_test

import (
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/vocabulary"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// enums are those of the schema that have a list, by its name.
func enums() map[vocabulary.List]protoreflect.EnumDescriptor {
	out := map[vocabulary.List]protoreflect.EnumDescriptor{}
	for _, file := range []protoreflect.FileDescriptor{daylightv1.File_daylight_v1_vocabulary_proto, daylightv1.File_daylight_v1_directory_proto} {
		for i := range file.Enums().Len() {
			e := file.Enums().Get(i)
			if name := vocabulary.ListOf(e); vocabulary.Shipped().Has(name) || file == daylightv1.File_daylight_v1_vocabulary_proto {
				out[name] = e
			}
		}
	}
	return out
}

func TestEnumsAndListsAreTheSame(t *testing.T) {
	s := vocabulary.Shipped()
	all := enums()
	if len(all) < 30 {
		t.Fatalf("only %d enums were found", len(all))
	}
	for list, e := range all {
		t.Run(string(list), func(t *testing.T) {
			known := map[string]bool{}
			for i := range e.Values().Len() {
				v := e.Values().Get(i)
				code := vocabulary.Code(strings.TrimPrefix(string(v.Name()), string(list)+"_"))
				if v.Number() == 0 {
					continue
				}
				known[string(code)] = true
				if term, ok := s.Lookup(list, code); !ok || term.Number != uint32(v.Number()) {
					t.Errorf("%s is %d in the schema and %d in terms.csv", v.Name(), v.Number(), term.Number)
				}
			}
			for _, term := range s.Terms(list) {
				if !known[string(term.Code)] {
					t.Errorf("%s is in terms.csv and not in the schema", term.Code)
				}
			}
		})
	}
}

// listsNamed are the lists that the fields of a message name, with who does.
func listsNamed(md protoreflect.MessageDescriptor, done map[protoreflect.FullName]bool, out map[vocabulary.List]string) {
	if done[md.FullName()] {
		return
	}
	done[md.FullName()] = true
	for i := range md.Fields().Len() {
		fd := md.Fields().Get(i)
		options, _ := proto.GetExtension(fd.Options(), daylightv1.E_Field).(*daylightv1.Field)
		if name := options.GetList(); name != "" {
			out[vocabulary.List(name)] = string(fd.FullName())
		}
		if fd.Message() != nil {
			listsNamed(fd.Message(), done, out)
		}
	}
}

func TestFieldsNameListsThatExist(t *testing.T) {
	named := map[vocabulary.List]string{}
	for _, k := range record.Kinds() {
		listsNamed(record.New(k).ProtoReflect().Descriptor(), map[protoreflect.FullName]bool{}, named)
	}
	if len(named) < 10 {
		t.Fatalf("only %d lists are named", len(named))
	}
	for list, by := range named {
		if !vocabulary.Shipped().Has(list) {
			t.Errorf("%s names the list %s, which there is not", by, list)
		}
		if vocabulary.Drives(list) {
			t.Errorf("%s names the list %s, which is an enum", by, list)
		}
	}
}

func TestShippedTermsAreWhole(t *testing.T) {
	s := vocabulary.Shipped()
	total := 0
	for _, list := range s.Lists() {
		numbers := map[uint32]vocabulary.Code{}
		for _, term := range s.Terms(list) {
			total++
			name := fmt.Sprintf("%s.%s", list, term.Code)
			if other := numbers[term.Number]; other != "" || term.Number == 0 || term.Number >= vocabulary.OwnNumbers {
				t.Errorf("%s has the number %d, which is that of %q or none", name, term.Number, other)
			}
			numbers[term.Number] = term.Code
			for _, language := range []string{"en", "ru", "uk", "ar"} {
				if strings.TrimSpace(term.Labels[language]) == "" {
					t.Errorf("%s has no label in %s", name, language)
				}
			}
			if len(term.Reviewed) > 0 {
				t.Errorf("%s counts as reviewed in %v: nobody has", name, term.Reviewed)
			}
			checkArabic(t, name, term.Labels["ar"])
			if parents := vocabulary.ParentList(list); parents != "" {
				if _, ok := s.Lookup(parents, term.Parent); !ok {
					t.Errorf("%s belongs to %q, which is not in %s", name, term.Parent, parents)
				}
			} else if term.Parent != "" {
				t.Errorf("%s has a parent", name)
			}
		}
	}
	if rows := readTable(t, "terms.csv"); total != len(rows) {
		t.Errorf("%d terms of %d rows: a code stands twice", total, len(rows))
	}
}

// checkArabic: the marks of Arabic, and no Latin letters but for names that have no others.
func checkArabic(t *testing.T, name, label string) {
	t.Helper()
	if strings.ContainsAny(label, ",;?\"“”") {
		t.Errorf("%s has Latin marks in Arabic: %s", name, label)
	}
	plain := label
	for _, latin := range []string{"IVS/ITT", "SIZO", "tyurma", "SPT", "CPT", "OPCAT 19c", "OPCAT 21(2)", "Ombudsman-plus"} {
		plain = strings.ReplaceAll(plain, latin, "")
	}
	if strings.ContainsFunc(plain, func(r rune) bool { return unicode.Is(unicode.Latin, r) || unicode.Is(unicode.Cyrillic, r) }) {
		t.Errorf("%s has other letters in Arabic: %s", name, label)
	}
	if !strings.ContainsFunc(label, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
		t.Errorf("%s has no Arabic: %s", name, label)
	}
}

func TestTypesOfPlacesAreInTheirGroups(t *testing.T) {
	prefixes := map[vocabulary.Code]string{
		"POLICE": "POL_", "PENAL": "PEN_", "JUVENILE": "JUV_", "MIGRATION": "MIG_", "HEALTH": "HLT_", "SOCIAL_CARE": "SOC_",
		"MILITARY": "MIL_", "SECURITY": "SEC_", "COURT_TRANSPORT": "CRT_", "OTHER": "OTH_",
	}
	for _, term := range vocabulary.Shipped().Terms(vocabulary.PlaceType) {
		if prefix := prefixes[term.Parent]; prefix == "" || !strings.HasPrefix(string(term.Code), prefix) {
			t.Errorf("%s is in the group %q", term.Code, term.Parent)
		}
	}
}

func TestShippedStandardsAreWhole(t *testing.T) {
	s := vocabulary.Shipped()
	rows := readTable(t, "standards.csv")
	if got := len(s.Standards()); got != len(rows) {
		t.Errorf("%d standards of %d rows: a ref stands twice", got, len(rows))
	}
	families := map[string]string{}
	for _, r := range readTable(t, "instruments.csv") {
		families[r["instrument"]] = r["family"]
	}
	for _, st := range s.Standards() {
		if !slices.Contains([]string{"TREATY", "UN", "EUROPE", "EXPERT"}, families[st.Instrument]) {
			t.Errorf("%s: the family of %s is %q", st.Ref, st.Instrument, families[st.Instrument])
		}
		if st.Checked == 0 || st.Titles["en"] == "" || st.Provision == "" || st.InstrumentName == "" || len(st.Topics) == 0 {
			t.Errorf("%s is not whole: %+v", st.Ref, st)
		}
		for _, topic := range st.Topics {
			if _, ok := s.Lookup(vocabulary.FindingTopic, topic); !ok {
				t.Errorf("%s speaks to %s, which is no topic", st.Ref, topic)
			}
		}
	}
}

// TestNothingMoves: what a version shipped stays, number and code. Where it fails for a
// term that is new, raise Version, and write the file anew with UPDATE_GOLDEN=1.
func TestNothingMoves(t *testing.T) {
	s := vocabulary.Shipped()
	var now []string
	for _, list := range s.Lists() {
		for _, term := range s.Terms(list) {
			now = append(now, fmt.Sprintf("%s %d %s", list, term.Number, term.Code))
		}
	}
	for _, st := range s.Standards() {
		now = append(now, "STANDARD "+string(st.Ref))
	}
	slices.Sort(now)
	file := fmt.Sprintf("testdata/version%d.txt", vocabulary.Version)
	if os.Getenv("UPDATE_GOLDEN") != "" {
		if err := os.WriteFile(file, []byte(strings.Join(now, "\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for v := 1; v <= vocabulary.Version; v++ {
		golden, err := os.ReadFile(fmt.Sprintf("testdata/version%d.txt", v))
		if err != nil {
			t.Fatal(err)
		}
		before := strings.Split(strings.TrimSpace(string(golden)), "\n")
		for _, line := range before {
			if !slices.Contains(now, line) {
				t.Errorf("version %d shipped %s, which is gone or moved", v, line)
			}
		}
		if v == vocabulary.Version && len(now) != len(before) {
			t.Errorf("%d terms and standards are shipped, version %d has %d: raise Version", len(now), v, len(before))
		}
	}
}

func readTable(t *testing.T, file string) (out []map[string]string) {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		r := map[string]string{}
		for i, cell := range row {
			r[rows[0][i]] = cell
		}
		out = append(out, r)
	}
	return out
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		vocabulary.New(nil, nil)
	}
}

func BenchmarkLabel(b *testing.B) {
	s := vocabulary.Shipped()
	for _, language := range []string{"ru", "tk", "uk-UA"} {
		b.Run(language, func(b *testing.B) {
			for b.Loop() {
				s.Label("FINDING_TOPIC", "MAT.LIGHT", language)
			}
		})
	}
}
