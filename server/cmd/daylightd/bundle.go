package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"

	"github.com/daylight-npm/daylight/server"
)

func bundleTake(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	identity := flags.String("identity", "", "a `file` with the recovery key, where the office's own does not open the bundle")
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
		if !t.Restored {
			c.say("Give the device its answer: daylightd bundle answer --data DIR --out FILE %s", rest[0])
		}
		return attention(t)
	})
}

func bundleAnswer(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	identity := flags.String("identity", "", "a `file` with the recovery key, where the office's own does not open the bundle")
	out := flags.String("out", "", "the `file` to write the answer to; - for the standard output")
	force := flags.Bool("force", false, "write over a file that is there")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if *out == "" {
			return misused("--out says where the answer goes, and is missing", c.how())
		}
		if *out == "-" && terminal(c.stdout) {
			return misused("an answer is not text: it was not written to the screen", "Name a file, or send it to one with >.")
		}
		p, err := c.bundle(rest, *identity)
		if err != nil {
			return err
		}
		defer p.Close()
		var t server.BundleTaken
		if *out == "-" {
			c.told = true // the bytes alone are on the standard output
			if t, err = o.post(ctx, p, c.stdout); err != nil {
				return err
			}
			return attention(t)
		}
		err = whole(*out, *force, func(w io.Writer) error {
			t, err = o.post(ctx, p, w)
			return err
		})
		if err != nil {
			return err
		}
		c.saysTaken(t)
		c.say("Wrote the answer to %s, with %s. Only that device can open it: daylight bundle take.", *out, numbered(t.Records, "record", "records"))
		return attention(t)
	})
}

// posted is a bundle on its way.
type posted struct {
	io.ReadCloser
	key string
}

// bundle opens what the command names.
func (c *call) bundle(rest []string, identity string) (p posted, err error) {
	if len(rest) == 0 {
		return p, misused("which bundle is missing", c.how())
	}
	if identity != "" {
		if p.key, err = identityIn(identity); err != nil {
			return p, err
		}
	}
	if rest[0] == "-" {
		p.ReadCloser = io.NopCloser(c.stdin)
		return p, nil
	}
	f, err := os.Open(rest[0])
	if err != nil {
		return p, failed("the bundle cannot be read: "+err.Error(), "")
	}
	p.ReadCloser = f
	return p, nil
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
func (o operator) post(ctx context.Context, p posted, w io.Writer) (t server.BundleTaken, err error) {
	url := localURL + server.BundlePath
	if w != nil {
		url += "?answer=1"
	}
	q, err := http.NewRequestWithContext(ctx, http.MethodPost, url, p)
	if err != nil {
		return t, err
	}
	q.Header.Set("Content-Type", "application/octet-stream")
	if p.key != "" {
		q.Header.Set(server.BundleKey, p.key)
	}
	r, err := o.http.Do(q)
	if err != nil {
		return t, failed("the office did not answer; what it has taken stays taken", "Run the command again: taken twice, a bundle changes nothing.")
	}
	defer r.Body.Close()
	if r.StatusCode != http.StatusOK {
		return t, refusal(r.Body)
	}
	if w == nil {
		return t, json.NewDecoder(r.Body).Decode(&t)
	}
	if _, err := io.Copy(w, r.Body); err != nil {
		return t, failed("the answer broke off; what the office has taken stays taken", "Run the command again, and look at the server's log if it stays.")
	}
	return t, json.Unmarshal([]byte(r.Trailer.Get(server.BundleReport)), &t)
}

// refusal reads an error in the form that Connect gives it over HTTP: what happened, and
// on the next line what to do.
func refusal(body io.Reader) error {
	var e struct {
		Message string `json:"message"`
	}
	if err := json.NewDecoder(body).Decode(&e); err != nil {
		return failed("the office's answer cannot be read", "Look at the server's log.")
	}
	what, hint, _ := strings.Cut(e.Message, "\n")
	return failed(what, hint)
}

// whole writes a file whole or not at all.
func whole(path string, force bool, do func(io.Writer) error) error {
	if exists(path) && !force {
		return failed(path+" is there already; nothing was written", "Name another file, or say --force.")
	}
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return failed("the file cannot be written: "+err.Error(), "")
	}
	err = do(f)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(part, path)
	}
	if err != nil {
		_ = os.Remove(part)
	}
	return err
}

// saysTaken tells what a bundle held and what became of it.
func (c *call) saysTaken(t server.BundleTaken) {
	if c.json {
		c.print(t)
	}
	c.say("A bundle of %s (%s), made on %s.", t.Person, t.Device, t.Made.Format("2006-01-02 15:04 MST"))
	if t.Restored {
		c.say("Nothing of it was taken: the device has not heard that the office was restored.\n" +
			"Give it the answer; the next bundle that it makes holds everything.")
		return
	}
	c.say("%s, %d known already.", numbered(t.New, "new change", "new changes"), t.Known)
	for _, x := range []struct {
		n    int
		text string
	}{
		{t.Refused, "refused; the device is told why"},
		{t.Held, "held for a person to admit"},
		{t.Awaited, "without their content: whoever has it brings it"},
	} {
		if x.n > 0 {
			c.say("  %d %s", x.n, x.text)
		}
	}
	for _, why := range t.TurnedAway {
		c.say("  turned away: %s", why)
	}
}

// attention ends a command that a person should look at.
func attention(t server.BundleTaken) error {
	if len(t.TurnedAway) > 0 {
		return problems(fmt.Sprintf("%s of changes turned away; what is said above was taken", numbered(len(t.TurnedAway), "batch was", "batches were")),
			"The device keeps them. Ask for the bundle that comes before, or let it sync.")
	}
	return nil
}

func numbered(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
