package compartment

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// stock is the age program.
func stock(t *testing.T) func(stdin []byte, args ...string) []byte {
	t.Helper()
	program, err := exec.LookPath("age")
	if err != nil {
		t.Skip("NOT CHECKED: there is no age program here (on Debian: apt-get install age)")
	}
	return func(stdin []byte, args ...string) []byte {
		t.Helper()
		cmd := exec.Command(program, args...)
		var complaint bytes.Buffer
		cmd.Stdin, cmd.Stderr = bytes.NewReader(stdin), &complaint
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("age %v: %v\n%s", args, err, &complaint)
		}
		return out
	}
}

// TestStockAgeReadsAsDocSays: nobody depends on this program to get at what is theirs.
func TestStockAgeReadsAsDocSays(t *testing.T) {
	run, dir := stock(t), t.TempDir()
	k, office := newKey(t), newReader(t)
	write := func(name string, b []byte) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, b, 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	recovery := write("recovery.txt", []byte(office.identity+"\n"))
	body := seal(t, k, `{"note":"x"}`)
	key := write("key.txt", run(wrap(t, k, office.recipient), "-d", "-i", recovery))
	if got := run(body, "-d", "-i", key); string(bytes.TrimRight(got, " ")) != `{"note":"x"}` || len(got) != 256 {
		t.Errorf("got %q", got)
	}
}

func TestWhatStockAgeSealsOpens(t *testing.T) {
	run := stock(t)
	k, reader := newKey(t), newReader(t)
	got, err := k.Open(run([]byte(`{"note":"x"}`), "-r", k.Public()))
	if err != nil || string(got) != `{"note":"x"}` {
		t.Errorf("got %q, %v", got, err)
	}
	again, err := Unwrap(run([]byte(here.line()+k.Secret()+"\n"), "-r", reader.recipient), reader.identity, k.Public(), here)
	if err != nil || again.Secret() != k.Secret() {
		t.Error(err)
	}
}
