package journal

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"math"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"
	"pgregory.net/rapid"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func sampleCertificate() *Certificate {
	return NewDevelopment(testKey(), Serial{1: 7}, "Monitor A", "tablet 1")
}

func TestCertificateRoundTrip(t *testing.T) {
	c := sampleCertificate()
	if !bytes.Equal(c.Encode(), sampleCertificate().Encode()) {
		t.Error("the same certificate has two encodings")
	}
	parsed, err := ParseCertificate(c.Encode())
	if err != nil || !reflect.DeepEqual(parsed, c) {
		t.Errorf("got %+v, %v", parsed, err)
	}
	carried, err := CertificateFromProto(c.ToProto())
	if err != nil || !reflect.DeepEqual(carried, c) {
		t.Errorf("carried in a message: got %+v, %v", carried, err)
	}
	if !c.Development() || c.Person != "Monitor A" || c.Device != "tablet 1" {
		t.Errorf("got %+v", c)
	}
	if !bytes.Equal(marshal(t, c.ToProto()), c.Encode()) {
		t.Error("Encode is not the message's encoding")
	}
}

// TestCertificateIsAsPinned was read field by field against log.proto once.
func TestCertificateIsAsPinned(t *testing.T) {
	key := hex.EncodeToString(publicOf(testKey()))
	want := "0a10" + "00070000000000000000000000000000" + "1220" + key +
		"1a09" + hex.EncodeToString([]byte("Monitor A")) + "2208" + hex.EncodeToString([]byte("tablet 1")) + "3a20" + key
	c := sampleCertificate()
	if got := hex.EncodeToString(c.body); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	message := append([]byte("daylight/v1 certificate\x00"), c.body...)
	if !ed25519.Verify(publicOf(testKey()), message, c.signature) {
		t.Error("the signature is not over what log.proto says")
	}
}

func TestCertificateCountsEveryBit(t *testing.T) {
	for _, c := range []*Certificate{sampleCertificate(), Issue(officeKey(), fullSubject())} {
		countsEveryBit(t, c)
	}
}

func countsEveryBit(t *testing.T, c *Certificate) {
	t.Helper()
	flips(c.Encode(), func(b []byte, bit int) {
		if _, err := ParseCertificate(b); err == nil {
			t.Fatalf("bit %d does not count", bit)
		}
	})
	flips(c.body, func(b []byte, bit int) {
		if _, err := CertificateFromProto(&daylightv1.Certificate{Body: b, Signature: c.signature}); err == nil {
			t.Fatalf("bit %d of the body does not count", bit)
		}
	})
}

func TestCertificateTakesNothingUnsigned(t *testing.T) {
	b := sampleCertificate().Encode()
	for name, bad := range map[string][]byte{
		"a field behind":  append(bytes.Clone(b), 0x18, 1),
		"the body twice":  append(bytes.Clone(b), b[:len(b)-66]...),
		"a longer length": append([]byte{b[0], b[1], 0x80 | b[2], 0}, b[3:]...),
		"cut short":       b[:len(b)-1],
		"nothing":         nil,
		"far too long":    make([]byte, 1<<20),
	} {
		_, err := ParseCertificate(bad)
		if wantError(t, err, ErrCertificate, ""); t.Failed() {
			t.Fatal(name)
		}
	}
}

// sign makes a certificate of a body that this package would not write.
func sign(key ed25519.PrivateKey, body *daylightv1.CertificateBody, extra ...byte) *daylightv1.Certificate {
	b, _ := proto.Marshal(body)
	b = append(b, extra...)
	return &daylightv1.Certificate{Body: b, Signature: ed25519.Sign(key, signedBody(b))}
}

func sampleBody() *daylightv1.CertificateBody {
	public := publicOf(testKey())
	return &daylightv1.CertificateBody{Serial: bytes.Repeat([]byte{1}, 16), Key: public, Issuer: public, Person: "Monitor A"}
}

func TestCertificateRefuses(t *testing.T) {
	for _, tt := range []struct {
		name, says string
		do         func(*daylightv1.CertificateBody)
	}{
		{"no serial", "no serial", func(b *daylightv1.CertificateBody) { b.Serial = nil }},
		{"short serial", "the serial has 15 bytes", func(b *daylightv1.CertificateBody) { b.Serial = b.Serial[1:] }},
		{"no key", "no key", func(b *daylightv1.CertificateBody) { b.Key = nil }},
		{"short key", "the key has 31 bytes", func(b *daylightv1.CertificateBody) { b.Key = b.Key[1:] }},
		{"no issuer", "did not sign", func(b *daylightv1.CertificateBody) { b.Issuer = nil }},
		{"short issuer", "the issuer's key has 31 bytes", func(b *daylightv1.CertificateBody) { b.Issuer = b.Issuer[1:] }},
		{"long person", "name is too long", func(b *daylightv1.CertificateBody) { b.Person = strings.Repeat("a", 257) }},
		{"long device", "name is too long", func(b *daylightv1.CertificateBody) { b.Device = strings.Repeat("a", 257) }},
		{"negative bound", "at no time", func(b *daylightv1.CertificateBody) { b.NotBefore = -1 }},
		{"ends before it begins", "at no time", func(b *daylightv1.CertificateBody) { b.NotBefore, b.NotAfter = 2, 1 }},
		{"long recipient", "recipient is too long", func(b *daylightv1.CertificateBody) { b.Recipient = strings.Repeat("a", 257) }},
		{"a person's id in words", "not a UUID", func(b *daylightv1.CertificateBody) { b.PersonId = "Monitor A" }},
		{"a person's id in another form", "not a UUID", func(b *daylightv1.CertificateBody) { b.PersonId = "urn:uuid:" + samplePersonID }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			body := sampleBody()
			tt.do(body)
			_, err := CertificateFromProto(sign(testKey(), body))
			wantError(t, err, ErrCertificate, tt.says)
		})
	}
	for _, name := range []byte{bodyPerson, bodyDevice, bodyRecipient} {
		notText := sign(testKey(), sampleBody(), name<<3|2, 1, 0xff)
		_, err := CertificateFromProto(notText)
		wantError(t, err, ErrCertificate, "UTF-8")
	}
}

func TestCertificateOfAnIssuer(t *testing.T) {
	office := officeKey()
	body := sampleBody()
	body.Issuer = publicOf(office)
	body.NotBefore, body.NotAfter = 10, 20
	c, err := CertificateFromProto(sign(office, body))
	if err != nil {
		t.Fatal(err)
	}
	if c.Development() {
		t.Error("it passes for a development certificate")
	}
	for now, want := range map[int64]bool{9: false, 10: true, 20: true, 21: false} {
		if c.Valid(now) != want {
			t.Errorf("at %d: got %v", now, !want)
		}
	}
	_, err = CertificateFromProto(sign(testKey(), body))
	wantError(t, err, ErrCertificate, "did not sign")
}

func officeKey() ed25519.PrivateKey {
	return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{5}, ed25519.SeedSize))
}

func sampleSubject() Subject {
	return Subject{Serial: Serial{1: 7}, Key: publicOf(testKey()), Person: "Monitor A", Device: "tablet 1", NotBefore: 1, NotAfter: 300}
}

// TestIssuedCertificateIsAsPinned was read field by field against log.proto once.
func TestIssuedCertificateIsAsPinned(t *testing.T) {
	key, issuer := hex.EncodeToString(publicOf(testKey())), hex.EncodeToString(publicOf(officeKey()))
	want := "0a10" + "00070000000000000000000000000000" + "1220" + key +
		"1a09" + hex.EncodeToString([]byte("Monitor A")) + "2208" + hex.EncodeToString([]byte("tablet 1")) +
		"2801" + "30ac02" + "3a20" + issuer
	c := Issue(officeKey(), sampleSubject())
	if got := hex.EncodeToString(c.body); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	message := append([]byte("daylight/v1 certificate\x00"), c.body...)
	if !ed25519.Verify(publicOf(officeKey()), message, c.signature) {
		t.Error("the issuer's signature is not over what log.proto says")
	}
}

const (
	sampleRecipient = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"
	samplePersonID  = "0192f0c1-0000-4000-8000-000000000001"
)

// fullSubject is of a device that takes bundles.
func fullSubject() Subject {
	of := sampleSubject()
	of.Recipient, of.PersonID = sampleRecipient, samplePersonID
	return of
}

// TestCertificateOfARecipientIsAsPinned was read field by field against log.proto once.
func TestCertificateOfARecipientIsAsPinned(t *testing.T) {
	without := hex.EncodeToString(Issue(officeKey(), sampleSubject()).body)
	want := without + "423e" + hex.EncodeToString([]byte(sampleRecipient)) + "4a24" + hex.EncodeToString([]byte(samplePersonID))
	if got := hex.EncodeToString(Issue(officeKey(), fullSubject()).body); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	body := sampleBody()
	body.Recipient, body.PersonId = sampleRecipient, samplePersonID
	c, err := CertificateFromProto(sign(testKey(), body))
	if err != nil || c.Recipient != sampleRecipient || c.PersonID != samplePersonID {
		t.Errorf("got %+v, %v", c, err)
	}
}

// Half a recipient, or half an id, would be somebody else's.
func TestWhatCannotStandInACertificateIsLeftOut(t *testing.T) {
	for _, of := range []Subject{
		{Recipient: strings.Repeat("a", 257), PersonID: samplePersonID[1:]},
		{Recipient: "age1\xff", PersonID: "Monitor A"},
	} {
		of.Serial, of.Key = Serial{1}, publicOf(testKey())
		c, err := ParseCertificate(Issue(officeKey(), of).Encode())
		if err != nil || c.Recipient != "" || c.PersonID != "" {
			t.Errorf("%q, %q: got %+v, %v", of.Recipient, of.PersonID, c, err)
		}
	}
}

func TestIssueVouchesForItsSubject(t *testing.T) {
	of := fullSubject()
	c := Issue(officeKey(), of)
	read, err := ParseCertificate(c.Encode())
	if err != nil || !reflect.DeepEqual(read, c) {
		t.Fatalf("got %+v, %v", read, err)
	}
	if got := (Subject{c.Serial, c.Key, c.Person, c.Device, c.NotBefore, c.NotAfter, c.Recipient, c.PersonID}); !reflect.DeepEqual(got, of) {
		t.Errorf("it is for %+v, want %+v", got, of)
	}
	if !read.IssuedBy(publicOf(officeKey())) || read.IssuedBy(publicOf(testKey())) || read.Development() {
		t.Error("it does not know who issued it")
	}
	if read.IssuedBy(nil) || (&Certificate{}).IssuedBy(nil) {
		t.Error("no key issues certificates")
	}
	of.Key[0] ^= 1
	if again, err := ParseCertificate(c.Encode()); err != nil || !bytes.Equal(c.Key, again.Key) {
		t.Errorf("it shares memory with its subject: %v", err)
	}
}

func TestDevelopmentIsIssuedByItself(t *testing.T) {
	own := Issue(testKey(), Subject{Serial: Serial{1: 7}, Key: publicOf(testKey()), Person: "Monitor A", Device: "tablet 1"})
	if !reflect.DeepEqual(own, sampleCertificate()) {
		t.Errorf("got %+v, want %+v", own, sampleCertificate())
	}
	if !own.IssuedBy(publicOf(testKey())) {
		t.Error("it does not know who issued it")
	}
}

func TestAnySubjectGetsACertificate(t *testing.T) {
	name := rapid.OneOf(rapid.StringN(0, 300, -1), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
	rapid.Check(t, func(t *rapid.T) {
		of := sampleSubject()
		of.Person, of.Device = name.Draw(t, "person"), name.Draw(t, "device")
		of.Recipient = name.Draw(t, "recipient")
		of.PersonID = rapid.OneOf(rapid.Just(samplePersonID), name).Draw(t, "person's id")
		of.NotBefore = rapid.Int64Range(0, math.MaxInt64).Draw(t, "not before")
		of.NotAfter = rapid.OneOf(rapid.Just(int64(0)), rapid.Int64Range(of.NotBefore, math.MaxInt64)).Draw(t, "not after")
		c := Issue(officeKey(), of)
		got, err := ParseCertificate(c.Encode())
		if err != nil || !reflect.DeepEqual(got, c) || !got.IssuedBy(publicOf(officeKey())) {
			t.Fatalf("got %+v, %v, want %+v", got, err, c)
		}
		if len(c.Person) > maxName || len(c.Device) > maxName || len(of.Person) <= maxName && utf8.ValidString(of.Person) && c.Person != of.Person {
			t.Fatalf("%q became %q", of.Person, c.Person)
		}
		if kept := len(of.Recipient) <= maxName && utf8.ValidString(of.Recipient); c.Recipient != "" && c.Recipient != of.Recipient || kept && c.Recipient != of.Recipient {
			t.Fatalf("%q became %q", of.Recipient, c.Recipient)
		}
	})
}

func TestDevelopmentCertificateHasNoEnd(t *testing.T) {
	if c := sampleCertificate(); !c.Valid(0) || !c.Valid(math.MaxInt64) {
		t.Error("it has bounds")
	}
}

func TestNewerCertificatesMaySayMore(t *testing.T) {
	extra := protowire.AppendTag(nil, 12, protowire.BytesType)
	extra = protowire.AppendString(extra, "role")
	p := sign(testKey(), sampleBody(), extra...)
	c, err := CertificateFromProto(p)
	if err != nil {
		t.Fatal(err)
	}
	if !proto.Equal(c.ToProto(), p) {
		t.Error("what it did not know is lost")
	}
}

func TestAnyNamesMakeACertificate(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.OneOf(rapid.StringN(0, 300, -1), rapid.Map(rapid.SliceOf(rapid.Byte()), func(b []byte) string { return string(b) }))
		c := NewDevelopment(testKey(), Serial{1}, name.Draw(t, "person"), name.Draw(t, "device"))
		got, err := ParseCertificate(c.Encode())
		if err != nil || !reflect.DeepEqual(got, c) {
			t.Fatalf("got %+v, %v, want %+v", got, err, c)
		}
	})
}

func TestLongNamesAreCutBetweenCharacters(t *testing.T) {
	c := NewDevelopment(testKey(), Serial{1}, "a"+strings.Repeat("ж", 200), strings.Repeat("a", 256))
	if c.Person != "a"+strings.Repeat("ж", 127) || len(c.Device) != 256 {
		t.Errorf("got %q of %d bytes, %q", c.Person, len(c.Person), c.Device)
	}
	if _, err := ParseCertificate(c.Encode()); err != nil {
		t.Error(err)
	}
}

func FuzzCertificate(f *testing.F) {
	f.Add([]byte{})
	f.Add(sampleCertificate().Encode())
	f.Add(Issue(officeKey(), fullSubject()).Encode())
	f.Add(marshal(f, sign(testKey(), sampleBody(), 0x78, 1)))
	body := sampleBody()
	body.NotBefore, body.NotAfter = 2, 1
	f.Add(marshal(f, sign(testKey(), body)))
	f.Fuzz(func(t *testing.T, b []byte) {
		c, err := ParseCertificate(b)
		if err != nil {
			wantOwnError(t, err)
			return
		}
		if !bytes.Equal(c.Encode(), b) {
			t.Fatal("encoded again it differs")
		}
		if !verify(c.Issuer, signedBody(c.body), c.signature) || len(c.Key) != ed25519.PublicKeySize {
			t.Fatal("it is not signed")
		}
	})
}
