package console_test

import (
	"net/http"
	"os"
	"slices"
	"testing"

	"github.com/daylight-npm/daylight/internal/guide"
)

func TestTheGuideOfTheOfficeIsWholeInEachOfItsLanguages(t *testing.T) {
	g, err := guide.New(os.DirFS("guide"))
	if err != nil {
		t.Fatal(err)
	}
	if got := g.Languages(); !slices.Equal(got, []string{"en", "ru"}) {
		t.Fatalf("the guide is written in %v", got)
	}
	for _, wrong := range g.Check() {
		t.Error(wrong)
	}
}

func TestTheGuideIsReadByWhoeverCannotSignIn(t *testing.T) {
	w := newWorld(t)
	b := w.browser()
	b.get("/help").wants(http.StatusOK, "The first week", "The first recommendation")
	b.headers = map[string]string{"Accept-Language": "ru"}
	b.get("/help/recommend").wants(http.StatusOK, "Первая рекомендация")
	b.headers = map[string]string{"Accept-Language": "ar"}
	b.get("/help/recommend").wants(http.StatusOK, `lang="en" dir="ltr"`)
	for _, path := range []string{"/help/nothing", "/help/picture/en/nothing", "/help/picture/en/..%2f..%2fhelp.go"} {
		b.get(path).wants(http.StatusNotFound)
	}
	w.member(w.person("Reviewer", caseRole)).get("/help").wants(http.StatusOK, "Guide", "Sign out")
}
