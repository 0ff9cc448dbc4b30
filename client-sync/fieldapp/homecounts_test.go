package fieldapp

import (
	"html"
	"regexp"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

var countPattern = regexp.MustCompile(`<dt>(?:<a href="([^"]*)">)?([^<]*)(?:</a>)?</dt><dd>([^<]*)</dd>`)

// homeCounts are the six numbers of home with where each leads, as "3 /send".
func homeCounts(b *browser) map[string]string {
	out := map[string]string{}
	for _, m := range countPattern.FindAllStringSubmatch(b.get("/").Body.String(), -1) {
		out[m[2]] = html.UnescapeString(m[3])
		if m[1] != "" {
			out[m[2]] += " " + m[1]
		}
	}
	return out
}

// count fails unless home has these numbers, and 0 without a link for the others.
func (b *browser) count(shows string, want map[string]string) {
	b.t.Helper()
	got := homeCounts(b)
	for _, name := range []string{"Draft", "Ready", "Sending", "Received", "Needs attention", "Returned"} {
		if want[name] == "" {
			want[name] = "0"
		}
		if got[name] != want[name] {
			b.t.Errorf("%s: %s is %q, not %q", shows, name, got[name], want[name])
		}
	}
}

func TestTheSixCountsComeFromTheOutbox(t *testing.T) {
	p := twoDevices(t)
	b := openApp(t, p.a.Client)
	b.count("an empty device", map[string]string{})

	v := saved(t, p.a.Client, &daylightv1.Visit{Title: proto.String("Visit 7"), State: daylightv1.VisitState_VISIT_STATE_CONSOLIDATED.Enum()}).(*daylightv1.Visit)
	f := saved(t, p.a.Client, &daylightv1.Finding{VisitId: proto.String(v.GetId()), Narrative: proto.String("before")}).(*daylightv1.Finding)
	b.count("two records were written", map[string]string{"Draft": "1 /visits", "Ready": "2 /send"})
	b.app.sending.cancel, b.app.sending.begun = func() {}, time.Now()
	b.count("while they are sent", map[string]string{"Draft": "1 /visits", "Sending": "2 /send"})
	b.app.sending.cancel = nil
	p.sync()
	b.count("the office has them", map[string]string{"Draft": "1 /visits", "Received": "2 /send"})

	change(p, p.a, f, func(f *daylightv1.Finding) { f.Narrative = proto.String("mine") })
	b.count("one is changed again", map[string]string{"Draft": "1 /visits", "Ready": "1 /send", "Received": "1 /send"})
	change(p, p.b, f, func(f *daylightv1.Finding) { f.Narrative = proto.String("theirs") })
	p.sync()
	b.count("two wrote different things", map[string]string{"Draft": "1 /visits", "Received": "2 /send", "Needs attention": "1 /two"})

	change(p, p.a, f, func(f *daylightv1.Finding) { f.Narrative = proto.String("both") })
	p.sync()
	b.count("somebody settled it", map[string]string{"Draft": "1 /visits", "Received": "2 /send"})
	if err := p.a.Client.Remove(t.Context(), itemOf(t, p.a.Client, f).Message); err != nil {
		t.Fatal(err)
	}
	b.count("a record was removed, which the office has not heard", map[string]string{"Draft": "1 /visits", "Ready": "1 /send", "Received": "1 /send"})
	p.sync()

	// Two take different steps with the visit: the office refuses the later one.
	change(p, p.a, v, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum() })
	b.count("the visit is handed in here", map[string]string{"Ready": "1 /send"})
	change(p, p.b, v, func(v *daylightv1.Visit) { v.State = daylightv1.VisitState_VISIT_STATE_SUSPENDED.Enum() })
	if err := p.b.Sync(false); err != nil {
		t.Fatal(err)
	}
	p.sync()
	b.count("the office refused that", map[string]string{"Draft": "1 /visits", "Received": "1 /send", "Needs attention": "1 /refused"})

	comment := &daylightv1.ReviewComment{AboutKind: proto.String("visit"), AboutId: proto.String(v.Id), VisitId: proto.String(v.Id), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum(), Text: proto.String("Which months?")}
	saved(t, p.b.Client, comment)
	p.sync()
	b.count("somebody asks", map[string]string{"Draft": "1 /visits", "Received": "2 /send", "Needs attention": "1 /refused", "Returned": "1 /review"})
	for _, path := range []string{"/visits", "/send", "/refused", "/review"} {
		pageSays(t, b.get(path), 200)
	}
	change(p, p.b, comment, func(c *daylightv1.ReviewComment) { c.Settled = proto.Bool(true) })
	p.sync()
	b.count("it is settled", map[string]string{"Draft": "1 /visits", "Received": "2 /send", "Needs attention": "1 /refused"})
}

func TestWhatNeedsAttentionIsLedTo(t *testing.T) {
	for want, s := range map[string]clientsync.Status{
		"/two":     {Conflicts: 2},
		"/refused": {Refused: 1, Held: 1},
		"/send":    {Conflicts: 1, Held: 1},
	} {
		if got := attentionHref(s); got != want {
			t.Errorf("%+v leads to %s", s, got)
		}
	}
}
