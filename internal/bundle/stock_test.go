package bundle

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestStockAgeOpensIt: nobody depends on this program to get at what is theirs.
func TestStockAgeOpensIt(t *testing.T) {
	program, err := exec.LookPath("age")
	if err != nil {
		t.Skip("NOT CHECKED: there is no age program here (on Debian: apt-get install age)")
	}
	dir := t.TempDir()
	reader, frames := newIdentity(t), sampleFrames(toOffice, 3)
	file, key := filepath.Join(dir, "office.bundle"), filepath.Join(dir, "key.txt")
	for path, b := range map[string][]byte{
		file: write(t, sampleHeader(toOffice), []string{newIdentity(t).Recipient(), reader.Recipient()}, frames...),
		key:  []byte(reader.Secret() + "\n"),
	} {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	plaintext, err := exec.Command(program, "-d", "-i", key, file).Output()
	if err != nil {
		t.Fatal(err)
	}
	pressed, ok := bytes.CutPrefix(plaintext, begins)
	if !ok {
		t.Fatalf("it begins with %q", plaintext[:min(len(plaintext), 20)])
	}
	all := messages(t, unpress(t, pressed))
	if len(all) != 5 {
		t.Fatalf("it has %d messages", len(all))
	}
	for i, want := range frames {
		var got daylightv1.BundleFrame
		if err := proto.Unmarshal(all[i+1], &got); err != nil || !proto.Equal(&got, want) {
			t.Errorf("frame %d: got %v, %v", i+1, &got, err)
		}
	}

	t.Run("and what it locks is read", func(t *testing.T) {
		cmd := exec.Command(program, "-r", reader.Recipient())
		cmd.Stdin = bytes.NewReader(plaintext)
		again, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		got, err := takeBytes(again, reader)
		if err != nil {
			t.Fatal(err)
		}
		wantFrames(t, got, frames)
	})
}
