package scenario

import (
	"path/filepath"
	"strings"
	"testing"
)

func TestStory(t *testing.T) {
	files, err := filepath.Glob("testdata/stories/*.txtar")
	if err != nil || len(files) < 16 {
		t.Fatalf("%d stories (%v)", len(files), err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txtar"), func(t *testing.T) {
			t.Parallel()
			Play(t, file)
		})
	}
}
