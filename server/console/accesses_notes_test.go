package console

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/server/directory"
)

// leavesNote are the functions of which an argument is a note of the access log.
var leavesNote = []string{"log", "Log", "Line", "shown", "arrived", "byName", "exported", "witness"}

// notesIn finds the fixed texts that a file leaves in the access log: arguments, and what is
// given to something called note or a map of notes.
func notesIn(f *ast.File, found func(string)) {
	literal := func(n ast.Node) {
		if b, ok := n.(*ast.BinaryExpr); ok { // what a note begins with
			n = b.X
		}
		if l, ok := n.(*ast.BasicLit); ok && l.Kind == token.STRING {
			if s, err := strconv.Unquote(l.Value); err == nil && strings.Contains(s, " ") {
				found(s)
			}
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			name := ""
			switch fun := n.Fun.(type) {
			case *ast.SelectorExpr:
				name = fun.Sel.Name
			case *ast.Ident:
				name = fun.Name
			}
			if slices.Contains(leavesNote, name) {
				for _, a := range n.Args {
					literal(a)
				}
			}
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if id, ok := to.(*ast.Ident); ok && id.Name == "note" && len(n.Rhs) == len(n.Lhs) {
					literal(n.Rhs[i])
				}
			}
		case *ast.FuncDecl:
			if at := resultAt(n, "note"); at >= 0 {
				ast.Inspect(n, func(n ast.Node) bool {
					if r, ok := n.(*ast.ReturnStmt); ok && len(r.Results) > at {
						literal(r.Results[at])
					}
					return true
				})
			}
		case *ast.ValueSpec:
			if len(n.Names) == 1 && strings.HasSuffix(n.Names[0].Name, "Notes") && len(n.Values) == 1 {
				if all, ok := n.Values[0].(*ast.CompositeLit); ok {
					for _, e := range all.Elts {
						literal(e.(*ast.KeyValueExpr).Value)
					}
				}
			}
		}
		return true
	})
}

// resultAt is the place of a function's result of that name, -1 for none.
func resultAt(f *ast.FuncDecl, name string) int {
	at := 0
	if f.Type.Results == nil {
		return -1
	}
	for _, field := range f.Type.Results.List {
		for _, n := range field.Names {
			if n.Name == name {
				return at
			}
			at++
		}
	}
	return -1
}

// TestEveryNoteOfTheAccessLogHasWords: the sources are walked, so that a new note is not
// shown in English to somebody who does not read it.
func TestEveryNoteOfTheAccessLogHasWords(t *testing.T) {
	notes := map[string]string{}
	for _, dir := range []string{"../directory", "../signin", "..", "../cmd/daylightd"} {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && path != dir {
				if d != nil && d.IsDir() {
					return fs.SkipDir
				}
				return err
			}
			if d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
				return nil
			}
			f, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
			if err == nil {
				notesIn(f, func(s string) { notes[s] = path })
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	if len(notes) < 40 {
		t.Fatalf("only %d notes were found: the test looks in the wrong place", len(notes))
	}
	for note, path := range notes {
		if _, known := noteKeys[note]; !known && note != notedFormat {
			t.Errorf("%s leaves %q, which has no words in noteKeys", path, note)
		}
	}
	for note, key := range noteKeys {
		if _, left := notes[note]; !left {
			t.Errorf("nothing leaves %q (%s)", note, key)
		}
	}
	for _, n := range []int{1, 2, 5} {
		for _, what := range []string{"listed", "sent"} {
			if note := directory.Count(n, what); restrictedNote.FindStringSubmatch(note) == nil {
				t.Errorf("%q is not read as a count", note)
			}
		}
	}
}
