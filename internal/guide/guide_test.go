package guide

import (
	"strings"
	"testing"
	"testing/fstest"
)

func TestAChapterThatIsNotWrittenAsOneIsNotRead(t *testing.T) {
	for text, file := range map[string]string{
		"# Title":                            "en/01-x.md",
		"No title, but a paragraph.":         "en/01-x.md",
		"# Title\n\nLead.\n\n## Part\nclose": "en/01-x.md",
		"# Title\n\nLead.":                   "en/x.md",
	} {
		if _, err := New(fstest.MapFS{file: {Data: []byte(text)}}); err == nil || !strings.Contains(err.Error(), file) {
			t.Errorf("%q is read: %v", text, err)
		}
	}
}

func TestWhatIsWrongWithAGuideIsTold(t *testing.T) {
	g, err := New(fstest.MapFS{
		"en/01-a.md": {Data: []byte("# A\n\nLead.\n\n- one\n- two\n\n{no.such} and [nowhere](zzz)")},
		"ru/01-a.md": {Data: []byte("# А\n\nО чём.\n\n- один\n\nтекст")},
	})
	if err != nil {
		t.Fatal(err)
	}
	said := strings.Join(g.Check(), "\n")
	for _, want := range []string{`no page says "no.such"`, `there is no chapter "zzz"`, "stands where English has"} {
		if !strings.Contains(said, want) {
			t.Errorf("nothing says %q in:\n%s", want, said)
		}
	}
	if g, err = New(fstest.MapFS{"en/01-a.md": {Data: []byte("# A\n\nLead.")}}); err != nil || len(g.Check()) > 0 || g.Language("tk") != "ru" && g.Language("tk") != "en" {
		t.Errorf("%v %v", err, g.Check())
	}
}
