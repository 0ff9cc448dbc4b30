package scenario

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// long are the stories that move much; -short, which is for the race detector,
// leaves them out.
var long = []string{"page-cut", "second-large-sync", "full-disk", "autosaves", "cut-anywhere", "restored-device"}

func TestStory(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) < 16 {
		t.Fatalf("%d stories (%v)", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			if testing.Short() && slices.Contains(long, name) {
				t.Skip("long")
			}
			t.Parallel()
			Play(t, file)
		})
	}
}
