package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/server"
)

const identityUse = "a `file` with the recovery key, where the office's own does not open the bundle"

func bundleTake(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	identity := flags.String("identity", "", identityUse)
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		p, err := c.bundle(rest, *identity)
		if err != nil {
			return err
		}
		defer p.Close()
		t, err := o.post(ctx, p, nil)
		if err != nil {
			return err
		}
		c.saysTaken(t)
		if !t.ShutOut {
			c.say("Give the device an answer, so that it knows:\n  daylightd bundle answer --data %s --out ANSWER %s", flags.Lookup("data").Value, rest[0])
		}
		return attention(t)
	})
}

func bundleAnswer(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	identity := flags.String("identity", "", identityUse)
	out := flags.String("out", "", "the `file` to write the answer to; - for the standard output")
	force := flags.Bool("force", false, "write over a file that is there")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		switch {
		case *out == "":
			return misused("--out says where the answer goes, and is missing", c.how())
		case *out == "-" && c.json:
			return misused("--json needs a file here: an answer is not JSON", "Name a file with --out.")
		case *out == "-" && terminal(c.stdout):
			return misused("an answer is not text: it was not written to the screen", "Name a file, or send it to one with >.")
		}
		p, err := c.bundle(rest, *identity)
		if err != nil {
			return err
		}
		defer p.Close()
		var t server.BundleTaken
		if *out == "-" {
			if t, err = o.post(ctx, p, c.stdout); err == nil {
				c.stdout = c.stderr // the bytes alone are on the standard output
			}
		} else {
			err = whole(*out, *force, func(w io.Writer) error {
				t, err = o.post(ctx, p, w)
				return err
			})
		}
		if err != nil {
			return err
		}
		c.saysTaken(t)
		if *out != "-" {
			c.say("Wrote the answer to %s, with %s. That device alone can open it: daylight bundle take", *out, numbered(t.Records, "record", "records"))
		}
		return attention(t)
	})
}

// posted is a bundle on its way.
type posted struct {
	io.ReadCloser
	key    string
	broken error // why the file could not be read to its end
}

// Read implements io.Reader.
func (p *posted) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if err != nil && err != io.EOF {
		p.broken = err
	}
	return n, err
}

// bundle opens what the command names.
func (c *call) bundle(rest []string, identity string) (p *posted, err error) {
	key := ""
	if identity != "" {
		if key, err = identityIn(identity); err != nil {
			return nil, err
		}
	}
	if p, err = c.file(rest, "bundle"); err != nil {
		return nil, err
	}
	p.key = key
	return p, nil
}

// file opens what the command names, called what.
func (c *call) file(rest []string, what string) (*posted, error) {
	if len(rest) == 0 {
		return nil, misused("which "+what+" is missing", c.how())
	}
	if rest[0] == "-" {
		return &posted{ReadCloser: io.NopCloser(c.stdin)}, nil
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return nil, failed("the "+what+" cannot be read: "+err.Error(), "Look at the name, and whether you may read it.")
	}
	return &posted{ReadCloser: f}, nil
}

// identityIn reads a key file as the age tool writes it: lines with # are remarks.
func identityIn(path string) (string, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return "", failed("the recovery key cannot be read: "+err.Error(), "")
	}
	for line := range strings.Lines(string(b)) {
		if line = strings.TrimSpace(line); line != "" && !strings.HasPrefix(line, "#") {
			return line, nil
		}
	}
	return "", failed(path+" holds no key", "It is a file with a line AGE-SECRET-KEY-1...")
}

// post hands a bundle to the server, and what it answers to w; nil takes it only.
func (o operator) post(ctx context.Context, p *posted, w io.Writer) (t server.BundleTaken, err error) {
	url := localURL + server.BundlePath
	if w != nil {
		url += "?answer=1"
	}
	r, err := o.send(ctx, url, p, "bundle")
	if err != nil {
		return t, err
	}
	defer r.Body.Close()
	if w == nil {
		return t, json.NewDecoder(r.Body).Decode(&t)
	}
	if err := json.Unmarshal([]byte(r.Header.Get(server.BundleReport)), &t); err != nil {
		return t, err
	}
	if _, err := io.Copy(w, r.Body); err != nil {
		return t, fmt.Errorf("the answer was not written whole, and the bundle is taken: %w", err)
	}
	return t, nil
}

// send posts a file, called what, and gives the response where that is not a refusal.
func (o operator) send(ctx context.Context, url string, p *posted, what string) (*http.Response, error) {
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, p)
	if err != nil {
		return nil, err
	}
	q.Header.Set("Content-Type", "application/octet-stream")
	if p.key != "" {
		q.Header.Set(server.BundleKey, p.key)
	}
	r, err := o.http.Do(q)
	switch {
	case p.broken != nil:
		return nil, failed("the "+what+" could not be read to its end: "+p.broken.Error()+"; nothing of it was taken", "Copy it to this machine, and take the copy.")
	case ctx.Err() != nil:
		return nil, ctx.Err()
	case err != nil:
		return nil, connect.NewError(connect.CodeUnavailable, err)
	case r.StatusCode != http.StatusOK:
		defer r.Body.Close()
		return nil, refusal(r.Body)
	}
	return r, nil
}

// refusal reads an error in the form that Connect gives it over HTTP.
func refusal(body io.Reader) error {
	var e struct {
		Code    connect.Code `json:"code"`
		Message string       `json:"message"`
	}
	if err := json.NewDecoder(body).Decode(&e); err != nil {
		return failed("the office's answer cannot be read", "Look at the server's log.")
	}
	return connect.NewWireError(e.Code, errors.New(e.Message))
}

// whole writes a file whole or not at all.
func whole(path string, force bool, do func(io.Writer) error) error {
	if exists(path) && !force {
		return failed(path+" is there already; nothing was written, and nothing of the bundle was taken", "Name another file, or say --force.")
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".daylightd-*.part")
	if err != nil {
		return failed("the answer cannot be written: "+err.Error()+"; nothing of the bundle was taken", "Name a file in a folder where you may write.")
	}
	err = do(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	if err != nil {
		return errors.Join(err, os.Remove(f.Name()))
	}
	return nil
}

// saysTaken tells what a bundle held and what became of it.
func (c *call) saysTaken(t server.BundleTaken) {
	if c.json {
		c.print(t)
		return
	}
	c.say("A bundle of %s (%s), made %s by the clock of that device.", t.Person, t.Device, moment(t.Made.UnixMilli()))
	if t.Restored {
		c.say("Nothing of it was taken: the device has not heard yet that the office was restored from a backup.\n" +
			"Once it has the answer, it makes another bundle, with everything that the office lacks.")
		return
	}
	why := "whoever wrote them may not see what they change"
	if t.ShutOut {
		why = "this device is shut out"
	}
	c.saysCounts(t, why)
}

// saysCounts tells what became of the changes in a file, and why some of them are held.
func (c *call) saysCounts(t server.BundleTaken, held string) {
	c.say("%s; %s.", numbered(t.New, "change is new", "changes are new"), numbered(t.Known, "was here already", "were here already"))
	if t.Refused > t.Reasons[already] {
		c.say("Refused: %s. What they say is kept, and the device is told.", reasons(t.Reasons))
	}
	if t.Held > 0 {
		c.say("Held for a person at the office to look at: %d, because %s.", t.Held, held)
	}
	if t.Awaited > 0 {
		c.say("%s without content, which whoever brings it may not read: the office waits for it.", numbered(t.Awaited, "change came", "changes came"))
	}
	for _, a := range t.TurnedAway {
		c.say("Not taken: %s.", turnedAway(a))
	}
}

// already is the reason that nobody needs to see: the field has that value.
const already = "already"

var reasonWords = map[string]string{
	"stale":      "somebody else had changed the same before",
	"fixed":      "what they change cannot be changed",
	"too_large":  "too large",
	"denied":     "whoever wrote them may not do that",
	"kind":       "the record is of another kind",
	"unreadable": "not readable",
}

func reasons(count map[string]int) string {
	var out []string
	for _, r := range slices.Sorted(maps.Keys(count)) {
		if r == already {
			continue
		}
		word := reasonWords[r]
		if word == "" {
			word = r
		}
		out = append(out, fmt.Sprintf("%d (%s)", count[r], word))
	}
	return strings.Join(out, ", ")
}

// turnedAway says of what nothing was taken, and why.
func turnedAway(a server.TurnedAway) string {
	who := a.Who
	if who == "" {
		who = "a device"
	}
	if a.From == 0 {
		return "changes that cannot be read"
	}
	what := fmt.Sprintf("changes %d to %d of %s", a.From, a.Until, who)
	switch a.Why {
	case "gap":
		if a.MissingFrom < a.From {
			return fmt.Sprintf("%s, because changes %d to %d are missing", what, a.MissingFrom, a.From-1)
		}
		return what + ", because what comes before is not what the office has"
	case "certificate":
		return what + ", because the certificate has ended, or is not of who wrote under that name before"
	case "seal":
		return what + ", because their seal does not vouch for them"
	}
	return what + ", because they cannot be read"
}

// attention ends a command that a person should look at.
func attention(t server.BundleTaken) error {
	switch {
	case t.Restored:
		return problems("nothing of the bundle was taken", "Give the device its answer.")
	case len(t.TurnedAway) > 0:
		return problems(numbered(len(t.TurnedAway), "batch of changes was", "batches of changes were")+" not taken; the others were",
			"The device keeps them. Where some are missing, take the bundle that has them; or give the device its answer, and it sends all of them again.")
	case t.Held > 0:
		return problems(numbered(t.Held, "change is", "changes are")+" held for a person", "")
	}
	return nil
}

func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
