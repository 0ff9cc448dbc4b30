package compartment

import (
	"bytes"
	"strconv"
	"strings"
	"time"
)

// maxText leaves room for the signature in MaxList.
const maxText = MaxList - 1024

// Parse reads the text that Encode wrote and no other: a space too many, another order
// or a line that is not known makes it ErrList, with the line where it is wrong.
// ErrTooLarge as for Encode. The text is not signed; see [Verify] for one that is.
func Parse(text []byte) (List, error) {
	if len(text) > maxText {
		return List{}, largeList()
	}
	body, whole := strings.CutSuffix(string(text), "\n")
	lines := strings.Split(body, "\n")
	switch {
	case lines[0] != listBegins:
		return List{}, notList(lineBegins, "it does not begin with "+strconv.Quote(listBegins))
	case len(lines) < lineRecovery || !whole:
		return List{}, notList(len(lines), "it ends too early")
	case len(lines) > lineRoot+MaxReaders:
		return List{}, largeList()
	}
	l, err := parseFront(lines)
	if err != nil {
		return List{}, err
	}
	first := l.lineReaders()
	for i, line := range lines[first-1:] {
		r, err := parseReader(first+i, line)
		if err != nil {
			return List{}, err
		}
		l.Readers = append(l.Readers, r)
	}
	return l, l.is(text)
}

func parseFront(lines []string) (l List, err error) {
	var ok bool
	if l.Office, ok = strings.CutPrefix(lines[lineOffice-1], "office "); !ok {
		return List{}, notList(lineOffice, "it does not name the office")
	}
	version, ok := strings.CutPrefix(lines[lineVersion-1], "version ")
	if l.Version, err = strconv.ParseUint(version, 10, 64); err != nil || !ok {
		return List{}, notList(lineVersion, "it does not say the version")
	}
	issued, ok := strings.CutPrefix(lines[lineIssued-1], "issued ")
	if l.Issued, err = time.Parse(issuedForm, issued); err != nil || !ok {
		return List{}, notList(lineIssued, "it does not say when it was issued")
	}
	if l.Recovery, ok = strings.CutPrefix(lines[lineRecovery-1], "recovery "); !ok {
		return List{}, notList(lineRecovery, "it does not name the office's recovery key")
	}
	if len(lines) >= lineRoot {
		if root, there := strings.CutPrefix(lines[lineRoot-1], "root "); there {
			if l.NextRoot, err = ParsePublicRoot(root); err != nil {
				return List{}, notList(lineRoot, "the next root key is not one")
			}
		}
	}
	return l, nil
}

func parseReader(number int, line string) (Reader, error) {
	parts := strings.SplitN(line, " ", 5)
	if len(parts) != 5 || parts[0] != "reader" {
		return Reader{}, notList(number, "it is not a reader with compartment, key, device and name")
	}
	c, err := ParseCompartment(parts[1])
	if err != nil {
		return Reader{}, notList(number, "there is no such compartment")
	}
	return Reader{Compartment: c, Recipient: parts[2], Device: parts[3], Name: parts[4]}, nil
}

// is says whether this is the text of the list, and where it begins to differ.
func (l List) is(text []byte) error {
	want, err := l.Encode()
	if err != nil {
		return err
	}
	if bytes.Equal(want, text) {
		return nil
	}
	wanted, line := bytes.Split(want, []byte("\n")), 0
	for i, got := range bytes.Split(text, []byte("\n")) {
		if line = i + 1; i >= len(wanted) || !bytes.Equal(got, wanted[i]) {
			break
		}
	}
	return notList(line, "it is not written as a list writes it, or not in its place")
}
