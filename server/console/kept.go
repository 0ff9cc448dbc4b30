package console

import (
	"crypto/aes"
	"crypto/cipher"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
)

// keeper seals what was posted without a session into the page that asks to sign in, so that
// nothing typed is lost and nothing of it can be read there. The key lasts as long as the
// program.
type keeper struct{ box cipher.AEAD }

func newKeeper(random io.Reader) (*keeper, error) {
	key := make([]byte, 32)
	if _, err := io.ReadFull(random, key); err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	box, err := cipher.NewGCMWithRandomNonce(block)
	return &keeper{box}, err
}

// kept is a post that was not taken.
type kept struct {
	// Person is whose session it was: nobody else is offered it.
	Person string     `json:"p"`
	To     string     `json:"t"`
	Values url.Values `json:"v"`
}

// mostKept bounds what is kept: it comes back with a form of somebody who is nobody yet.
const mostKept = 36 << 10

// secretFields are never kept.
var secretFields = []string{"passphrase", "again", "code", "answer", "kept", "back"}

func (k *keeper) seal(p kept) string {
	for _, name := range secretFields {
		delete(p.Values, name)
	}
	b, err := json.Marshal(p)
	if err != nil || len(b) > mostKept {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(k.box.Seal(nil, nil, b, nil))
}

func (k *keeper) open(s string) (p kept, ok bool) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return p, false
	}
	if b, err = k.box.Open(nil, nil, b, nil); err != nil {
		return p, false
	}
	return p, json.Unmarshal(b, &p) == nil
}

func (c *Console) keptRoutes() {
	c.post("/kept", nil, func(t *turn, f *look.Form) error { return t.giveBack(f.Value("kept"), "/") })
}

// keep seals the post of a request whose session has ended; empty for what is none.
func (t *turn) keep(person record.ID) string {
	if t.r.Method != http.MethodPost || person == (record.ID{}) {
		return ""
	}
	f, err := look.ReadForm(t.locale, t.r)
	if err != nil {
		return ""
	}
	values := url.Values{}
	for _, name := range f.Names() {
		values[name] = f.Values(name)
	}
	return t.keeper.seal(kept{person.String(), localPath(t.r.URL.RequestURI()), values})
}

// giveBack offers whoever has signed in what they had posted, or leads on to an address.
func (t *turn) giveBack(sealed, to string) error {
	p, ok := t.keeper.open(sealed)
	if !ok || t.session == nil || p.Person != t.session.PersonID.String() {
		return t.to(to)
	}
	form := look.Questions{Action: p.To}
	var words []look.Part
	for _, name := range slices.Sorted(func(yield func(string) bool) {
		for name := range p.Values {
			if !yield(name) {
				return
			}
		}
	}) {
		for _, v := range p.Values[name] {
			form.Hidden = append(form.Hidden, look.Hidden{Name: name, Value: v})
			if len(v) > 3 && name != "as" && name != "seen" {
				words = append(words, look.Prose{Text: look.Typed(v)})
			}
		}
	}
	form.Body = []look.Part{look.Cluster{Body: []look.Part{
		look.Button{Text: t.say("office-sign.kept-send"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-sign.kept-leave"), Href: p.To}}}}
	if len(words) > 0 {
		form.Body = append([]look.Part{look.Leaf{Heading: t.say("office-sign.kept-what"), Body: words}}, form.Body...)
	}
	return t.show(sheet{title: t.say("office-sign.kept"), lede: t.say("office-sign.kept-body"), body: []look.Part{form}})
}
