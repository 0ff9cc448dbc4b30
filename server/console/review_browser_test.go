package console_test

import (
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/browsertest"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// signedInPage is a browser in which somebody has signed in.
func (b *browser) signedInPage(t *testing.T, s browsertest.Setup) *browsertest.Page {
	t.Helper()
	p := browsertest.Open(t, s)
	p.Visit(b.url + "/sign-in")
	p.Fill("#f-name", b.person.GetName())
	p.Fill("#f-passphrase", good)
	p.Fill("#f-code", b.oneTime())
	p.Follow("form#sign-in .btn")
	return p
}

// stands fails unless a page can be read, fits, and is not heavy.
func stands(t *testing.T, p *browsertest.Page, name string) {
	t.Helper()
	p.Accessible()
	p.Fits()
	if all, html := p.Weight(); all > 200_000 {
		t.Errorf("%s weighs %d bytes, %d of them HTML", name, all, html)
	}
	p.Shot("review-" + name)
}

// TestAReviewByKeyboard: a visit taken, a severity decided, the next finding's two versions
// settled, with no pointer. Where pictures are asked for, all pages are looked at in all
// setups.
func TestAReviewByKeyboard(t *testing.T) {
	h := newWorld(t).handedIn()
	h.parted(narrate, "There is no lamp in cell 5. It is cold.", "There is no lamp in cell 6.")
	h.device(&daylightv1.ReviewComment{VisitId: proto.String(h.visit), AboutKind: proto.String("finding"), AboutId: proto.String(h.findings[0]), AboutField: proto.String("narrative"),
		Text: proto.String("We counted twice, in the morning and at night."), Author: proto.String("Lead monitor"), Kind: daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK.Enum()})
	b := h.member(h.person("Reviewer", reviewerRole))
	p := b.signedInPage(t, browsertest.Setup{Device: browsertest.Desk})
	p.Visit(h.url + "/review")
	stands(t, p, "list")
	p.TabTo("main a[href$='/review']")
	p.Enter()
	stands(t, p, "desk")
	p.TabTo(".btn-main")
	p.Enter()
	p.TabTo("main a[href='/findings/" + h.findings[0] + "']")
	p.Enter()
	stands(t, p, "finding")
	p.TabTo("input[name=severity_decided]")
	p.Press(" ")
	p.TabTo("form[action^='/findings/'] .btn-main")
	p.Enter()
	if p.Count(".note[role=status], .note [role=status], [role=status]") == 0 {
		t.Error("nothing says that it was saved")
	}
	p.TabTo("main a[href='/findings/" + h.findings[1] + "']")
	p.Enter()
	p.TabTo("main a[href$='/two']")
	p.Enter()
	stands(t, p, "two")
	p.TabTo("#two .btn-main, form#two .btn-main")
	p.Allow("422")
	p.Enter() // one place is still open
	stands(t, p, "two-open")
	p.Fill("textarea[name=_text]", "There is no lamp in cell 4.")
	p.TabTo("form#two .btn-main")
	p.Enter()
	if item := h.stored(record.Finding, h.findings[1]); len(item.Status.Conflicts) != 0 {
		t.Errorf("it still stands in two versions: %v", item.Status.Conflicts)
	}
	if os.Getenv("DAYLIGHT_SHOTS") == "" {
		return
	}
	h.parted(narrate, "There is no lamp in cell 4. A torch is lent.", "There are no lamps at all.")
	for _, s := range setups() {
		t.Run(s.Name(), func(t *testing.T) {
			p := b.signedInPage(t, s)
			for name, at := range map[string]string{"list": "/review", "desk": "/visits/" + h.visit + "/review?show=all", "finding": "/findings/" + h.findings[1], "said": "/findings/" + h.findings[0],
				"two": "/records/finding/" + h.findings[1] + "/two", "twos": "/two", "ask": "/comments/new?kind=finding&id=" + h.findings[0], "thread": "/comments/" + h.comments()[0].Id} {
				p.Visit(h.url + at)
				stands(t, p, name)
			}
		})
	}
}
