package compartment

import (
	"bytes"
	"errors"
	"io"
	"math/bits"

	"filippo.io/age"
)

const (
	// MaxContent is how many bytes can be sealed together: 96 KiB.
	MaxContent = 96 << 10
	// MaxSealed is how many bytes a body may have to be looked at: 128 KiB.
	MaxSealed = 128 << 10
	// minPadded is the least that a content has with its spaces.
	minPadded = 256

	intro = "age-encryption.org/v1\n"
	// maxStanzas is how many recipients a file may have to be looked at. There is
	// one; programs beside ours add some that are for nobody.
	maxStanzas = 16
)

// Seal makes a body of content, which is JSON: only the key whose public half this is
// opens it. Spaces at the end of content do not survive. The length of what it returns
// depends on the class of content's length alone. ErrTooLarge above MaxContent, ErrKey
// where public is not one.
func Seal(public string, content []byte) ([]byte, error) {
	if len(content) > MaxContent {
		return nil, tooLong(len(content))
	}
	r, err := x25519Recipient(public)
	if err != nil {
		return nil, &Error{
			Kind:    ErrKey,
			Message: "this is not the public half of a compartment's key; nothing was sealed, and the text is where it was",
			Hint:    "It is one line that begins with age1, in small letters. Where a record holds another, show it to the office.",
		}
	}
	return encrypt(r, pad(content))
}

// Open gives back what was sealed to k. ErrNotForKey where it was sealed to another
// key; ErrAltered where it was damaged or altered: what is damaged in its first lines
// looks like being for another key. ErrTooLarge above MaxSealed.
func (k Key) Open(sealed []byte) ([]byte, error) {
	if len(sealed) > MaxSealed {
		return nil, aBody.tooLarge(len(sealed), MaxSealed)
	}
	if k.IsZero() {
		return nil, aBody.notForKey(nil)
	}
	content, err := decrypt(aBody, sealed, k.pair())
	if err != nil {
		return nil, err
	}
	return bytes.TrimRight(content, " "), nil
}

// encrypt makes a file of age for one recipient.
func encrypt(r age.Recipient, content []byte) ([]byte, error) {
	var file bytes.Buffer
	w, err := age.Encrypt(&file, r)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(content); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return file.Bytes(), nil
}

// decrypt reads a file of age whose length the caller has bounded.
func decrypt(w what, file []byte, identity age.Identity) ([]byte, error) {
	switch n := stanzas(file); {
	case n == 0:
		return nil, w.altered(errors.New("not a file of age"))
	case n > maxStanzas:
		return nil, w.altered(errors.New("too many recipients"))
	}
	r, err := age.Decrypt(bytes.NewReader(file), identity)
	var noMatch *age.NoIdentityMatchError
	switch {
	case errors.As(err, &noMatch):
		return nil, w.notForKey(err)
	case err != nil:
		return nil, w.altered(err)
	}
	content, err := io.ReadAll(r)
	if err != nil {
		return nil, w.altered(err)
	}
	return content, nil
}

// stanzas counts the recipients in the header, before age makes anything of them.
func stanzas(file []byte) int {
	header, ok := bytes.CutPrefix(file, []byte(intro))
	end := bytes.Index(header, []byte("\n---"))
	if !ok || end < 0 {
		return 0
	}
	header = header[:end]
	n := bytes.Count(header, []byte("\n-> "))
	if bytes.HasPrefix(header, []byte("-> ")) {
		n++
	}
	return n
}

// pad is content with spaces behind it.
func pad(content []byte) []byte {
	padded := bytes.Repeat([]byte{' '}, padded(len(content)))
	copy(padded, content)
	return padded
}

// padded is the length that n bytes have with their spaces: Padmé's.
func padded(n int) int {
	if n <= minPadded {
		return minPadded
	}
	exponent := bits.Len(uint(n)) - 1
	loose := exponent - bits.Len(uint(exponent)) // Padmé's S = ⌊log2 E⌋+1 bits are kept
	mask := 1<<loose - 1
	return (n + mask) &^ mask
}
