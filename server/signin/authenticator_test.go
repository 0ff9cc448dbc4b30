package signin

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"testing"
)

// authenticator is a passkey as a phone or a key has it: WebAuthn's side of the person.
type authenticator struct {
	testing.TB
	site    Site
	origin  string
	id      []byte
	handle  []byte
	key     *ecdsa.PrivateKey
	counter uint32
	// present and verified are what it says of the person.
	present, verified bool
}

func newAuthenticator(t testing.TB, site Site) *authenticator {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	id := make([]byte, 16)
	_, _ = rand.Read(id)
	return &authenticator{TB: t, site: site, origin: "http://" + site.Host, id: id, key: key, present: true, verified: true}
}

func raw(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

type options struct {
	Challenge string `json:"challenge"`
	User      struct {
		ID string `json:"id"`
	} `json:"user"`
	AllowCredentials []any `json:"allowCredentials"`
}

func (a *authenticator) read(b []byte) (o options) {
	a.Helper()
	if err := json.Unmarshal(b, &o); err != nil {
		a.Fatal(err)
	}
	return o
}

func (a *authenticator) clientData(kind, challenge string) []byte {
	b, _ := json.Marshal(map[string]any{"type": kind, "challenge": challenge, "origin": a.origin, "crossOrigin": false})
	return b
}

func (a *authenticator) data(attested []byte) []byte {
	sum := sha256.Sum256([]byte(a.site.name()))
	flags := byte(0)
	for bit, on := range map[byte]bool{1: a.present, 4: a.verified, 0x40: attested != nil} {
		if on {
			flags |= bit
		}
	}
	a.counter++
	return append(binary.BigEndian.AppendUint32(append(sum[:], flags), a.counter), attested...)
}

// bytesOf is a string of bytes in CBOR.
func bytesOf(b []byte) []byte {
	if len(b) < 24 {
		return append([]byte{0x40 | byte(len(b))}, b...)
	}
	if len(b) < 256 {
		return append([]byte{0x58, byte(len(b))}, b...)
	}
	return append([]byte{0x59, byte(len(b) >> 8), byte(len(b))}, b...)
}

// create answers BeginPasskey.
func (a *authenticator) create(b []byte) []byte {
	a.Helper()
	o := a.read(b)
	handle, err := base64.RawURLEncoding.DecodeString(o.User.ID)
	if err != nil {
		a.Fatal(err)
	}
	a.handle = handle
	public, err := a.key.PublicKey.Bytes()
	if err != nil {
		a.Fatal(err)
	}
	// COSE_Key {1: 2, 3: -7, -1: 1, -2: x, -3: y}
	cose := append([]byte{0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21}, bytesOf(public[1:33])...)
	cose = append(append(cose, 0x22), bytesOf(public[33:])...)
	attested := append(make([]byte, 16), byte(len(a.id)>>8), byte(len(a.id)))
	attested = append(append(attested, a.id...), cose...)
	object := []byte("\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData")
	object = append(object, bytesOf(a.data(attested))...)
	out, _ := json.Marshal(map[string]any{"id": raw(a.id), "rawId": raw(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": raw(a.clientData("webauthn.create", o.Challenge)), "attestationObject": raw(object)}})
	return out
}

// get answers BeginSignIn and BeginProof.
func (a *authenticator) get(b []byte) []byte {
	a.Helper()
	client, data := a.clientData("webauthn.get", a.read(b).Challenge), a.data(nil)
	sum := sha256.Sum256(client)
	signed := sha256.Sum256(append(append([]byte{}, data...), sum[:]...))
	signature, err := ecdsa.SignASN1(rand.Reader, a.key, signed[:])
	if err != nil {
		a.Fatal(err)
	}
	out, _ := json.Marshal(map[string]any{"id": raw(a.id), "rawId": raw(a.id), "type": "public-key", "response": map[string]any{
		"clientDataJSON": raw(client), "authenticatorData": raw(data), "signature": raw(signature), "userHandle": raw(a.handle)}})
	return out
}
