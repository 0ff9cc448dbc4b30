package clientsync

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"strings"

	"github.com/daylight-npm/daylight/internal/compartment"
	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// SignReaders signs a list of who may read which compartment with the office's root key,
// "DAYLIGHT-ROOT-KEY-..." in capitals or not. It is for a desk that is not the office's
// server: the server proposes the list, and devices believe the signature alone. Show
// what [DescribeReaders] says of it to a person first. Errors have the code Invalid or
// TooLarge and repeat nothing of the key.
func SignReaders(list []byte, rootKey string) ([]byte, error) {
	l, err := compartment.Parse(list)
	if err != nil {
		return nil, explainReaders(err)
	}
	root, err := compartment.ParseRootKey(rootKey)
	if err != nil {
		return nil, explainReaders(err)
	}
	signed, err := compartment.Sign(l, root)
	return signed, explainReaders(err)
}

// DescribeReaders says for a person what a list of readers that is to be signed lets
// whom do: lines of text with everything that the list holds, and the six words of a next
// root key. Errors as of SignReaders.
func DescribeReaders(list []byte) (string, error) {
	l, err := compartment.Parse(list)
	if err != nil {
		return "", explainReaders(err)
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Who may read at: %s\nVersion %d, written %s\n\nRecovery key, for which everything is wrapped as well:\n  %s\n",
		l.Office, l.Version, l.Issued.Format("2006-01-02 15:04:05 MST"), l.Recovery)
	if l.NextRoot != nil {
		fmt.Fprintf(&b, "\nNEXT ROOT KEY: from this list on devices know the office by another key, and by this one no more:\n  %s\n  Its words: %s\n",
			compartment.PublicRoot(l.NextRoot), wordsOf(l.NextRoot))
	}
	for _, c := range compartment.Compartments() {
		readers := l.For(c)
		if len(readers) == 0 {
			fmt.Fprintf(&b, "\n%s: nobody\n", c)
			continue
		}
		fmt.Fprintf(&b, "\n%s: %d\n", c, len(readers))
		for _, r := range readers {
			fmt.Fprintf(&b, "  %s\n    device %s\n    key    %s\n", r.Name, r.Device, r.Recipient)
		}
	}
	return b.String(), nil
}

// RootWords gives the six words of the office's root key, with spaces between them.
// Where a device shows the same words, it knows the office by this key. Errors as of
// SignReaders.
func RootWords(rootKey string) (string, error) {
	root, err := compartment.ParseRootKey(rootKey)
	if err != nil {
		return "", explainReaders(err)
	}
	return wordsOf(root.Public()), nil
}

func wordsOf(root ed25519.PublicKey) string {
	words := compartment.RootWords(root)
	return strings.Join(words[:], " ")
}

// explainReaders is an error of a list or of the root key in the library's form.
func explainReaders(err error) error {
	var e *compartment.Error
	if !errors.As(err, &e) {
		return err
	}
	code := Invalid
	if errors.Is(err, compartment.ErrTooLarge) {
		code = TooLarge
	}
	return rpcerr.E(code, e.Message, e.Hint, err)
}
