package clientsync_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
)

// speaking are the files whose errors reach the person at a device. What only the commands
// of the office's server say is not among them.
var speaking = []string{
	"*.go", "../internal/record/*.go", "../internal/vault/*.go", "../internal/bundle/*.go", "../internal/enrol/*.go",
	"../internal/compartment/*.go", "../internal/likeness/*.go", "../internal/rpcerr/*.go", "../internal/sqlitedb/lock.go",
	"../server/identity.go", "../server/errors.go", "../server/team.go", "../server/witness.go", "../server/directory/caller.go",
}

// aside are texts in those files that no device is told: they are for lists and figures of
// the console, and for the log.
var aside = []string{
	"this page token", "this filter", "records of this kind are not listed", "Start again from the first page", "Leave it out.",
	"figures are of a time", "Give both days", "these figures", "these would be too many", "Choose a shorter time", "read it again and repeat the edit",
}

// spoken are the places of arguments and fields that are sentences.
var spoken = map[string][]int{
	"E": {1, 2}, "told": {2, 3}, "problem": {1}, "fault": {1, 2}, "badCode": {0}, "badEndpoint": {0}, "typed": {0}, "format": {2},
	"WeakError": {0}, "Refusal": {1, 2}, "Error": {0, 1}, "madeWrongly": {0}, "wrong": {0}, "New": nil,
}

// stands are what may come in the place of what is not written there: a part that another
// function says, a name.
var stands = []string{"x1", "what was sealed", "the record that is to be merged", "is not a date", "is not a UUID", "recovery.age", "DAYLIGHT1", "the folder is locked", "7"}

type said struct {
	where string
	texts []string // one for each of stands
}

// TestEverySentenceOfAnErrorHasACode: whoever adds a sentence to an error adds it to
// sentences.csv, so that catalogues can have it in other languages.
func TestEverySentenceOfAnErrorHasACode(t *testing.T) {
	all := saidIn(t)
	if len(all) < 300 {
		t.Fatalf("only %d sentences found: the test looks in the wrong place", len(all))
	}
	for _, s := range all {
		if slices.ContainsFunc(aside, func(a string) bool { return strings.Contains(s.texts[0], a) }) {
			continue
		}
		if !slices.ContainsFunc(s.texts, func(text string) bool { return clientsync.SentencesOf(text) != nil }) {
			t.Errorf("%s: no sentence of sentences.csv fits %q", s.where, s.texts[0])
		}
	}
}

func saidIn(t *testing.T) (out []said) {
	t.Helper()
	for _, glob := range speaking {
		paths, err := filepath.Glob(glob)
		if err != nil || len(paths) == 0 {
			t.Fatalf("%s: %v", glob, err)
		}
		files := token.NewFileSet()
		var parsed []*ast.File
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			f, err := parser.ParseFile(files, path, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			parsed = append(parsed, f)
		}
		r := reader{names: namesOf(parsed)}
		for _, f := range parsed {
			ast.Inspect(f, func(n ast.Node) bool {
				for _, x := range r.spokenBy(n) {
					if texts := r.texts(x); texts != nil {
						out = append(out, said{files.Position(x.Pos()).String(), texts})
					}
				}
				return true
			})
		}
	}
	return out
}

// namesOf are the package's strings by name.
func namesOf(files []*ast.File) map[string]ast.Expr {
	out := map[string]ast.Expr{}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok {
				for i, name := range v.Names {
					if i < len(v.Values) {
						out[name.Name] = v.Values[i]
					}
				}
			}
			return true
		})
	}
	return out
}

type reader struct{ names map[string]ast.Expr }

// spokenBy are the expressions of a node that a person reads.
func (r reader) spokenBy(n ast.Node) (out []ast.Expr) {
	name, args := "", []ast.Expr(nil)
	switch n := n.(type) {
	case *ast.CallExpr:
		name, args = lastName(n.Fun), n.Args
		if name == "problem" && len(args) < 2 || name == "Error" {
			return nil
		}
	case *ast.CompositeLit:
		name, args = lastName(n.Type), n.Elts
	}
	for _, i := range spoken[name] {
		if i < len(args) {
			out = append(out, args[i])
		}
	}
	if slices.ContainsFunc(args, func(x ast.Expr) bool { _, ok := x.(*ast.KeyValueExpr); return ok }) {
		out = nil
		for _, x := range args {
			kv, ok := x.(*ast.KeyValueExpr)
			if ok && slices.Contains([]string{"Error", "Problem"}, name) && slices.Contains([]string{"Message", "Hint", "Text"}, lastName(kv.Key)) {
				out = append(out, kv.Value)
			}
		}
	}
	return out
}

func lastName(x ast.Expr) string {
	switch x := x.(type) {
	case *ast.Ident:
		return x.Name
	case *ast.SelectorExpr:
		return x.Sel.Name
	}
	return ""
}

// texts are what an expression may come to, once for each of stands; nil for what is not
// written here at all, or empty.
func (r reader) texts(x ast.Expr) (out []string) {
	for _, stand := range stands {
		text, some := r.text(x, stand)
		if !some || strings.TrimSpace(text) == "" {
			return nil
		}
		out = append(out, text)
	}
	return out
}

var verb = regexp.MustCompile(`%[a-z]`)

// text evaluates an expression; false where nothing of it is written in words.
func (r reader) text(x ast.Expr, stand string) (string, bool) {
	switch x := x.(type) {
	case *ast.BasicLit:
		s, err := strconv.Unquote(x.Value)
		return s, err == nil
	case *ast.BinaryExpr:
		a, ok := r.text(x.X, stand)
		b, ok2 := r.text(x.Y, stand)
		return a + b, ok || ok2
	case *ast.Ident:
		if v, ok := r.names[x.Name]; ok {
			return r.text(v, stand)
		}
	case *ast.CallExpr:
		switch name := lastName(x.Fun); {
		case name == "New" && len(x.Args) == 1:
			return r.text(x.Args[0], stand)
		case (name == "Sprintf" || name == "Errorf") && len(x.Args) > 0:
			s, ok := r.text(x.Args[0], stand)
			return strings.ReplaceAll(verb.ReplaceAllStringFunc(s, func(v string) string {
				if v == "%s" || v == "%v" || v == "%q" {
					return stand
				}
				return "7"
			}), "%%", "%"), ok
		}
	}
	return stand, false
}

func TestATextIsTakenApart(t *testing.T) {
	for _, c := range []struct{ shows, text, want string }{
		{"two sentences", "the folder is locked; nothing was changed", "folder-locked nothing-changed"},
		{"one that has a semicolon", "holds 300 KiB; one field may hold 256 KiB", "why-field-large[have=300 most=256]"},
		{"a problem of a field", "narrative: holds a NUL character; nothing was saved", "at-field[field=narrative why=holds a NUL character] nothing-saved"},
		{"a problem with a semicolon of its own", "sessions[2].note: holds 300 KiB; one field may hold 256 KiB; nothing was saved", "at-field[field=sessions[2].note why=holds 300 KiB; one field may hold 256 KiB] nothing-saved"},
		{"a number", "Look at the keyboard's language and capitals, and try again. 4 tries are left; after that only the office's recovery key opens this folder.", "do-tries[n=4]"},
		{"a reason that nobody knows", "this bundle cannot be taken: strange; nothing of it was taken", "bundle-not-taken[why=strange] nothing-taken"},
		{"what a newer office says", "the office has moved to the moon; nothing was changed", ""},
		{"nothing", "", ""},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if got := fmt.Sprint(strings.Join(codesOf(clientsync.SentencesOf(c.text)), " ")); got != c.want {
				t.Errorf("%q", got)
			}
		})
	}
}

func codesOf(all []clientsync.Sentence) (out []string) {
	for _, s := range all {
		code := s.Code
		if len(s.Params) > 0 {
			code += strings.Replace(fmt.Sprint(s.Params), "map", "", 1)
			code = strings.ReplaceAll(code, ":", "=")
		}
		out = append(out, code)
	}
	return out
}

// TestCodesOfSentencesAreOnce: a code names one sentence, and a sentence has one code.
func TestCodesOfSentencesAreOnce(t *testing.T) {
	codes, texts := map[string]bool{}, map[string]bool{}
	for _, s := range clientsync.Sentences() {
		if codes[s.Code] || texts[s.English] || s.Code == "" || s.English == "" {
			t.Errorf("%s is there twice or empty: %q", s.Code, s.English)
		}
		codes[s.Code], texts[s.English] = true, true
	}
}

// TestTheFlagsOfThisPackageAreListed: beside those of the rules and of the forms.
func TestTheFlagsOfThisPackageAreListed(t *testing.T) {
	texts := clientsync.FlagTexts()
	for _, key := range []string{"rule.access-missing", "rule.access-step", "flag.checklist-open", "flag.checklist-finished-open"} {
		if texts[key] == "" {
			t.Errorf("%s is not listed", key)
		}
		if forms.FlagTexts()[key] != "" {
			t.Errorf("%s is one of the forms' as well", key)
		}
	}
}
