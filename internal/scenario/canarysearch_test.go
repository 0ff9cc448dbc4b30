package scenario

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// files are all in a folder, however deep.
func (w *canaries) files(dir string) (paths []string) {
	w.t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			paths = append(paths, path)
		}
		if os.IsNotExist(err) { // it went while we looked
			return nil
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return paths
}

// search finds canaries of these classes in a folder, in the names of files too; all
// classes when none is named.
func (w *canaries) search(dir string, classes ...class) (hits []string) {
	w.t.Helper()
	for _, path := range w.files(dir) {
		for _, where := range []struct {
			name string
			b    []byte
		}{{path, w.read(path)}, {"the name of " + path, []byte(filepath.Base(path))}} {
			w.mu.Lock()
			found := w.needles.in(where.b)
			w.mu.Unlock()
			for _, h := range found {
				if len(classes) == 0 && h.class != wrapped || slices.Contains(classes, h.class) {
					hits = append(hits, fmt.Sprintf("%s: %v", where.name, h))
				}
			}
		}
	}
	return hits
}

// looks fails if a canary is where it does not belong.
func (w *canaries) looks(when string) {
	w.t.Helper()
	var hits []string
	for _, dir := range append(slices.Clone(w.devices), w.aside, w.temporary) {
		hits = append(hits, w.search(dir)...)
	}
	hits = append(hits, w.search(w.store.Dir(), sealedText, secret)...)
	w.mu.Lock()
	for _, h := range w.needles.in(w.said.Bytes()) {
		if hit := fmt.Sprintf("what was said: %v, behind %q", h, w.said.Bytes()[max(0, h.at-80):h.at]); !w.known[hit] {
			w.known[hit] = true
			hits = append(hits, hit)
		}
	}
	w.mu.Unlock()
	w.complain(when, hits)
}

func (w *canaries) complain(when string, hits []string) {
	w.t.Helper()
	if len(hits) > 0 {
		w.t.Errorf("%s, %d canaries are in the clear:\n%s", when, len(hits), strings.Join(hits[:min(len(hits), 20)], "\n"))
	}
}

// gone fails unless a folder that was wiped has its lock's file and nothing else, and no
// file anywhere has a key as it was wrapped before.
func (w *canaries) gone(dir string) {
	w.t.Helper()
	if left := w.files(dir); len(left) != 1 || filepath.Base(left[0]) != "folder.lock" {
		w.t.Errorf("after wiping there are %v", left)
	}
	w.complain("after wiping", w.search(dir, wrapped))
	w.complain("after wiping", w.search(w.temporary, wrapped))
}

// A search that finds nothing proves something only if it would find it: every canary, in
// each form, is left behind in a file of a device.
func (w *canaries) finds() {
	w.t.Helper()
	var all []byte
	forms := 0
	for _, c := range w.planted() {
		seen := map[string]bool{}
		for _, b := range c.forms() {
			if !seen[string(b)] {
				seen[string(b)] = true
				all = append(append(all, b...), "\xff\x00vault\x00"...)
				forms++
			}
		}
	}
	path := filepath.Join(w.devices[0], "left behind")
	w.must(os.WriteFile(path, all, 0o600))
	if got := w.search(w.devices[0], openText, sealedText, identifier, address, secret, wrapped); len(got) < forms {
		w.t.Errorf("of %d forms that were left behind on a device %d would be found", forms, len(got))
	}
	w.must(os.Remove(path))
}

// Whatever stands in front of it, what is decided by a canary alone is looked for.
func TestBase64IsFoundAtEveryOffset(t *testing.T) {
	var n needles
	n.add(canary{openText, "a word", []byte("zhuldyzberdiyew"), true})
	for skew := range 7 {
		text := "an answer: " + base64Of(strings.Repeat("\x00x", skew)[:skew]+"zhuldyzberdiyew and more")
		if len(n.in([]byte(text))) != 1 {
			t.Errorf("behind %d bytes it is not found", skew)
		}
	}
	if hits := n.in([]byte("zhuldyzberdiye and zhuldyz")); len(hits) != 0 {
		t.Errorf("found %v", hits)
	}
}
