package arch

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/daylight-npm/daylight"

// pkg is what `go list` tells about a package.
type pkg struct {
	ImportPath   string
	Name         string
	Imports      []string
	TestImports  []string
	XTestImports []string
	Deps         []string // transitive, without tests
}

// room is the package's name in the table.
func (p pkg) room() string { return short(p.ImportPath) }

// short cuts the module's path off a package of ours.
func short(name string) string { return strings.TrimPrefix(name, module+"/") }

func ours(name string) bool { return strings.HasPrefix(name, module+"/") }

func standard(name string) bool {
	first, _, _ := strings.Cut(name, "/")
	return !strings.Contains(first, ".")
}

func within(name string, trees ...string) bool {
	return slices.ContainsFunc(trees, func(tree string) bool {
		return name == tree || strings.HasPrefix(name, tree+"/")
	})
}

// house lists every package of the module, also the files that only `make soak`
// builds. A package that does not compile yet is listed all the same.
func house(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-tags=soak", "-json=ImportPath,Name,Imports,TestImports,XTestImports,Deps", "./...")
	cmd.Dir = "../.."
	var complaint bytes.Buffer
	cmd.Stderr = &complaint
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &complaint)
	}
	var all []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// A rule looks at one package and says what is wrong with it.
type rule struct {
	shows string
	check func(pkg) []string
}

var rules = []rule{
	{"every room has a row", hasRow},
	{"a room imports only what its row says", importsOfRow},
	{"test files import only what tests may", importsOfTests},
	{"names say what a package is about", wellNamed},
	{"only sqlitedb imports the SQLite driver", driverInOneRoom},
	{"device and server never reach each other", twoSides},
	{"the spreadsheet library stays off the device library", noSheetsOnDevices},
	{"nobody builds on the programs and the test worlds", nobodyOnTop},
	{"the device starts no processes", noProcesses},
}

func TestHouse(t *testing.T) {
	all := house(t)
	if len(all) == 0 {
		t.Fatal("go list found no package")
	}
	for _, r := range rules {
		t.Run(r.shows, func(t *testing.T) {
			for _, p := range all {
				for _, wrong := range r.check(p) {
					t.Errorf("%s %s", p.room(), wrong)
				}
			}
		})
	}
}

func rowOf(name string) (room, bool) {
	i := slices.IndexFunc(rooms, func(r room) bool { return r.name == name })
	if i < 0 {
		return room{}, false
	}
	return rooms[i], true
}

func hasRow(p pkg) []string {
	if _, ok := rowOf(p.room()); !ok {
		return []string{"is a new room: add a row for it to internal/arch/rooms_test.go that says what it may import"}
	}
	return nil
}

// covered reports whether one of the names in may allows the import.
func covered(may []string, name string) bool {
	return slices.ContainsFunc(may, func(m string) bool {
		if m == "*" || m == short(name) {
			return true
		}
		return !ours(name) && within(name, m)
	})
}

func uncovered(may, imports []string, by string) (wrong []string) {
	for _, name := range imports {
		if !standard(name) && !covered(may, name) {
			wrong = append(wrong, fmt.Sprintf("%s %s, which its row in internal/arch/rooms_test.go does not allow", by, short(name)))
		}
	}
	return wrong
}

func importsOfRow(p pkg) []string {
	row, _ := rowOf(p.room())
	return uncovered(row.may, p.Imports, "imports")
}

func importsOfTests(p pkg) []string {
	row, _ := rowOf(p.room())
	may := list(row.may, testsMay, testsOf[p.room()], p.room())
	return uncovered(may, slices.Concat(p.TestImports, p.XTestImports), "has a test that imports")
}

func wellNamed(p pkg) (wrong []string) {
	empty := []string{"util", "utils", "common", "model", "models", "type", "types", "helper", "helpers", "manager", "managers"}
	for _, name := range []string{p.Name, path.Base(p.ImportPath)} {
		if slices.Contains(empty, name) {
			wrong = append(wrong, fmt.Sprintf("is named %q, which says nothing: name it after what it promises", name))
		}
	}
	return slices.Compact(wrong)
}

func driverInOneRoom(p pkg) (wrong []string) {
	for _, name := range slices.Concat(p.Imports, p.TestImports, p.XTestImports) {
		if within(name, "modernc.org", "github.com/ncruces/go-sqlite3", "github.com/mattn/go-sqlite3") && p.room() != "internal/sqlitedb" {
			wrong = append(wrong, "imports "+name+": use internal/sqlitedb")
		}
	}
	return wrong
}

// reached lists which packages of ours in the trees p is built from.
func reached(p pkg, trees ...string) (names []string) {
	for _, name := range p.Deps {
		if ours(name) && within(short(name), trees...) {
			names = append(names, "is built from "+short(name))
		}
	}
	return names
}

func twoSides(p pkg) []string {
	switch {
	case within(p.room(), "client-sync"):
		return reached(p, "server")
	case within(p.room(), "server"):
		return reached(p, "client-sync")
	}
	return nil
}

func noSheetsOnDevices(p pkg) []string {
	if within(p.room(), "client-sync/cmd") {
		return reached(p, "internal/vocabulary/sheet")
	}
	if within(p.room(), "client-sync") && !within(p.room(), "client-sync/cmd") {
		return reached(p, "internal/checklist/xlsform", "internal/vocabulary/sheet")
	}
	return nil
}

func nobodyOnTop(p pkg) []string {
	if row, _ := rowOf(p.room()); slices.Equal(row.may, everything) {
		return nil
	}
	return reached(p, "internal/scenario", "internal/demo", "internal/bench")
}

// noProcesses: on Android up to 11 the system call behind os/exec ends the app.
func noProcesses(p pkg) []string {
	onDevice := slices.Contains(deviceRooms, p.room()) ||
		within(p.room(), "client-sync") && !within(p.room(), "client-sync/cmd")
	if onDevice && slices.Contains(p.Imports, "os/exec") {
		return []string{"imports os/exec, which ends the app on older Android"}
	}
	return nil
}

// Each rule is shown a package that breaks it, and one next to it that does not.
func TestRulesBite(t *testing.T) {
	in := func(name string, imports ...string) pkg {
		return pkg{ImportPath: module + "/" + name, Name: path.Base(name), Imports: imports, Deps: imports}
	}
	tests := func(name string, imports ...string) pkg {
		return pkg{ImportPath: module + "/" + name, Name: path.Base(name), TestImports: imports[:1], XTestImports: imports[1:]}
	}
	for _, c := range []struct {
		shows    string
		check    func(pkg) []string
		bad, not pkg
	}{
		{"a room without a row", hasRow, in("internal/attic"), in("internal/fold")},
		{"a package beside the rooms", hasRow, in("pkg"), in("server")},
		{"an import of ours", importsOfRow, in("internal/fold", module+"/internal/record"), in("internal/record", module+"/internal/fold")},
		{"an import below an allowed room", importsOfRow,
			in("client-sync/forms", module+"/internal/checklist/xlsform"), in("client-sync/forms", module+"/internal/checklist")},
		{"an import of another module", importsOfRow, in("internal/fold", "connectrpc.com/connect"), in("server", "connectrpc.com/connect")},
		{"a longer name than the allowed one", importsOfRow, in("server", "connectrpc.com/connectother"), in("server", "golang.org/x/text/language")},
		{"protobuf in the vault", importsOfRow, in("internal/vault", "google.golang.org/protobuf/proto"), in("internal/vault", "filippo.io/age", "crypto/rand")},
		{"the server in its pages", importsOfRow, in("server/console", module+"/server"), in("server/console", module+"/server/store")},
		{"a test that imports what only its neighbour may", importsOfTests,
			tests("internal/fold", "pgregory.net/rapid", "connectrpc.com/connect"), tests("internal/fold", "pgregory.net/rapid", module+"/internal/fold")},
		{"a test helper that we do not use", importsOfTests,
			tests("server", "github.com/google/go-cmp/cmp"), tests("server", module+"/internal/scenario")},
		{"an empty name", wellNamed, in("server/helpers"), in("server/store")},
		{"a second room with the driver", driverInOneRoom, in("internal/bench", "modernc.org/sqlite"), in("internal/sqlitedb", "modernc.org/sqlite")},
		{"a test with the driver", driverInOneRoom, tests("server/store", "modernc.org/sqlite/lib"), tests("server/store", "database/sql")},
		{"a device that holds the server", twoSides, in("client-sync/mobile", module+"/server/store"), in("client-sync/mobile", module+"/client-sync")},
		{"a server that holds the device", twoSides, in("server/cmd/daylightd", module+"/client-sync"), in("internal/scenario", module+"/client-sync")},
		{"a device library with spreadsheets", noSheetsOnDevices,
			in("client-sync/fieldapp", module+"/internal/checklist/xlsform"), in("client-sync/cmd/daylight", module+"/internal/checklist/xlsform")},
		{"a field binary with the translators' sheets", noSheetsOnDevices,
			in("client-sync/cmd/daylight", module+"/internal/vocabulary/sheet"), in("server/cmd/daylightd", module+"/internal/vocabulary/sheet")},
		{"a product on top of a test world", nobodyOnTop, in("server/servertest", module+"/internal/scenario"), in("internal/bench", module+"/internal/scenario")},
		{"a process on a device", noProcesses, in("client-sync", "os/exec"), in("client-sync/cmd/daylight", "os/exec")},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if len(c.check(c.bad)) == 0 {
				t.Errorf("%s with %q passes", c.bad.room(), c.bad.Imports)
			}
			if wrong := c.check(c.not); len(wrong) > 0 {
				t.Errorf("%s is refused: %s", c.not.room(), wrong)
			}
		})
	}
}

func TestRowsNameOnlyRoomsThatHaveARow(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range rooms {
		if seen[r.name] {
			t.Errorf("%s has two rows", r.name)
		}
		seen[r.name] = true
		for _, name := range r.may {
			if within(name, "internal", "server", "client-sync", "proto") {
				if _, ok := rowOf(name); !ok {
					t.Errorf("the row of %s allows %s, which is no room", r.name, name)
				}
			}
		}
	}
}
