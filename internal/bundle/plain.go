package bundle

import (
	"bufio"
	"bytes"
	"errors"
	"io"

	"filippo.io/age"
)

// Encrypt gives a file of age around whatever is written to it, for the same recipients
// as a bundle. Close ends it. What is rescued from a device goes to the office so.
func Encrypt(w io.Writer, to []string) (io.WriteCloser, error) {
	recipients, err := parseRecipients(to)
	if err != nil {
		return nil, err
	}
	return age.Encrypt(w, recipients...)
}

// ageBegins is the first line of a file of age.
const ageBegins = "age-encryption.org/v1\n"

// Decrypt gives what Encrypt was given, and anything that is not encrypted as it is.
// ErrElse where none of the identities opens it.
func Decrypt(r io.Reader, identities ...Identity) (io.Reader, error) {
	in := bufio.NewReader(r)
	begin, err := in.Peek(len(ageBegins))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if !bytes.Equal(begin, []byte(ageBegins)) {
		return in, nil
	}
	var keys []age.Identity
	for _, i := range identities {
		if !i.IsZero() {
			keys = append(keys, i.key)
		}
	}
	if len(keys) == 0 {
		return nil, forSomebodyElse(nil)
	}
	opened, err := age.Decrypt(in, keys...)
	if err != nil {
		return nil, forSomebodyElse(err)
	}
	return opened, nil
}
