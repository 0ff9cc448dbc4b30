package console_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// bring posts a file, as a browser does.
func (b *browser) bring(path, name string, data []byte, pairs ...string) *browser {
	b.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for i := 0; i+1 < len(pairs); i += 2 {
		b.must(w.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := w.CreateFormFile("file", name)
	b.must(err)
	_, err = part.Write(data)
	b.must(err)
	b.must(w.Close())
	b.headers = map[string]string{"Content-Type": w.FormDataContentType()}
	defer func() { b.headers = nil }()
	return b.do(http.MethodPost, path, &body)
}

// place saves a place as somebody else at the office.
func (w *world) place(name, town string, more ...func(*daylightv1.Facility)) *daylightv1.Facility {
	w.Helper()
	f := &daylightv1.Facility{Names: map[string]string{"en": name}, Town: proto.String(town), Region: proto.String("ZZ-A")}
	for _, m := range more {
		m(f)
	}
	items, err := w.store.Save(w.Context(), "Register", f)
	w.must(err)
	return items[0].Message.(*daylightv1.Facility)
}

// places are all that are listed, by their English name.
func (w *world) places() map[string]*daylightv1.Facility {
	w.Helper()
	page, err := w.store.List(w.Context(), record.Facility, store.Query{})
	w.must(err)
	out := map[string]*daylightv1.Facility{}
	for _, i := range page.Items {
		f := i.Message.(*daylightv1.Facility)
		out[f.GetNames()["en"]] = f
	}
	return out
}

const someRegister = "code,name,type,town,region,population\n" +
	"A1,North Prison,PEN_CELL_PRISON,Ashford,ZZ-A,120\n" +
	"A2,South Prison,PEN_CELL_PRISON,Beltown,ZZ-A,80\n" +
	"A3,Colony No. 14,PEN_CELL_PRISON,Ashford,ZZ-A,300\n" +
	"A4,East Jail,Lock-up house,Coldwell,ZZ-A,12\n" +
	",,,,,\n" +
	"A5,West Jail,PEN_CELL_PRISON,Dunmore,ZZ-A,12,too,many\n"

func TestARegisterIsLookedAtAndThenTaken(t *testing.T) {
	w := newWorld(t)
	w.place("Colony No. 14", "Ashford")
	b := w.member(w.person("Head of department", headRole))
	b.get("/places/import").wants(200, "Import a register", "Read the file")
	b.bring("/places/import", "prisons 2026.csv", []byte(someRegister), "source", "prisons", "language", "en").
		wants(200, "What the file would do", "North Prison", "Looks like Colony No. 14", "the same name", "“Lock-up house”, rows: 1", "the row has 8 cells")
	at := b.at
	if n := len(w.places()); n != 1 {
		t.Fatalf("looking saved something: %d places", n)
	}
	// Its columns can be said otherwise, and what a type is.
	word := regexp.MustCompile(`name="header" value="population"`)
	if !word.MatchString(b.page) {
		t.Fatal("the columns are not named")
	}
	b.post(at+"/columns", "source", "prisons", "header", "code", "header", "name", "header", "type", "header", "town", "header", "region", "header", "population",
		"column-0", "code", "column-1", "names[en]", "column-2", "type", "column-3", "town", "column-4", "region", "column-5", "-", "word", "Lock-up house", "type-0", "POL_STATION").wants(200, "Not used")
	// Another made that place meanwhile: it is reckoned anew.
	w.place("East Jail", "Coldwell")
	b.post(at+"/take", "take", "new", "take", "changed").wants(200, "The register was imported", "New places: 2.")
	got := w.places()
	if f := got["North Prison"]; f.GetTown() != "Ashford" || f.GetCode() != "A1" || len(f.GetPopulation()) != 0 || len(f.GetRegisters()) != 1 {
		t.Errorf("the place is %v", f)
	}
	if len(got) != 4 {
		t.Errorf("%d places: the doubtful ones were taken without a word", len(got))
	}
	if notes := strings.Join(w.notes(), "\n"); !strings.Contains(notes, "a register was imported: 2 places") {
		t.Error("the access log does not say that a register was imported")
	}
	b.get(at).wants(200, "The file is held no longer")
	b.history(got["North Prison"], "Head of department")
}

// history wants the record's last change to be somebody's.
func (b *browser) history(m record.Message, by string) {
	b.Helper()
	kind, err := record.KindOf(m)
	b.must(err)
	id, err := record.IDOf(m)
	b.must(err)
	entries, _, err := b.store.History(b.Context(), kind, id, 10, "")
	b.must(err)
	if len(entries) == 0 || !strings.Contains(entries[0].String(), b.person.GetId()) && !strings.Contains(entries[0].String(), by) {
		b.Errorf("the last change of the %s is not theirs: %v", kind, entries)
	}
}

func TestARegisterThatComesAgainChangesWhatItChanged(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	take := func(data string) {
		b.bring("/places/import", "prisons.csv", []byte(data), "source", "prisons").wants(200)
	}
	take(someRegister)
	b.post(b.at+"/take", "take", "new").wants(200, "New places: 4.")
	f := w.places()["South Prison"]
	f.Note = proto.String("The gate is in the north.")
	_, err := w.store.Save(t.Context(), "Desk", f)
	w.must(err)
	take(strings.Replace(someRegister, "Beltown", "Newtown", 1))
	b.wants(200, "Changed places: 1", "Beltown", "Newtown")
	at := b.at
	b.post(at+"/take").wants(422, "Nothing is ticked")
	b.post(at+"/take", "take", "changed").wants(200, "Changed: 1.")
	if f := w.places()["South Prison"]; f.GetTown() != "Newtown" || f.GetNote() == "" {
		t.Errorf("the place is %v", f)
	}
	take(strings.Replace(someRegister, "Beltown", "Newtown", 1))
	b.wants(200, "The file changes nothing")
	b.bring("/places/import", "other.csv", []byte(someRegister)).wants(200, "No place came from a register of this name", "prisons")
}

func TestARegisterAsAWorkbook(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Case officer", caseRole))
	x := excelize.NewFile()
	for i, row := range [][]any{{"code", "name", "town", "opened"}, {"A1", "North Prison", "Ashford", time.Date(1974, 5, 1, 0, 0, 0, 0, time.UTC)}} {
		w.must(x.SetSheetRow("Sheet1", "A"+string(rune('1'+i)), &row))
	}
	var data bytes.Buffer
	w.must(x.Write(&data))
	b.bring("/places/import", "prisons.xlsx", data.Bytes(), "language", "ru").wants(200, "New places: 1")
	b.post(b.at+"/take", "take", "new").wants(200)
	page, err := w.store.List(t.Context(), record.Facility, store.Query{})
	w.must(err)
	if f := page.Items[0].Message.(*daylightv1.Facility); f.GetNames()["ru"] != "North Prison" || f.GetOpenedOn() != "1974-05-01" {
		t.Errorf("the place is %v", f)
	}
}

func TestWhatIsNoRegister(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Head of department", headRole))
	for _, c := range []struct {
		name, says string
		data       []byte
		status     int
	}{
		{"nothing", "Choose a file", nil, 422},
		{"too large", "larger than", make([]byte, 4_000_001), 422},
		{"far too large", "larger than", make([]byte, 12<<20), 422},
		{"a cut workbook", "cannot be read", []byte("PK\x03\x04rest"), 200},
		{"no header", "cannot be read", []byte("a,b\n1,2\n"), 200},
		{"markup", "&lt;script", []byte("name,code\n<script>alert(1)</script>,A1\n"), 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			b.bring("/places/import", c.name+".csv", c.data, "source", "x")
			if b.status != c.status || !strings.Contains(b.page, c.says) {
				t.Errorf("it answers %d: %.2000s", b.status, b.text())
			}
			if strings.Contains(b.page, "<script>alert") {
				t.Error("the page runs what the file holds")
			}
		})
	}
	if len(w.places()) != 0 {
		t.Error("something was saved")
	}
}

func TestWhoImportsRegisters(t *testing.T) {
	w := newWorld(t)
	reviewer := w.member(w.person("Reviewer", daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER))
	reviewer.get("/places/import").wants(404)
	reviewer.bring("/places/import", "a.csv", []byte(someRegister)).wants(404)
	head := w.member(w.person("Head of department", headRole))
	head.bring("/places/import", "a.csv", []byte(someRegister)).wants(200)
	at := head.at
	other := w.member(w.person("Case officer", caseRole))
	other.get(at).wants(200, "The file is held no longer") // it is another's
	w.pass(6 * time.Minute)
	head.post(at+"/take", "take", "new").wants(403)
	if len(w.places()) != 0 {
		t.Error("it was taken without a fresh proof")
	}
	w.pass(31 * time.Minute)
	if !head.signIn().get(at).mentions("held no longer") {
		t.Error("it is held for ever")
	}
}

func (b *browser) mentions(s string) bool { return strings.Contains(b.text(), s) }
