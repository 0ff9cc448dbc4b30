package console_test

import (
	"html"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/pagewalk"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// What has to hold on every page of the console, whoever makes it. Pages are found by their
// links; nothing has to be added here.

// hostileOffice has a record of every kind that lists hold, with hostile words in every field.
func (w *world) hostileOffice() map[record.Kind]record.Message {
	w.Helper()
	out := map[record.Kind]record.Message{}
	save := func(m record.Message) record.Message {
		w.Helper()
		items, err := w.store.Save(w.Context(), "Office", m)
		w.must(err)
		return items[0].Message
	}
	place := &daylightv1.Facility{}
	pagewalk.Fill(place)
	place.Region = proto.String("TM-A")
	out[record.Facility] = save(place)
	visit := &daylightv1.Visit{}
	pagewalk.Fill(visit)
	visit.FacilityId = proto.String(out[record.Facility].GetId())
	visit.State = daylightv1.VisitState_VISIT_STATE_UNDER_REVIEW.Enum()
	out[record.Visit] = save(visit)
	for _, kind := range record.Kinds() {
		if out[kind] != nil || record.Sealed(kind) || !store.Lists(kind) {
			continue
		}
		m := record.New(kind)
		pagewalk.Fill(m)
		r := m.ProtoReflect()
		for field, id := range map[protoreflect.Name]record.Kind{"visit_id": record.Visit, "facility_id": record.Facility, "recommendation_id": record.Recommendation} {
			if fd := r.Descriptor().Fields().ByName(field); fd != nil && out[id] != nil {
				r.Set(fd, protoreflect.ValueOfString(out[id].GetId()))
			}
		}
		if c, is := m.(*daylightv1.ReviewComment); is {
			c.AboutKind, c.AboutId = proto.String("visit"), proto.String(visit.GetId())
			c.Kind = daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REQUEST.Enum()
		}
		items, err := w.store.Save(w.Context(), "Office", m)
		if err != nil {
			w.Logf("%s is not walked: %v", kind, err)
			continue
		}
		out[kind] = items[0].Message
	}
	for {
		more, err := w.store.Index(w.Context())
		w.must(err)
		if !more {
			return out
		}
	}
}

// walk is what a person's browser finds by links.
func (b *browser) walk() *pagewalk.Walk {
	u, _ := url.Parse(b.url)
	return pagewalk.Signed(b.url, u.Host, b.http.Jar.Cookies(u))
}

var (
	leading  = regexp.MustCompile(`\b(?:href|action|src|formaction|data-[a-z]+)="([^"]*)"`)
	actions  = regexp.MustCompile(`<form [^>]*method="post"[^>]*action="([^"]*)"|<form [^>]*action="([^"]*)"[^>]*method="post"|formaction="([^"]*)"`)
	position = regexp.MustCompile(`[?#].*$`)
)

func TestHostileWordsAreShownAsTypedOnEveryPageOfTheConsole(t *testing.T) {
	w := newWorld(t)
	all := w.hostileOffice()
	shown, kinds, posts := 0, map[string]bool{}, map[string]bool{}
	for _, role := range []daylightv1.OfficeRole{headRole, caseRole, adminRole} {
		b := w.member(w.person("Somebody "+role.String(), role))
		walk := b.walk()
		for _, lang := range []string{"en", "ar"} {
			walk.Language = lang
			pages, err := walk.Pages(t.Context())
			w.must(err)
			for _, p := range pages {
				kinds[p.Kind] = true
				a, err := walk.Fetch(t.Context(), p.Path)
				w.must(err)
				if a.Status >= 500 || a.Status >= 400 && a.Status != http.StatusNotFound {
					t.Errorf("%s, which %s leads to: %d", p.Path, p.From, a.Status)
				}
				if a.Status == http.StatusNotFound {
					t.Errorf("%s: %s leads to nothing", p.Path, p.From)
				}
				for _, bad := range pagewalk.Came(a.Body) {
					t.Errorf("%s: %s came through", p.Path, bad)
				}
				if strings.Contains(p.Title, pagewalk.Marker) {
					t.Errorf("%s: the title holds words of a record", p.Path)
				}
				for _, m := range leading.FindAllStringSubmatch(a.Body, -1) {
					if to := html.UnescapeString(m[1]); strings.Contains(to, pagewalk.Marker) {
						t.Errorf("%s: an address, or a script's word, holds words of a record: %.100q", p.Path, to)
					}
				}
				for _, m := range actions.FindAllStringSubmatch(a.Body, -1) {
					posts[html.UnescapeString(m[1]+m[2]+m[3])] = true
				}
				if strings.Contains(a.Body, pagewalk.Marker) {
					shown++
				}
			}
		}
	}
	if shown < 20 {
		t.Errorf("only %d pages show what was typed: the test looks in the wrong places", shown)
	}
	t.Logf("%d kinds of page, %d showed hostile words, %d forms, records of %d kinds", len(kinds), shown, len(posts), len(all))
	if said := w.log.String(); strings.Contains(said, pagewalk.Marker) {
		t.Errorf("the log holds words of a record: %.2000s", said)
	}
	w.noForeignPost(posts)
}

// noForeignPost tries every form from another site, and without anybody signed in.
func (w *world) noForeignPost(posts map[string]bool) {
	w.Helper()
	head, nobody := w.member(w.person("Head", headRole, adminRole)), w.browser()
	for _, action := range slices.Sorted(maps.Keys(posts)) {
		if action == "" || action == "/sign-out" {
			continue
		}
		for _, from := range []map[string]string{
			{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "same-site", "Origin": "https://other.localhost"},
			{"Sec-Fetch-Site": "", "Origin": "https://evil.example"}, {"Sec-Fetch-Site": "", "Origin": ""},
		} {
			head.headers = from
			if head.post(action, "as", "x"); head.status != http.StatusForbidden {
				w.Errorf("%s from %v: %d", action, from, head.status)
			}
		}
		nobody.headers = nil
		if nobody.post(action, "as", "x"); nobody.status == http.StatusOK && nobody.at != "/sign-in" && !strings.HasPrefix(nobody.at, "/sign-in") && !strings.Contains(nobody.page, "/sign-in") {
			w.Errorf("%s is taken from nobody: %d at %s", action, nobody.status, position.ReplaceAllString(nobody.at, ""))
		}
	}
}

// TestEachRoleReadsWhatTheTableSays: every kind of record, by every role that is granted for
// the whole office.
func TestEachRoleReadsWhatTheTableSays(t *testing.T) {
	w := newWorld(t)
	all := w.hostileOffice()
	tried := 0
	for _, role := range access.Roles() {
		if (access.Grant{Role: role}).Check() != nil {
			continue // of a region
		}
		b := w.member(w.person("Somebody "+role.String(), daylightv1.OfficeRole(role)))
		rights := access.At(w.now().UnixMilli(), access.Grant{Role: role})
		for kind, m := range all {
			want := http.StatusNotFound
			if rights.Reads(kind)&access.All != 0 {
				want = http.StatusOK
			}
			for _, page := range []string{"/records/" + kind.String() + "/" + m.GetId(), "/records/" + kind.String() + "/" + m.GetId() + "/history"} {
				if b.get(page); b.status != want {
					t.Errorf("%s: %s answers %d, not %d", role, page, b.status, want)
				}
				if b.status != http.StatusOK && strings.Contains(b.page, pagewalk.Marker) {
					t.Errorf("%s: %s shows words to whom it is not open", role, page)
				}
				tried++
			}
		}
	}
	if tried < 200 {
		t.Errorf("only %d pages were tried", tried)
	}
}
