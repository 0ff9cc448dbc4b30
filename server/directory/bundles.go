package directory

import (
	"context"
	"crypto/ed25519"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// maxRecipient bounds a recipient's text, in bytes. An X25519 one has 62.
const maxRecipient = 200

// checkRecipient takes what looks like an age recipient, or none; whether one can be
// encrypted to is for whoever makes the bundle to see.
func checkRecipient(s string) error {
	strange := strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f })
	if s == "" || strings.HasPrefix(s, "age1") && len(s) <= maxRecipient && !strange {
		return nil
	}
	return invalid("to whom bundles are encrypted cannot be read: it is one word of at most 200 characters that begins with age1", "Update the program that sent it.")
}

// BundleIdentity gives what opens bundles for the office, "AGE-SECRET-KEY-1...". Empty
// in an office that was made without: see EnsureBundleKey.
func (d *Directory) BundleIdentity(ctx context.Context) (secret string, err error) {
	err = d.read(ctx, func(t *tx) error {
		secret, err = t.bundleIdentity()
		return err
	})
	return secret, err
}

func (t *tx) bundleIdentity() (secret string, err error) {
	ok, err := t.one(`
		SELECT bundle_identity
		FROM office`, nil, &secret)
	if err == nil && !ok {
		err = errNoOffice
	}
	return secret, err
}

// EnsureBundleKey gives an office that was made without a key for bundles one, which
// make makes: the secret, and the recipient that it opens for. One that there is stays,
// since bundles may be on their way to it, and then make is not called.
func (d *Directory) EnsureBundleKey(ctx context.Context, make func() (secret, recipient string, err error), by By) error {
	if has, err := d.BundleIdentity(ctx); err != nil || has != "" {
		return err
	}
	secret, recipient, err := make()
	if err != nil {
		return err
	}
	if err := checkBundleKey(secret, recipient); err != nil {
		return err
	}
	return d.write(ctx, by, func(t *tx) error { return t.putBundleKey(secret, recipient) })
}

// checkBundleKey: one half without the other would lock bundles that nobody opens.
func checkBundleKey(secret, recipient string) error {
	if (secret == "") != (recipient == "") {
		return invalid("the office's key for bundles has one half only", "")
	}
	return checkRecipient(recipient)
}

func (t *tx) putBundleKey(secret, recipient string) error {
	if has, err := t.bundleIdentity(); err != nil || has != "" {
		return err
	}
	o, _, err := t.office()
	if err != nil {
		return err
	}
	o.BundleRecipient = recipient
	o.Revision++
	b, err := blob(o)
	if err != nil {
		return err
	}
	if _, err := t.Exec(`
		UPDATE office
		SET revision = $1, message = $2, bundle_identity = $3`, int64(o.Revision), b, secret); err != nil {
		return err
	}
	return t.log(directoryChanged, record.ID{}, "the office got a key for bundles")
}

// told is what colleagues are told of a device; nil for one that takes no bundles.
func told(dev *daylightv1.Device) *daylightv1.ColleagueDevice {
	if dev.GetState() != active || dev.GetRecipient() == "" {
		return nil
	}
	return &daylightv1.ColleagueDevice{Id: dev.GetId(), Label: dev.GetLabel(), Recipient: dev.GetRecipient()}
}

// news is 1 when colleagues have to hear of the device again, else 0.
func news(was, is *daylightv1.Device) int64 {
	if proto.Equal(told(was), told(is)) {
		return 0
	}
	return 1
}

// bundleDomain begins what the end of a bundle signs.
const bundleDomain = "daylight/v1 bundle\x00"

// SignBundle signs an answer of the office with the key that issues certificates, which
// devices have. It signs the end of a bundle and nothing else, least of all a certificate.
func (d *Directory) SignBundle(ctx context.Context, message []byte) (signature []byte, err error) {
	if !strings.HasPrefix(string(message), bundleDomain) {
		return nil, invalid("this is not the end of a bundle", "")
	}
	err = d.read(ctx, func(t *tx) error {
		_, key, err := t.office()
		if err == nil {
			signature = ed25519.Sign(key, message)
		}
		return err
	})
	return signature, err
}
