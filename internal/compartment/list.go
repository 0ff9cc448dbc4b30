package compartment

import (
	"cmp"
	"crypto/ed25519"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// MaxReaders is how many lines of readers a list may have.
	MaxReaders = 500
	// MaxList is how many bytes a signed list may have: 64 KiB.
	MaxList = 64 << 10

	// MaxVersion leaves room in whatever keeps a version: 2^31-1.
	MaxVersion = 1<<31 - 1

	listBegins = "daylight readers v1"
	issuedForm = "2006-01-02T15:04:05Z"
)

// List says who may read which compartment, and by which keys an office is known.
type List struct {
	// Office is the office's name, on one line.
	Office string
	// Version is 1 for an office's first list, and one more for each later.
	Version uint64
	// Issued is when it was written, in UTC and whole seconds.
	Issued time.Time
	// Recovery is the office's recovery recipient, for whom every key is wrapped
	// besides the readers: "age1..." or "age1pq1...".
	Recovery string
	// NextRoot is the root key by which the office is known from this list on; nil
	// where it stays the one that signs.
	NextRoot ed25519.PublicKey
	// Readers are in any order; the text sorts them.
	Readers []Reader
}

// Reader is one device on which one compartment opens.
type Reader struct {
	Compartment Compartment
	// Recipient is what keys are wrapped for: "age1..." or "age1pq1...".
	Recipient string
	// Device is its id: the text of a UUID, in small letters.
	Device string
	// Name is for whoever signs: who it is, and on what.
	Name string
}

// For is who may read a compartment, in the order of the text.
func (l List) For(c Compartment) (readers []Reader) {
	for _, r := range l.Readers {
		if r.Compartment == c {
			readers = append(readers, r)
		}
	}
	slices.SortFunc(readers, compareReaders)
	return readers
}

// ByRecipient is the first line, in the order of the text, of whoever a key is wrapped
// for: it says who that is. False where no line has it, as for the recovery key.
func (l List) ByRecipient(recipient string) (Reader, bool) {
	for _, c := range Compartments() {
		for _, r := range l.For(c) {
			if r.Recipient == recipient {
				return r, true
			}
		}
	}
	return Reader{}, false
}

// Reads reports whether the list lets a device read a compartment, by its recipient. The
// recovery key is in no list.
func (l List) Reads(c Compartment, recipient string) bool {
	return slices.ContainsFunc(l.Readers, func(r Reader) bool { return r.Compartment == c && r.Recipient == recipient })
}

// Encode is the one text of the list. ErrList where it has none, for a name, a key or
// an id that no list can have or for somebody who is in it twice; ErrTooLarge above
// MaxReaders and MaxList. It changes nothing of l.
func (l List) Encode() ([]byte, error) {
	l.Readers = slices.SortedFunc(slices.Values(l.Readers), compareReaders)
	if err := l.check(); err != nil {
		return nil, err
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s\noffice %s\nversion %d\nissued %s\nrecovery %s\n", listBegins, l.Office, l.Version, l.Issued.Format(issuedForm), l.Recovery)
	if l.NextRoot != nil {
		fmt.Fprintf(&b, "root %s\n", PublicRoot(l.NextRoot))
	}
	for _, r := range l.Readers {
		fmt.Fprintf(&b, "reader %s %s %s %s\n", r.Compartment, r.Recipient, r.Device, r.Name)
	}
	if b.Len() > maxText {
		return nil, largeList()
	}
	return []byte(b.String()), nil
}

// Lines of a list, counted from 1.
const (
	lineBegins = 1 + iota
	lineOffice
	lineVersion
	lineIssued
	lineRecovery
	lineRoot // where there is one; else the first reader's
)

// lineReaders is the first line of readers.
func (l List) lineReaders() int {
	if l.NextRoot != nil {
		return lineRoot + 1
	}
	return lineRoot
}

// check says what is wrong with a list whose readers are sorted.
func (l List) check() error {
	switch {
	case len(l.Readers) > MaxReaders:
		return largeList()
	case !plainName(l.Office):
		return notList(lineOffice, "the office's name cannot be written in a list")
	case l.Version < 1 || l.Version > MaxVersion:
		return notList(lineVersion, "versions go from 1 to 2147483647")
	case l.Issued.Location() != time.UTC || l.Issued.Nanosecond() != 0 || l.Issued.Year() < 1 || l.Issued.Year() > 9999:
		return notList(lineIssued, "the time is not in UTC and whole seconds")
	case CheckRecipient(l.Recovery) != nil:
		return notList(lineRecovery, "the recovery key is not one that something can be wrapped for")
	case l.NextRoot != nil && len(l.NextRoot) != ed25519.PublicKeySize:
		return notList(lineRoot, "the next root key is not one")
	}
	for i, r := range l.Readers {
		if err := r.check(l.lineReaders() + i); err != nil {
			return err
		}
	}
	return l.checkOnce()
}

func (r Reader) check(line int) error {
	switch {
	case names[r.Compartment] == "":
		return notList(line, "there is no such compartment")
	case CheckRecipient(r.Recipient) != nil:
		return notList(line, "the key is not one that something can be wrapped for")
	case !deviceID(r.Device):
		return notList(line, "the device's id is not a UUID in small letters")
	case !plainName(r.Name):
		return notList(line, "the name cannot be written in a list")
	}
	return nil
}

// checkOnce: each device has one key in all of the list, each key one device, and both
// stand under a compartment once. The recovery key is no device's. Whoever signs may so
// count devices.
func (l List) checkOnce() error {
	type place struct {
		c      Compartment
		device string
	}
	seen := map[place]bool{}
	keyOf, deviceOf := map[string]string{}, map[string]string{}
	for i, r := range l.Readers {
		line, at := l.lineReaders()+i, place{r.Compartment, r.Device}
		switch key, device := keyOf[r.Device], deviceOf[r.Recipient]; {
		case r.Recipient == l.Recovery:
			return notList(line, "the key is the office's recovery key, which is no device's")
		case seen[at]:
			return notList(line, "the device is in this compartment twice")
		case key != "" && key != r.Recipient:
			return notList(line, "the device has another key in a line above")
		case device != "" && device != r.Device:
			return notList(line, "the key is another device's in a line above")
		}
		seen[at], keyOf[r.Device], deviceOf[r.Recipient] = true, r.Recipient, r.Device
	}
	return nil
}

func compareReaders(a, b Reader) int {
	return cmp.Or(
		cmp.Compare(a.Compartment, b.Compartment),
		strings.Compare(a.Name, b.Name),
		strings.Compare(a.Device, b.Device),
		strings.Compare(a.Recipient, b.Recipient),
	)
}

func notList(line int, why string) error {
	return &Error{
		Kind: ErrList, Line: line,
		Message: "this is not a list of readers: line " + strconv.Itoa(line) + ", " + why + "; nothing was changed",
		Hint:    "Take the list as the office's server wrote it, and change nothing in it. To change who may read, change roles at the office and have a list written again.",
	}
}

func largeList() error {
	return &Error{
		Kind:    ErrTooLarge,
		Message: fmt.Sprintf("a list of readers has at most %d readers and %d bytes, and this one has more; nothing was changed", MaxReaders, MaxList),
		Hint:    "Revoke devices that nobody uses any more, take roles from people who do not read, and have the list written again.",
	}
}
