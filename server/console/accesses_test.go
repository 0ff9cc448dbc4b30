package console_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
)

// lines counts those of the page.
func (b *browser) lines() int { return strings.Count(b.page, "<tr>") - 1 }

func TestTheAccessLogIsNarrowed(t *testing.T) {
	w := reached(t)
	auditor := w.member(w.person("Auditor", auditorRole))
	p := w.person("Case <officer>", caseRole)
	id, err := record.ParseID(p.Id)
	w.must(err)
	for i := range 120 {
		kind, note := directory.Read, directory.Count(i%3+1, "listed")
		if i%10 == 0 {
			kind, note = directory.Exported, "records were taken out as xlsx"
		}
		if i == 60 {
			w.pass(48 * time.Hour)
		}
		w.must(w.directory.Log(t.Context(), kind, id, note, directory.By{Person: id, Call: "GET /visits"}))
	}
	w.must(w.directory.Log(t.Context(), directory.Read, record.ID{}, "a note of a newer program", directory.By{}))
	auditor.signIn()
	auditor.get("/access-log").wants(200, "Case <officer>", "Restricted records listed: 3", "a note of a newer program", "at the server, or a stranger", "The access log was read")
	if auditor.lines() != directory.ListPage || strings.Contains(auditor.page, "<officer>") {
		t.Errorf("%d lines", auditor.lines())
	}
	next := regexp.MustCompile(`rel="next" href="([^"]+)"`).FindStringSubmatch(auditor.page)
	auditor.get(strings.ReplaceAll(next[1], "&amp;", "&")).wants(200, "Restricted records listed")
	if n := strings.Count(strings.Join(w.notes(), "\n"), "the access log was read"); n != 1 {
		t.Errorf("%d lines say that the log was read, one for each page", n)
	}
	auditor.get("/access-log?kind=5&person="+p.Id).wants(200, "Records were taken out as xlsx", "Only what Case <officer> did")
	if auditor.lines() != 12 {
		t.Errorf("%d lines of exports", auditor.lines())
	}
	auditor.get("/access-log?kind=5&until=2026-11-25").wants(200)
	if auditor.lines() != 6 {
		t.Errorf("%d lines until the day", auditor.lines())
	}
	auditor.get("/access-log?kind=5&from=2026-11-26").wants(200)
	if auditor.lines() != 6 {
		t.Errorf("%d lines from the day on", auditor.lines())
	}
	auditor.get("/access-log?subject="+p.Id).wants(200, "Case <officer>")
	auditor.get("/access-log?subject=nothing").wants(200, "No lines like these")
	auditor.get("/access-log?device="+p.Id).wants(200, "No lines like these")
	auditor.get("/access-log?until=2020-01-01").wants(200, "No lines like these")
	auditor.get("/access-log?kind=77&person=x&from=y&after=z").wants(200, "Restricted records listed")
	auditor.get("/access-log?kind=8").wants(200, `value="8" selected`)
}
