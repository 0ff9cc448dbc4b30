package enrol

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// Bounds of a code. 256 bytes are a QR code of 69 modules at most, which a terminal
// of 80 columns shows.
const (
	maxEndpoints = 4
	maxPins      = 2
	maxPayload   = 256
)

// Code is what a device needs to come to its office. Who has it can enrol a device.
type Code struct {
	// Endpoints are where the server may answer, best first: 1 to 4, each as
	// [CleanEndpoint] gives it.
	Endpoints []string
	// Pins name the server's key and, if there is one, the spare that is kept
	// offline. Only a server that is reached over plain HTTP may have none.
	Pins []Pin
	// Secret lets one device in, once.
	Secret Secret
}

// NewCode makes a code with a new secret.
func NewCode(random io.Reader, endpoints []string, pins []Pin) (Code, error) {
	c := Code{Pins: slices.Clone(pins)}
	for _, e := range endpoints {
		clean, err := CleanEndpoint(e)
		if err != nil {
			return Code{}, err
		}
		c.Endpoints = append(c.Endpoints, clean)
	}
	if _, err := io.ReadFull(random, c.Secret[:]); err != nil {
		return Code{}, fmt.Errorf("making a code: %w", err)
	}
	if err := c.Check(); err != nil {
		return Code{}, err
	}
	return c, nil
}

// Check says what keeps this from being a code, or nothing.
func (c Code) Check() error {
	switch {
	case len(c.Endpoints) < 1 || len(c.Endpoints) > maxEndpoints:
		return badCode("it needs 1 to 4 addresses of the server")
	case len(c.Pins) > maxPins:
		return badCode("it has more than 2 pins")
	case len(c.Pins) == 0 && slices.ContainsFunc(c.Endpoints, overTLS):
		return badCode("it names no key of the server")
	case slices.Contains(c.Pins, Pin{}) || len(c.Pins) == maxPins && c.Pins[0] == c.Pins[1]:
		return badCode("its pins are empty or the same twice")
	case c.Secret == Secret{}:
		return badCode("it has no secret")
	}
	for _, e := range c.Endpoints {
		clean, err := CleanEndpoint(e)
		if err != nil {
			return err
		}
		if clean != e {
			return badEndpoint("it is not written in its one form")
		}
	}
	if len(c.payload()) > maxPayload {
		return badCode("its addresses are too long together")
	}
	return nil
}

func overTLS(endpoint string) bool { return !strings.HasPrefix(endpoint, plain) }

func badCode(why string) error {
	return &Error{
		Message: "this cannot be a code: " + why + "; nothing was changed",
		Hint:    "Have the office make a new code, with a server of the same version as this program.",
	}
}

// Encode is the code to be read, read out and typed: DAYLIGHT1- and groups of five.
// It is empty if Check complains.
func (c Code) Encode() string {
	if c.Check() != nil {
		return ""
	}
	return version1 + "-" + grouped(armour(c.payload()))
}

// QR is the code to be scanned: Encode without the dashes, all of it in the
// alphanumeric mode of QR codes, 5.5 bits a character.
func (c Code) QR() string { return strings.ReplaceAll(c.Encode(), "-", "") }

// Parse reads what Encode or QR wrote and somebody typed: in either case, with
// spaces and dashes anywhere, O for 0, I or L for 1. A typing error is found and,
// where it is one, shown by the number of its group. Its errors are an [Error] and
// repeat nothing of the code.
func Parse(text string) (Code, error) {
	payload, err := disarm(text)
	if err != nil {
		return Code{}, err
	}
	c, ok := decodePayload(payload)
	if !ok {
		return Code{}, badCode("its parts do not fit together")
	}
	if err := c.Check(); err != nil {
		return Code{}, err
	}
	return c, nil
}

func (c Code) payload() []byte {
	b := []byte{byte(len(c.Endpoints)<<4 | len(c.Pins))}
	b = append(b, c.Secret[:]...)
	for _, p := range c.Pins {
		b = append(b, p[:]...)
	}
	for _, e := range c.Endpoints {
		address := afterScheme(e)
		n := byte(len(address))
		if !overTLS(e) {
			n |= 0x80
		}
		b = append(append(b, n), address...)
	}
	return b
}

// decodePayload is the other way. What the parts say is for Check.
func decodePayload(b []byte) (c Code, ok bool) {
	counts, ok := take(&b, 1)
	if !ok {
		return c, false
	}
	secret, ok := take(&b, len(c.Secret))
	if !ok {
		return c, false
	}
	c.Secret = Secret(secret)
	for range counts[0] & 0xf {
		pin, ok := take(&b, len(Pin{}))
		if !ok {
			return c, false
		}
		c.Pins = append(c.Pins, Pin(pin))
	}
	for range counts[0] >> 4 {
		e, ok := takeEndpoint(&b)
		if !ok {
			return c, false
		}
		c.Endpoints = append(c.Endpoints, e)
	}
	return c, len(b) == 0
}

func takeEndpoint(b *[]byte) (string, bool) {
	n, ok := take(b, 1)
	if !ok {
		return "", false
	}
	address, ok := take(b, int(n[0]&0x7f))
	if n[0]&0x80 != 0 {
		return plain + string(address), ok
	}
	return secure + string(address), ok
}

// take cuts n bytes off the front.
func take(b *[]byte, n int) (front []byte, ok bool) {
	if len(*b) < n {
		return nil, false
	}
	front, *b = (*b)[:n], (*b)[n:]
	return front, true
}
