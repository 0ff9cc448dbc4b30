package signin

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
)

// Site is under which name the browser has the pages. Passkeys belong to the name.
type Site struct {
	// Host is as in the address, with its port; Secure for https.
	Host   string
	Secure bool
}

// name is the host without its port; empty where it is an address and not a name, which no
// passkey can belong to.
func (s Site) name() string {
	name := s.Host
	if host, _, err := net.SplitHostPort(name); err == nil {
		name = host
	}
	name = strings.ToLower(strings.Trim(name, "[]"))
	if _, err := netip.ParseAddr(name); err == nil {
		return ""
	}
	return name
}

// HasPasskeys says whether passkeys can be made and used under this name.
func (s Site) HasPasskeys() bool { return s.name() != "" }

// ErrNoPasskeys is that the pages are had under a number and not under a name.
var ErrNoPasskeys = errors.New("signin: passkeys belong to a name, and this address is a number")

func (s Site) relyingParty() (*webauthn.WebAuthn, error) {
	if !s.HasPasskeys() {
		return nil, ErrNoPasskeys
	}
	scheme := "http://"
	if s.Secure {
		scheme = "https://"
	}
	return webauthn.New(&webauthn.Config{
		RPID: s.name(), RPDisplayName: "Daylight", RPOrigins: []string{scheme + s.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, RequireResidentKey: protocol.ResidentKeyRequired(),
			UserVerification: protocol.VerificationRequired,
		},
	})
}

// ceremonies makes challenges that need no memory: each says until when it is good and for
// what, under a key that lasts as long as the program. Only those that were answered well
// are remembered, until they are late.
type ceremonies struct {
	key [32]byte

	mu   sync.Mutex
	used map[string]int64 // until when it would have been good
}

const (
	ceremonyFor = 5 * time.Minute
	nonceBytes  = 16
	stampBytes  = nonceBytes + 8
)

func (c *ceremonies) mac(stamp []byte, purpose string) []byte {
	m := hmac.New(sha256.New, c.key[:])
	m.Write(hashOf(purpose, string(stamp)))
	return m.Sum(nil)
}

// challenge makes one for a purpose.
func (s *Signins) challenge(purpose string) ([]byte, error) {
	stamp := make([]byte, stampBytes)
	if err := s.fill(stamp[:nonceBytes]); err != nil {
		return nil, err
	}
	binary.BigEndian.PutUint64(stamp[nonceBytes:], uint64(s.now().Add(ceremonyFor).UnixMilli()))
	return append(stamp, s.ceremonies.mac(stamp, purpose)...), nil
}

// asked says whether a challenge was made here for the purpose, is not late and not used.
func (s *Signins) asked(challenge, purpose string) bool {
	b, err := base64.RawURLEncoding.DecodeString(challenge)
	if err != nil || len(b) != stampBytes+sha256.Size || !hmac.Equal(b[stampBytes:], s.ceremonies.mac(b[:stampBytes], purpose)) {
		return false
	}
	s.ceremonies.mu.Lock()
	defer s.ceremonies.mu.Unlock()
	_, used := s.ceremonies.used[challenge]
	return !used && s.now().UnixMilli() < int64(binary.BigEndian.Uint64(b[nonceBytes:]))
}

// use takes a challenge out of the world; false where another was quicker.
func (s *Signins) use(challenge string) bool {
	c, now := &s.ceremonies, s.now()
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.used == nil {
		c.used = map[string]int64{}
	}
	for k, until := range c.used {
		if until < now.UnixMilli() {
			delete(c.used, k)
		}
	}
	if _, used := c.used[challenge]; used {
		return false
	}
	c.used[challenge] = now.Add(ceremonyFor).UnixMilli()
	return true
}

// keyOwner is a person as WebAuthn has them.
type keyOwner struct {
	account
	title string
	keys  []webauthn.Credential
}

func (o *keyOwner) WebAuthnID() []byte                         { return o.handle }
func (o *keyOwner) WebAuthnName() string                       { return o.name }
func (o *keyOwner) WebAuthnDisplayName() string                { return o.title }
func (o *keyOwner) WebAuthnCredentials() []webauthn.Credential { return o.keys }

func (t *tx) keysOf(person record.ID) (out []webauthn.Credential, err error) {
	err = t.Each(`
		SELECT data
		FROM passkeys
		WHERE person = $1
		ORDER BY number`, []any{person[:]}, func(scan func(...any) error) (bool, error) {
		var b []byte
		if err := scan(&b); err != nil {
			return false, err
		}
		var k webauthn.Credential
		err := json.Unmarshal(b, &k)
		out = append(out, k)
		return true, err
	})
	return out, err
}

// The purposes of ceremonies; what they are for stands behind a colon.
func purposeAdd(o *Session) string   { return "add:" + o.ID.String() }
func purposeProve(o *Session) string { return "prove:" + o.ID.String() }

const purposeSignIn = "sign-in"

// BeginPasskey gives what the browser's navigator.credentials.create takes, in JSON. name is
// for whoever sets up, as in SetPassphrase.
func (s *Signins) BeginPasskey(ctx context.Context, o *Session, site Site, name string) (options []byte, err error) {
	rp, err := site.relyingParty()
	if err != nil {
		return nil, err
	}
	challenge, err := s.challenge(purposeAdd(o))
	if err != nil {
		return nil, err
	}
	owner := &keyOwner{title: o.Person.GetName()}
	err = s.own(ctx, o, func(t *tx) error {
		a, err := s.named(t, o, name)
		if err != nil {
			return err
		}
		if owner.account = *a; o.Stage == Arrived { // those that there were will go
			return nil
		}
		owner.keys, err = t.keysOf(a.person)
		return or(err, unless(len(owner.keys) < mostPasskeys, ErrMany))
	})
	if err != nil {
		return nil, err
	}
	creation, _, err := rp.BeginRegistration(owner, webauthn.WithExclusions(webauthn.Credentials(owner.keys).CredentialDescriptors()),
		func(c *protocol.PublicKeyCredentialCreationOptions) error { c.Challenge = challenge; return nil })
	if err != nil {
		return nil, err
	}
	return json.Marshal(creation.Response)
}

// mostPasskeys bounds those of one person.
const mostPasskeys = 20

// AddPasskey takes what the browser answered to BeginPasskey. ErrWrong, ErrNotProved.
func (s *Signins) AddPasskey(ctx context.Context, o *Session, site Site, answer []byte, title string) error {
	rp, err := site.relyingParty()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil || !s.asked(parsed.Response.CollectedClientData.Challenge, purposeAdd(o)) {
		return ErrWrong
	}
	id, err := s.newID()
	if err != nil {
		return err
	}
	challenge := parsed.Response.CollectedClientData.Challenge
	return s.own(ctx, o, func(t *tx) error {
		a, err := t.accountBy("person", o.PersonID[:])
		if err != nil || a == nil {
			return or(err, ErrGone)
		}
		owner := &keyOwner{account: *a, title: o.Person.GetName()}
		key, err := rp.CreateCredential(owner, webauthn.SessionData{
			Challenge: challenge, RelyingPartyID: site.name(), UserID: a.handle, UserVerification: protocol.VerificationRequired,
			CredParams: webauthn.CredentialParametersDefault(),
		}, parsed)
		if err != nil || !key.Flags.UserVerified || !s.use(challenge) {
			return ErrWrong
		}
		return or(t.anew(o), t.putPasskey(id, o.PersonID, key, keyName(title)), t.reached(o), t.log(changedOwn, o.PersonID, "a passkey was added"))
	})
}

func (t *tx) putPasskey(id, person record.ID, key *webauthn.Credential, name string) error {
	data, err := json.Marshal(key)
	if err != nil {
		return err
	}
	ok, err := t.changed(`
		INSERT INTO passkeys (id, person, credential, name, made_at, last_at, data)
		VALUES ($1, $2, $3, $4, $5, 0, $6)
		ON CONFLICT (credential) DO NOTHING`, id[:], person[:], key.ID, name, t.now, data)
	return or(err, unless(ok, ErrWrong))
}

// keyName is what a passkey is called: one line of at most 60 signs.
func keyName(s string) string {
	s = squeezedSpaces(strings.ToValidUTF8(s, ""))
	for utf8.RuneCountInString(s) > 60 {
		_, n := utf8.DecodeLastRuneInString(s)
		s = s[:len(s)-n]
	}
	return s
}

// NamePasskey calls one of one's own passkeys something else.
func (s *Signins) NamePasskey(ctx context.Context, o *Session, id record.ID, name string) error {
	return s.write(ctx, o.By("console account"), func(t *tx) error {
		ok, err := t.changed(`UPDATE passkeys SET name = $3 WHERE person = $1 AND id = $2`, o.PersonID[:], id[:], keyName(name))
		return or(err, unless(ok, ErrGone), t.log(changedOwn, o.PersonID, "a passkey was named"))
	})
}

// RemovePasskey takes one of one's own away, and ends the other sessions. ErrLast where no
// other way would be left.
func (s *Signins) RemovePasskey(ctx context.Context, o *Session, id record.ID) error {
	return s.own(ctx, o, func(t *tx) error {
		w, err := t.ways(o.PersonID)
		if err != nil || len(w.Passkeys) < 2 && !w.Passphrase {
			return or(err, ErrLast)
		}
		ok, err := t.changed(`DELETE FROM passkeys WHERE person = $1 AND id = $2`, o.PersonID[:], id[:])
		return or(err, unless(ok, ErrGone), t.othersEnd(o), t.log(changedOwn, o.PersonID, "a passkey was removed"))
	})
}

// BeginSignIn gives what navigator.credentials.get takes, in JSON. It is the same for
// everybody: it names no account and no passkey.
func (s *Signins) BeginSignIn(site Site) ([]byte, error) { return s.request(site, purposeSignIn) }

// BeginProof is BeginSignIn for ProvePasskey.
func (s *Signins) BeginProof(o *Session, site Site) ([]byte, error) {
	return s.request(site, purposeProve(o))
}

func (s *Signins) request(site Site, purpose string) ([]byte, error) {
	rp, err := site.relyingParty()
	if err != nil {
		return nil, err
	}
	challenge, err := s.challenge(purpose)
	if err != nil {
		return nil, err
	}
	options, _, err := rp.BeginDiscoverableLogin(webauthn.WithChallenge(challenge), webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, err
	}
	return json.Marshal(options.Response)
}

// ByPasskey signs in whom the answer to BeginSignIn names. ErrWrong.
func (s *Signins) ByPasskey(ctx context.Context, v Visitor, site Site, answer []byte) (out Entered, err error) {
	err = s.byKey(ctx, site, answer, purposeSignIn, directory.By{Call: "console sign-in"}, func(t *tx, person record.ID) error {
		p, err := t.worker(person)
		if err != nil {
			return err
		}
		if out, err = s.begin(t, p, Full, Passkey, v); err != nil {
			return err
		}
		return s.arrived(t, &out, v, "a person signed in with a passkey")
	})
	return out, err
}

// ProvePasskey is Prove with the answer to BeginProof, of a passkey of the same person.
func (s *Signins) ProvePasskey(ctx context.Context, o *Session, site Site, answer []byte) (out Entered, err error) {
	err = s.byKey(ctx, site, answer, purposeProve(o), o.By("console confirm"), func(t *tx, person record.ID) error {
		if person != o.PersonID {
			return ErrWrong
		}
		return s.proved(t, o, &out, Passkey)
	})
	return out, err
}

// byKey verifies an answer, notes that its passkey was used, and goes on in the same
// transaction.
func (s *Signins) byKey(ctx context.Context, site Site, answer []byte, purpose string, by directory.By, do func(*tx, record.ID) error) error {
	rp, err := site.relyingParty()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil || !s.asked(parsed.Response.CollectedClientData.Challenge, purpose) {
		return or(s.strangerRefused(ctx, by.Call), ErrWrong)
	}
	var person record.ID
	err = s.write(ctx, by, func(t *tx) error {
		owner, err := t.ownerOf(parsed.Response.UserHandle)
		if err != nil {
			return err
		}
		person = owner.person
		key, err := rp.ValidateDiscoverableLogin(func(_, _ []byte) (webauthn.User, error) { return owner, nil }, webauthn.SessionData{
			Challenge: parsed.Response.CollectedClientData.Challenge, RelyingPartyID: site.name(), UserVerification: protocol.VerificationRequired,
		}, parsed)
		if err != nil || key.Authenticator.CloneWarning || !s.use(parsed.Response.CollectedClientData.Challenge) {
			return ErrWrong
		}
		data, err := json.Marshal(key)
		if err != nil {
			return err
		}
		ok, err := t.changed(`UPDATE passkeys SET data = $3, last_at = $4 WHERE person = $1 AND credential = $2`, person[:], key.ID, data, t.now)
		return or(err, unless(ok, ErrWrong), do(t, person))
	})
	if err == ErrWrong {
		err = or(s.refused(ctx, person, by.Call), err)
	}
	return err
}

// ownerOf is whose handle an authenticator has shown.
func (t *tx) ownerOf(handle []byte) (*keyOwner, error) {
	a, err := t.accountBy("handle", handle)
	if err != nil || a == nil {
		return nil, or(err, ErrWrong)
	}
	keys, err := t.keysOf(a.person)
	return &keyOwner{account: *a, keys: keys}, err
}
