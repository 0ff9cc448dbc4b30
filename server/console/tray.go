package console

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/signin"
)

// A file that somebody brings is looked at on one page and taken on another. Between the two
// it stands in this program's memory: never on a disk, and not in the page either, which
// would be as large as the file and would leave it in a browser. It goes when it is taken,
// after half an hour, when its person brings another, and when the program ends.

const (
	// mostBrought bounds one file, within what the server reads of any request: a register
	// of 20,000 places has less.
	mostBrought = 4_000_000
	// mostHeld bounds how many stand there at once: the one that was not looked at for the
	// longest goes first.
	mostHeld = 8
	// heldFor is how long one is held after it was last looked at.
	heldFor = 30 * time.Minute
)

// brought is a file that came with a form.
type brought struct {
	name string
	data []byte
	// told is what its person said of it since.
	told url.Values
}

// tray holds what people have brought.
type tray struct {
	mu    sync.Mutex
	files map[string]*onTray
}

type onTray struct {
	brought
	purpose string
	person  record.ID
	until   time.Time
}

// put holds a file for its person and gives the name by which they come back to it.
func (y *tray) put(purpose string, person record.ID, b brought, now time.Time) string {
	var name [16]byte
	rand.Read(name[:])
	y.mu.Lock()
	defer y.mu.Unlock()
	if y.files == nil {
		y.files = map[string]*onTray{}
	}
	for at, f := range y.files {
		if !now.Before(f.until) || f.purpose == purpose && f.person == person {
			delete(y.files, at)
		}
	}
	if len(y.files) >= mostHeld {
		delete(y.files, y.stalest())
	}
	at := hex.EncodeToString(name[:])
	y.files[at] = &onTray{b, purpose, person, now.Add(heldFor)}
	return at
}

func (y *tray) stalest() (at string) {
	for name, f := range y.files {
		if at == "" || f.until.Before(y.files[at].until) {
			at = name
		}
	}
	return at
}

// get gives a file to the person who brought it, and to nobody else.
func (y *tray) get(purpose string, person record.ID, at string, now time.Time) (brought, bool) {
	y.mu.Lock()
	defer y.mu.Unlock()
	f := y.files[at]
	if f == nil || f.purpose != purpose || f.person != person || !now.Before(f.until) {
		return brought{}, false
	}
	f.until = now.Add(heldFor)
	return f.brought, true
}

// tell keeps what the person says of a file.
func (y *tray) tell(at string, told url.Values) {
	y.mu.Lock()
	defer y.mu.Unlock()
	if f := y.files[at]; f != nil {
		f.told = told
	}
}

func (y *tray) drop(at string) {
	y.mu.Lock()
	defer y.mu.Unlock()
	delete(y.files, at)
}

// fileField is the control that a file comes with.
const fileField = "file"

// file mounts a post that brings a file; freshFile is for whoever has just proved who they
// are.
func (c *Console) file(path string, who allow, do func(*turn, *look.Form, brought) error) {
	c.handle("POST "+path, signedIn(who, readingFile(do)))
}

func (c *Console) freshFile(path string, who allow, do func(*turn, *look.Form, brought) error) {
	c.handle("POST "+path, signedIn(who, fresh((*signin.Session).Fresh, readingFile(do))))
}

func readingFile(do func(*turn, *look.Form, brought) error) func(*turn) error {
	return func(t *turn) error {
		f, b, err := t.readFile()
		if err != nil {
			return err
		}
		return do(t, f, b)
	}
}

// readFile reads a form with one file. What is no file, or too large, is refused beside its
// control.
func (t *turn) readFile() (*look.Form, brought, error) {
	var b brought
	parts, err := t.r.MultipartReader()
	if err != nil {
		return nil, b, look.ErrForm
	}
	values, large := url.Values{}, false
	for range 50 {
		p, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return t.fileForm(values, b, large)
		}
		var data []byte
		if err == nil {
			data, err = io.ReadAll(io.LimitReader(p, mostBrought+1))
		}
		if most := (*http.MaxBytesError)(nil); errors.As(err, &most) {
			return t.fileForm(values, b, true)
		}
		if err != nil {
			return nil, b, look.ErrForm
		}
		if p.FormName() == fileField {
			b, large = brought{name: p.FileName(), data: data}, len(data) > mostBrought
		} else if err := addValue(values, p, data); err != nil {
			return nil, b, err
		}
	}
	return nil, b, look.ErrForm
}

func addValue(values url.Values, p *multipart.Part, data []byte) error {
	if len(data) > look.MaxAnswer {
		return look.ErrForm
	}
	values.Add(p.FormName(), string(data))
	return nil
}

func (t *turn) fileForm(values url.Values, b brought, large bool) (*look.Form, brought, error) {
	f, err := look.FormOf(t.locale, values)
	switch {
	case err != nil:
	case large:
		f.Refuse(fileField, t.say("office-import.too-large", "limit", t.locale.Bytes(mostBrought)))
	case len(b.data) == 0:
		f.Refuse(fileField, t.say("office-import.no-file"))
	}
	return f, b, err
}
