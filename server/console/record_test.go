package console_test

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/recordpage"
	"github.com/daylight-npm/daylight/internal/scenario"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// TestAnyRecordIsReadInWords: whatever a record holds is told in every language, and none of it
// is markup.
func TestAnyRecordIsReadInWords(t *testing.T) {
	w := newWorld(t)
	b := w.member(w.person("Everybody", caseRole, medicalRole, daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT, headRole))
	r := rand.New(rand.NewPCG(7, 7))
	for _, kind := range record.Kinds() {
		for range 3 {
			m := scenario.AnyRecord(r, kind)
			items, err := w.store.For(store.Caller{Writer: "The office"}).Save(t.Context(), m)
			if err != nil {
				continue // none that can be saved alone
			}
			at := "/records/" + kind.String() + "/" + items[0].Message.GetId()
			for _, lang := range []string{"en", "ar", "ru"} {
				b.headers = map[string]string{"Accept-Language": lang}
				for _, page := range []string{at, at + "/history"} {
					if b.get(page); b.status != 200 && kind != record.SealingKey || strings.Contains(b.text(), "field-history.") || strings.Contains(b.text(), "office-") {
						t.Errorf("%s in %s: %d %.500s", page, lang, b.status, b.text())
					}
				}
			}
		}
	}
	if strings.Contains(w.log.String(), "panic") {
		t.Error(w.log.String())
	}
}

func TestARecordIsForWhoeverReadsItsKind(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	find := func(kind record.Kind) string {
		p, err := w.store.List(t.Context(), kind, store.Query{})
		w.must(err)
		return "/records/" + kind.String() + "/" + p.Items[0].Message.GetId()
	}
	boss, medical := w.member(w.person("Ombudsperson", bossRole)), w.member(w.person("Medical reviewer", medicalRole))
	boss.get(find(record.Undertaking)).wants(200, "Two beds by Friday", "Deputy director", "20 November 2026")
	for _, kind := range []record.Kind{record.Undertaking, record.Finding, record.Note, record.Interview} {
		medical.get(find(kind)).wants(404)
		medical.get(find(kind) + "/history").wants(404)
	}
	boss.get("/records/visit/"+v.Id).wants(200, "To its own page")
	boss.get("/records/nonsense/" + v.Id).wants(404)
	boss.get("/records/finding/" + v.Id).wants(404)
}

// TestALongHistoryComesInPages, and a page says what a field was before it.
func TestALongHistoryComesInPages(t *testing.T) {
	w := newWorld(t)
	n := &daylightv1.Note{Text: proto.String("text 0")}
	w.put(n)
	for i := range 60 {
		w.pass(time.Minute)
		n.Text = proto.String(fmt.Sprintf("text %d", i+1))
		w.put(n)
	}
	b := w.member(w.person("Head", headRole)).get("/records/note/"+n.Id+"/history").wants(200, "text 60", "text 20 → text 21", "Earlier changes")
	if strings.Contains(b.text(), "text 19 →") {
		t.Error("more than a page is shown")
	}
	b.follow("Earlier changes").wants(200, "text 19 → text 20", "began this record", "To the newest changes")
	b.get("/records/note/" + n.Id + "/history?from=nonsense").wants(404)
}

// hostile is what a monitor could type.
const hostile = `<script>alert(1)</script>"'><img src=x onerror=alert(1)>` + "\u202e{{.}} javascript:alert(1)"

// typeInto puts it into every field of a message that takes words.
func typeInto(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		fd := fields.Get(i)
		words := fd.Kind() == protoreflect.StringKind && recordpage.Format(fd) == 0 && fd.Number() > 7
		switch {
		case fd.IsMap():
			m.Mutable(fd).Map().Set(protoreflect.ValueOfString("en").MapKey(), protoreflect.ValueOfString(hostile))
		case fd.IsList() && fd.Message() != nil:
			l := m.Mutable(fd).List()
			for j := range l.Len() {
				typeInside(l.Get(j).Message())
			}
		case fd.IsList() && words:
			m.Mutable(fd).List().Append(protoreflect.ValueOfString(hostile))
		case words && !fd.IsList():
			m.Set(fd, protoreflect.ValueOfString(hostile))
		}
	}
}

// typeInside does so in an element, but for its key.
func typeInside(m protoreflect.Message) {
	fields := m.Descriptor().Fields()
	for i := range fields.Len() {
		if fd := fields.Get(i); fd.Number() > 1 && fd.Kind() == protoreflect.StringKind && !fd.IsList() && recordpage.Format(fd) == 0 {
			m.Set(fd, protoreflect.ValueOfString(hostile))
		}
	}
}

func TestWhatAMonitorTypesIsNeverMarkup(t *testing.T) {
	w := newWorld(t)
	v := w.aVisit("Ak Derýa")
	b := w.member(w.person("Everybody", caseRole, headRole, daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT))
	pages := []string{"/visits", "/visits/" + v.Id, "/visits/" + v.Id + "/print", "/visits/" + v.Id + "/edit"}
	typed := 0
	for _, kind := range record.Kinds() {
		if !store.Lists(kind) {
			continue
		}
		page, err := w.store.List(t.Context(), kind, store.Query{})
		w.must(err)
		for _, item := range page.Items {
			typeInto(item.Message.ProtoReflect())
			if _, err := w.store.For(store.Caller{Writer: "<i>The office</i>"}).Save(t.Context(), item.Message); err != nil {
				t.Errorf("%s: %v", kind, err)
				continue
			}
			typed++
			at := "/records/" + kind.String() + "/" + item.Message.GetId()
			pages = append(pages, at, at+"/history")
			if kind == record.ChecklistResponse {
				pages = append(pages, "/visits/"+v.Id+"/checklists/"+item.Message.GetId())
			}
		}
	}
	if typed < 12 {
		t.Fatalf("only %d records are typed into", typed)
	}
	for _, at := range pages {
		b.get(at).wants(200)
		for _, bad := range []string{"<script>alert", "<img src=x", `href="javascript`, "<i>The office"} {
			if strings.Contains(b.page, bad) {
				t.Errorf("%s has %s in it", at, bad)
			}
		}
		if title := regexp.MustCompile(`<title>(.*?)</title>`).FindStringSubmatch(b.page)[1]; strings.Contains(title, "alert") {
			t.Errorf("the title of %s says %q", at, title)
		}
	}
	if !strings.Contains(b.get("/visits/"+v.Id).text(), "<script>alert(1)</script>") {
		t.Error("what was typed is not shown as it was typed")
	}
}
