package compartment

import (
	"crypto/sha256"
	"fmt"
	"strings"

	"filippo.io/age"
)

const (
	placeBegins = "# daylight "
	wrapDomain  = "daylight/v1 wrap\x00"
	// maxWrap bounds what is looked at: a hybrid one has 1.9 KiB.
	maxWrap = 8 << 10
)

// WrapID is the id under which the wrap for a recipient is kept: the text of a UUID of
// version 8. Everybody who wraps for the same recipient gets the same.
func WrapID(recipient string) string {
	id := sha256.Sum256([]byte(wrapDomain + recipient))
	id[6] = id[6]&0x0f | 0x80 // version 8
	id[8] = id[8]&0x3f | 0x80 // the variant of RFC 9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", id[:4], id[4:6], id[6:8], id[8:10], id[10:16])
}

// Place is what a key is for: one compartment of one visit, by the text of its id.
type Place struct {
	Compartment Compartment
	Visit       string
}

// line is how a wrap says it: a comment, to age.
func (p Place) line() string {
	return fmt.Sprintf(placeBegins+"%s of visit %s\n", p.Compartment, p.Visit)
}

// Wrap encrypts the secret half for somebody who may read what is in that place.
// ErrRecipient where nothing can be wrapped for recipient, ErrKey for the zero Key.
func (k Key) Wrap(recipient string, of Place) ([]byte, error) {
	r, err := parseRecipient(recipient)
	if err != nil {
		return nil, err
	}
	if k.IsZero() {
		return nil, &Error{
			Kind:    ErrKey,
			Message: "there is no key to wrap; nothing was changed",
			Hint:    "Whoever may read the record already can let others read it.",
		}
	}
	return encrypt(r, []byte(of.line()+k.Secret()+"\n"))
}

// Unwrap gives the key that was wrapped for an identity, if it is the one whose public
// half this is, and was wrapped for that place: a wrap in a record that names another is
// an attempt to have it given to other readers. ErrIdentity where identity is not one;
// ErrNotForKey, ErrAltered and ErrTooLarge as for Key.Open; ErrOtherKey where another key
// was wrapped, or for another place.
func Unwrap(wrap []byte, identity, public string, of Place) (Key, error) {
	if len(wrap) > maxWrap {
		return Key{}, aWrap.tooLarge(len(wrap), maxWrap)
	}
	i, err := parseIdentity(identity)
	if err != nil {
		return Key{}, err
	}
	content, err := decrypt(aWrap, wrap, i)
	if err != nil {
		return Key{}, err
	}
	place, rest, _ := strings.Cut(string(content), "\n")
	secret, whole := strings.CutSuffix(rest, "\n")
	k, err := ParseKey(secret)
	switch {
	case err != nil || !whole || !strings.HasPrefix(place, placeBegins):
		return Key{}, aWrap.altered(err)
	case k.Public() != public || place+"\n" != of.line():
		return Key{}, otherKey()
	}
	return k, nil
}

// HoldsKey reports whether this, out of a wrap that was opened, is a compartment's key.
func HoldsKey(content []byte) bool {
	place, rest, _ := strings.Cut(string(content), "\n")
	secret, whole := strings.CutSuffix(rest, "\n")
	_, err := ParseKey(secret)
	return err == nil && whole && strings.HasPrefix(place, placeBegins)
}

// CheckRecipient says why nothing can be wrapped for this, or nothing. A recipient is
// X25519 or hybrid, in the one text that it has; keys of SSH and of plugins are none.
// Its error does not repeat the text, which may be a secret in the wrong place.
func CheckRecipient(s string) error {
	_, err := parseRecipient(s)
	return err
}

func parseRecipient(s string) (age.Recipient, error) {
	if strings.HasPrefix(s, "age1pq1") {
		if r, err := age.ParseHybridRecipient(s); err == nil && r.String() == s {
			return r, nil
		}
	} else if r, err := x25519Recipient(s); err == nil {
		return r, nil
	}
	return nil, &Error{
		Kind:    ErrRecipient,
		Message: "this is not a key that something can be wrapped for; nothing was wrapped",
		Hint:    "It is one line that begins with age1 or age1pq1, in small letters: give the whole of it. Keys of SSH and of plugins are not taken.",
	}
}

// x25519Recipient also tries the key: there are points on the curve to which nothing
// can be encrypted. Its error is for nobody.
func x25519Recipient(s string) (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(s)
	if err != nil {
		return nil, ErrRecipient
	}
	if _, err := r.Wrap(make([]byte, 16)); err != nil || r.String() != s {
		return nil, ErrRecipient
	}
	return r, nil
}

func parseIdentity(s string) (age.Identity, error) {
	if strings.HasPrefix(s, "AGE-SECRET-KEY-PQ-1") {
		if i, err := age.ParseHybridIdentity(s); err == nil && i.String() == s {
			return i, nil
		}
	} else if i, err := age.ParseX25519Identity(s); err == nil && i.String() == s {
		return i, nil
	}
	return nil, notIdentity()
}

func notIdentity() error {
	return &Error{
		Kind:    ErrIdentity,
		Message: "this is not a secret key that something can be wrapped for; nothing was opened",
		Hint:    "It is one line that begins with AGE-SECRET-KEY-1 or AGE-SECRET-KEY-PQ-1, in capitals: give the whole of it.",
	}
}
