package console_test

import (
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

// TestARecommendationByKeyboard: from a finding to what was seen of it, on a phone, without
// script and without a finger.
func TestARecommendationByKeyboard(t *testing.T) {
	w := newPapers(t)
	b := w.member(w.person("Head of the department", headRole))
	p := browsertest.Open(t, browsertest.Setup{Device: browsertest.Phone, NoScript: true})
	p.Visit(w.url + "/sign-in")
	p.Fill("#f-name", b.person.GetName())
	p.Fill("#f-passphrase", good)
	p.Fill("#f-code", b.oneTime())
	p.Follow("form#sign-in .btn")

	p.Visit(w.url + "/recommendations/new?finding=" + w.bedding)
	p.Accessible()
	p.TabTo("textarea[name='texts[en]']")
	p.Press("Give each person a bed")
	p.TabTo("main .btn-main")
	p.Enter()
	main := func(says string) {
		t.Helper()
		p.TabTo("main .btn-main")
		p.Enter()
		if got := p.Text("main"); !strings.Contains(got, says) {
			t.Fatalf("%s does not say %q: %s", p.URL(), says, got)
		}
	}
	main("In review")
	main("Approved")
	p.Accessible()
	main("from the day of sending") // the page of issuing
	p.Accessible()
	main("It is issued")
	p.TabTo("a[href$='/answers/new']")
	p.Enter()
	p.Accessible()
	p.TabTo("select[name=response]")
	p.Press("Accepted")
	p.TabTo("textarea[name=text]")
	p.Press("A second post from 1 January")
	main("Response received")
	p.TabTo("a[href$='/assessments/new']")
	p.Enter()
	p.Accessible()
	p.TabTo("select[name='assessments[].status']")
	p.Press("Partly")
	main("Partly implemented")
	p.Accessible()
	p.Fits()
	for _, hidden := range p.Hidden() {
		t.Error(hidden)
	}
	p.TabTo(".crumbs a")
	p.Enter()
	if got := p.Text("table"); !strings.Contains(got, "R-2026-0001") || !strings.Contains(got, "Accepted") {
		t.Errorf("the list says %s", got)
	}
	p.Accessible()
	p.Fits()
}
