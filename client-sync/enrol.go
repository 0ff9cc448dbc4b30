package clientsync

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"errors"
	"strings"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Enrolment says how the office knows this device.
type Enrolment struct {
	// Office and Person are names, as the office has them.
	Office, Person string
	// Words are six words that the office shows too. If it shows others, somebody
	// stands in between: do not go on, and tell the office.
	Words string
	// Waiting: a second person at the office has to approve the device before it may
	// sync.
	Waiting bool
}

// Enrol makes this device one of the office's, with a code that the office made for
// its person, typed or scanned. label says what it is, as "tablet 3". What was
// written before stays, and goes to the office under the person's name. Broken off
// at any moment, it can be called again with the same code.
func (c *Client) Enrol(ctx context.Context, code, label string) (Enrolment, error) {
	parsed, err := enrol.Parse(code)
	if err != nil {
		return Enrolment{}, explainEnrol(err)
	}
	ctx, done, ok := c.turn.try(ctx)
	if !ok {
		return Enrolment{}, errBusy
	}
	defer done()
	e := localdb.Enrolment{Endpoints: parsed.Endpoints}
	for _, p := range parsed.Pins {
		e.Pins = append(e.Pins, p[:])
	}
	key, identity, err := c.keys(ctx)
	if err != nil {
		return Enrolment{}, explainDisk(err)
	}
	answer, err := enrolAt(ctx, c.config, e, &daylightv1.EnrolRequest{
		Secret: parsed.Secret[:], Key: key.Public().(ed25519.PublicKey), Proof: enrol.Prove(key, parsed.Secret), Label: label,
		Recipient: identity.Recipient(),
	})
	if err != nil {
		return Enrolment{}, err
	}
	words := enrol.Words(enrol.Transcript{
		Pins: parsed.Pins, Secret: enrol.HashSecret(parsed.Secret), Device: key.Public().(ed25519.PublicKey), Office: answer.GetOffice().GetEnrolmentKey(),
	})
	token, err := enrol.ParseToken(answer.GetToken())
	certificate, bad := journal.CertificateFromProto(answer.GetCertificate())
	if err != nil || bad != nil || !certificate.IssuedBy(answer.GetOffice().GetEnrolmentKey()) {
		return Enrolment{}, rpcerr.E(Internal, "the office's answer cannot be read; nothing was changed here", "Report it to the office.", errors.Join(err, bad))
	}
	e.Token, e.Words = token[:], strings.Join(words[:], " ")
	e.Device, e.Person, e.PersonName = answer.GetDevice(), answer.GetPerson().GetId(), answer.GetPerson().GetName()
	e.Grants = answer.GetPerson().GetGrants()
	e.Issuer, e.OfficeRecipients = answer.GetOffice().GetEnrolmentKey(), recipientsOf(answer.GetOffice())
	e.Recovery, e.RootKey = answer.GetOffice().GetRecoveryRecipient(), answer.GetOffice().GetRootKey()
	e.Office, e.Waiting = answer.GetOffice().GetName(), answer.GetState() == daylightv1.DeviceState_DEVICE_STATE_WAITING
	was := c.enrolment.Load()
	same := was != nil && bytes.Equal(was.RootKey, e.RootKey)
	if same && was.Recovery != "" { // what a signed list has said stands
		e.Recovery = was.Recovery
	}
	if err := c.enrolled(ctx, e, certificate, !same); err != nil {
		return Enrolment{}, explainDisk(err)
	}
	return Enrolment{Office: e.Office, Person: e.PersonName, Words: e.Words, Waiting: e.Waiting}, nil
}

// keys are what this device writes with, and what opens what is encrypted for it.
func (c *Client) keys(ctx context.Context) (key ed25519.PrivateKey, identity bundle.Identity, err error) {
	err = c.db.Read(ctx, func(b *localdb.Book) error {
		k, err := b.Keys()
		if err != nil {
			return err
		}
		key = ed25519.NewKeyFromSeed(k.Seed)
		identity, err = bundle.ParseIdentity(k.BundleIdentity)
		return err
	})
	return key, identity, err
}

// enrolled keeps what the office gave, in one transaction, and goes on with it. Before
// that, the vault's key is wrapped for an office that is new, or has another recovery key:
// where one fails, the device asks again, and does both. another: it is not the office by
// whose root key a list of readers was taken before.
func (c *Client) enrolled(ctx context.Context, e localdb.Enrolment, certificate *journal.Certificate, another bool) error {
	e.Renew = c.renewAt(certificate)
	way, err := wayTo(c.config, &e)
	if err != nil {
		return err
	}
	if was := c.enrolment.Load(); e.Recovery != "" && (was == nil || was.Recovery != e.Recovery) {
		if err := c.db.with(ctx, func(db *localdb.DB) error { return c.folder.Recoverable(db, e.Recovery) }); err != nil {
			return err
		}
	}
	var signer exchange.Signer
	err = c.db.Write(ctx, func(b *localdb.Book) error {
		keys, err := b.Keys()
		if err != nil {
			return err
		}
		keys.Certificate = certificate.Encode()
		if signer, err = signerOf(keys); err != nil {
			return err
		}
		self, err := b.Self()
		if err != nil {
			return err
		}
		if another {
			if err := b.DropReaders(); err != nil {
				return err
			}
		}
		self.Vouched = false // the office has not seen this certificate with a batch
		return errors.Join(b.PutKeys(keys), b.PutSelf(self), b.PutEnrolment(e))
	})
	if err != nil {
		return err
	}
	c.office = way
	c.enrolment.Store(&e)
	c.signer.Store(&signer)
	return c.tendSealed(ctx, true) // what was sealed before had nobody else to read it
}

// renewAt is the moment after two thirds of the certificate's time, by this device's
// clock, which may be years off: the office's begins to count now.
func (c *Client) renewAt(certificate *journal.Certificate) int64 {
	return c.config.Now().UnixMilli() + max(0, certificate.NotAfter-certificate.NotBefore)*2/3
}

// recipientsOf are to whom bundles for the office are encrypted. A hybrid recovery key is
// not among them: age takes none beside one of another kind, as the office's own is.
func recipientsOf(o *daylightv1.Office) (out []string) {
	for _, r := range []string{o.GetBundleRecipient(), o.GetRecoveryRecipient()} {
		if r != "" && !strings.HasPrefix(r, "age1pq1") {
			out = append(out, r)
		}
	}
	return out
}

// renew gets a new certificate and token, before the old ones end, and tells the office
// to whom bundles for this device are encrypted.
func (c *Client) renew(ctx context.Context) error {
	_, identity, err := c.keys(ctx)
	if err != nil {
		return explainDisk(err)
	}
	answer, err := c.office.enrolment.Renew(ctx, &daylightv1.RenewRequest{Recipient: identity.Recipient()})
	if err != nil {
		return explainCall(err)
	}
	token, err := enrol.ParseToken(answer.GetToken())
	certificate, bad := journal.CertificateFromProto(answer.GetCertificate())
	e := *c.enrolment.Load()
	if err != nil || bad != nil || !certificate.IssuedBy(e.Issuer) { // people compared words that stand for that key
		return explainTake(exchange.ErrAnswer)
	}
	if to := recipientsOf(answer.GetOffice()); len(to) > 0 {
		e.OfficeRecipients = to
	}
	if e.Recovery == "" { // another one is taken from a signed list alone
		e.Recovery = answer.GetOffice().GetRecoveryRecipient()
	}
	e.Token, e.Waiting = token[:], answer.GetState() == daylightv1.DeviceState_DEVICE_STATE_WAITING
	return explainDisk(c.enrolled(ctx, e, certificate, false))
}

// enrolAt asks the office that the code names.
func enrolAt(ctx context.Context, c Config, e localdb.Enrolment, r *daylightv1.EnrolRequest) (*daylightv1.EnrolResponse, error) {
	way, err := wayTo(c, &e)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, c.Timeout)
	defer cancel()
	answer, err := way.enrolment.Enrol(ctx, r)
	return answer, explainCall(err)
}

// explainEnrol puts what is wrong with a code into the words of an error of ours.
func explainEnrol(err error) error {
	var e *enrol.Error
	if errors.As(err, &e) {
		return rpcerr.E(Invalid, e.Message, e.Hint, err)
	}
	return explain(err)
}

// explainCall says what came of a call. Somebody who answers in the office's place
// is told apart from a network that is not there.
func explainCall(err error) error {
	var e *enrol.Error
	if errors.Is(err, enrol.ErrPin) && errors.As(enrol.ErrPin, &e) {
		return rpcerr.E(Unavailable, e.Message, e.Hint, err)
	}
	if errors.Is(err, errElsewhere) {
		return rpcerr.E(Unavailable, "something else than the office has answered, perhaps the login page of this network; everything is kept here",
			"Open a page in a browser, log in to the network if it asks for that, and try again.", err)
	}
	return rpcerr.FromConnect(err)
}

// shown adds the token to each call.
func shown(token []byte) connect.ClientOption {
	return connect.WithInterceptors(connect.UnaryInterceptorFunc(func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, r connect.AnyRequest) (connect.AnyResponse, error) {
			if len(token) > 0 {
				r.Header().Set("Authorization", enrol.Token(token).Authorization())
			}
			return next(ctx, r)
		}
	}))
}
