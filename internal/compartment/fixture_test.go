package compartment

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The files in testdata were made by other programs: bodies, keys and the wrap for
// X25519 by age 1.1.1, the hybrid wrap by a program of ten lines, the signed lists by
// one in another language, the recovery keys by age-keygen and by such a program. They
// open for ever.
func fixture(t testing.TB, parts ...string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(append([]string{"testdata"}, parts...)...))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func fixtureLine(t testing.TB, parts ...string) string {
	t.Helper()
	return strings.TrimSuffix(string(fixture(t, parts...)), "\n")
}

var fixtures = []struct {
	name, content, office string
	version               uint64
	readers               int
	words                 string
	next                  string
}{
	{
		"x25519", `{"note":"He said that the light in Cell 4 is never put out.","language":"en"}`, "The Office", 3, 2,
		"sauna hatchback blend poking remover preoccupy", "",
	},
	{
		"hybrid", `{"note":"Сказав, що в камері 4 завжди темно.","language":"uk"}`, "Офіс Уповноваженого", 1, 1,
		"sworn contort postnasal deceased marsupial crummy", "XkIwMwRPVqE6aGeZSHvL+mPdHjkgTOwn3TmibaphVig=",
	},
}

func TestWhatWasOnceSealedOpensForEver(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.name, func(t *testing.T) {
			want, err := ParseKey(fixtureLine(t, f.name, "key.txt"))
			if err != nil {
				t.Fatal(err)
			}
			k, err := Unwrap(fixture(t, f.name, "wrap"), fixtureLine(t, f.name, "identity.txt"), want.Public(), here)
			if err != nil || k.Secret() != want.Secret() {
				t.Fatal(err)
			}
			content, err := k.Open(fixture(t, f.name, "body"))
			if err != nil || string(content) != f.content {
				t.Errorf("got %q, %v", content, err)
			}
		})
	}
}

func TestAListOnceSignedIsVerifiedForEver(t *testing.T) {
	for _, f := range fixtures {
		t.Run(f.name, func(t *testing.T) {
			root, err := ParseRootKey(string(fixture(t, f.name, "root.txt")))
			if err != nil {
				t.Fatal(err)
			}
			signed := fixture(t, f.name, "readers.txt")
			l, err := Verify(signed, root.Public(), f.version)
			if err != nil || len(l.Readers) != f.readers || l.Office != f.office || PublicRoot(l.NextRoot) != f.next {
				t.Fatalf("got %v, %v", l, err)
			}
			recovery, err := ParseRecoveryKey(string(fixture(t, f.name, "recovery.txt")))
			if err != nil || l.Recovery != recovery.Recipient() {
				t.Errorf("got %s, %v", l.Recovery, err)
			}
			if !Same(sign(t, l, root), signed) {
				t.Error("we sign it otherwise")
			}
			words := RootWords(root.Public())
			if got := strings.Join(words[:], " "); got != f.words {
				t.Errorf("the words are %q", got)
			}
		})
	}
}
