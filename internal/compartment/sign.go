package compartment

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"errors"

	"golang.org/x/mod/sumdb/note"
)

// signer is the name in the line of the signature. Which key it is, the hash behind the
// name says; what the office is called, the list.
const signer = "daylight-office-root"

// Sign is the list with the office's signature. Errors as of [List.Encode]; ErrList where
// the next root key is the one that signs; ErrRootKey for the zero RootKey.
func Sign(list List, root RootKey) ([]byte, error) {
	text, err := list.Encode()
	if err != nil {
		return nil, err
	}
	if root.IsZero() {
		return nil, notRootKey("there is none")
	}
	if list.NextRoot.Equal(root.Public()) {
		return nil, sameRoot()
	}
	s, err := newSigner(root)
	if err != nil {
		return nil, err
	}
	return note.Sign(&note.Note{Text: string(text)}, s)
}

// Verify reads what Sign wrote with the root key that the caller knows the office by, and
// not before a version: the newest that the caller has taken, 0 for none. The key is the
// office, whatever its name has become. ErrUnsigned where that key has not signed it, as
// on another office's list; ErrAltered where what it signed was another text; ErrOlder,
// ErrTooLarge, ErrList. A caller who has one of the same version takes the other only if
// they are the [Same]. After a list with a NextRoot, the caller knows the office by that.
func Verify(signed []byte, public ed25519.PublicKey, newest uint64) (List, error) {
	if len(signed) > MaxList {
		return List{}, largeList()
	}
	text, err := signedText(signed, public)
	if err != nil {
		return List{}, err
	}
	l, err := Parse(text)
	switch {
	case err != nil:
		return List{}, err
	case l.NextRoot.Equal(public):
		return List{}, sameRoot()
	case l.Version < newest:
		return List{}, &Error{
			Kind:    ErrOlder,
			Message: "this list of readers is older than the one that is known here; it was not taken, and who may read stays as it was",
			Hint:    "Have the office's server write the next list, and sign that. If a device says so without anybody having changed it, the server may have been set back: tell the office.",
		}
	}
	return l, nil
}

// Same reports whether two signed lists say the same, to the byte.
func Same(a, b []byte) bool { return bytes.Equal(a, b) }

// signedText is what the key has signed.
func signedText(signed []byte, public ed25519.PublicKey) ([]byte, error) {
	key, err := note.NewEd25519VerifierKey(signer, public)
	if err != nil {
		return nil, unsigned(err)
	}
	verifier, err := note.NewVerifier(key)
	if err != nil {
		return nil, err // only for a name that is wrong in this file
	}
	n, err := note.Open(signed, note.VerifierList(verifier))
	var (
		nobody *note.UnverifiedNoteError
		broken *note.InvalidSignatureError
	)
	switch {
	case errors.As(err, &nobody), err != nil && !bytes.Contains(signed, []byte("\n\n")):
		return nil, unsigned(err)
	case errors.As(err, &broken), err != nil:
		return nil, alteredList(err)
	case !oneForm(n, signed):
		return nil, alteredList(errors.New("not the one form of a signed list"))
	}
	return []byte(n.Text), nil
}

// oneForm refuses what a signed note may have and a signed list has not: signatures of
// others, the same one twice, and bits at the end of base 64 that are no byte's.
func oneForm(n *note.Note, signed []byte) bool {
	if len(n.Sigs) != 1 || len(n.UnverifiedSigs) > 0 {
		return false
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(n.Sigs[0].Base64)
	if err != nil || base64.StdEncoding.EncodeToString(raw) != n.Sigs[0].Base64 {
		return false
	}
	again, err := note.Sign(n)
	return err == nil && bytes.Equal(again, signed)
}

// noteSigner is note's signer over a RootKey, without a detour over its text.
type noteSigner struct {
	note.Verifier
	root RootKey
}

func newSigner(root RootKey) (note.Signer, error) {
	key, err := note.NewEd25519VerifierKey(signer, root.Public())
	if err != nil {
		return nil, err
	}
	v, err := note.NewVerifier(key)
	if err != nil {
		return nil, err
	}
	return noteSigner{v, root}, nil
}

func (s noteSigner) Sign(msg []byte) ([]byte, error) {
	return ed25519.Sign(s.root.pair(), msg), nil
}

func sameRoot() error {
	return notList(lineRoot, "the next root key is the one that signs, so nothing would change")
}

func unsigned(cause error) error {
	return &Error{
		Kind:    ErrUnsigned,
		Message: "this list of readers is not signed by the office's root key: it may be another office's, or nobody's; it was not taken, and who may read stays as it was",
		Hint:    "Sign the list with daylight office sign, on the desk that has the root key. If nobody at the office wrote it, somebody may be trying to read what is not theirs: tell the office.",
		Cause:   cause,
	}
}

func alteredList(cause error) error {
	return &Error{
		Kind:    ErrAltered,
		Message: "this list of readers was changed after it was signed; it was not taken, and who may read stays as it was",
		Hint:    "Take the signed file again, as it was written. If it stays so, somebody may have changed it: tell the office.",
		Cause:   cause,
	}
}
