package bundle

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"fmt"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/journal"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// maxHeader bounds the header, in bytes: a certificate has at most 4 KiB and 64.
const maxHeader = 16 << 10

// ID names a bundle: 16 random bytes, never zero.
type ID [16]byte

// Header is what a bundle says about itself. Until Verify has returned nil, it is a
// claim.
type Header struct {
	ID      ID
	Purpose daylightv1.BundlePurpose
	// MadeMS is milliseconds since 1970 UTC by the clock of whoever made it.
	MadeMS int64
	// Epoch is the log that its maker knew; empty for a device that has heard of none.
	Epoch []byte

	// Certificate is, in a device's bundle, of the key that signs it. What was read is
	// signed by the issuer that it names; whether that is the office is for the reader
	// to say. Nil in an answer, which the office's key signs.
	Certificate *journal.Certificate

	// DeviceKey is, in an answer, of the device that it is for, and Answers the bundle
	// that it answers. Else empty.
	DeviceKey ed25519.PublicKey
	Answers   ID

	// Standing is, in what a device made for the office and in the answer, where the
	// device stood then; at most 128 bytes, opaque to the office.
	Standing []byte
}

const maxStanding = 128

// check says what keeps this from being a header, or nothing.
func (h Header) check() error {
	switch {
	case h.ID == ID{}:
		return errors.New("its header has no id")
	case kinds[h.Purpose] == 0:
		return errors.New("its header says no purpose")
	case len(h.Standing) > maxStanding:
		return errors.New("its header says too much of where the device stood")
	case h.Purpose == daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER:
		return h.checkAnswer()
	case h.Certificate == nil:
		return errors.New("its header has no certificate")
	case len(h.DeviceKey) != 0 || h.Answers != ID{}:
		return errors.New("its header has parts of an answer")
	}
	return nil
}

func (h Header) checkAnswer() error {
	switch {
	case h.Certificate != nil:
		return errors.New("its header has a certificate, and it is an answer")
	case len(h.DeviceKey) != ed25519.PublicKeySize:
		return errors.New("its header does not say whose device it is for")
	case h.Answers == ID{}:
		return errors.New("its header does not say what it answers")
	}
	return nil
}

func (h Header) encode() ([]byte, error) {
	if err := h.check(); err != nil {
		return nil, err
	}
	p := &daylightv1.BundleHeader{
		Id: h.ID[:], Purpose: h.Purpose, MadeAt: h.MadeMS, Epoch: h.Epoch, DeviceKey: h.DeviceKey, Standing: h.Standing,
	}
	if h.Certificate != nil {
		p.Certificate = h.Certificate.ToProto()
	}
	if h.Answers != (ID{}) {
		p.Answers = h.Answers[:]
	}
	b, err := proto.MarshalOptions{Deterministic: true}.Marshal(p)
	if err == nil && len(b) > maxHeader {
		err = fmt.Errorf("its header has %d bytes; at most %d are taken", len(b), maxHeader)
	}
	return b, err
}

// decodeHeader passes over fields that it does not know: they are signed.
func decodeHeader(b []byte) (Header, error) {
	var p daylightv1.BundleHeader
	if proto.Unmarshal(b, &p) != nil {
		return Header{}, errors.New("its header is unreadable")
	}
	h := Header{Purpose: p.GetPurpose(), MadeMS: p.GetMadeAt(), Epoch: p.GetEpoch(), DeviceKey: p.GetDeviceKey(), Standing: p.GetStanding()}
	if n := copy(h.ID[:], p.GetId()); n != len(p.GetId()) || n != len(h.ID) {
		return Header{}, errors.New("its header has an id of another length")
	}
	if n := copy(h.Answers[:], p.GetAnswers()); n != len(p.GetAnswers()) || n != 0 && n != len(h.Answers) {
		return Header{}, errors.New("its header answers an id of another length")
	}
	if p.GetCertificate() != nil {
		var err error
		if h.Certificate, err = journal.CertificateFromProto(p.GetCertificate()); err != nil {
			return Header{}, fmt.Errorf("its header has no valid certificate: %w", err)
		}
	}
	return h, h.check()
}

// clone keeps the bundle's own header from being changed through a copy of it.
func (h Header) clone() Header {
	h.Epoch, h.DeviceKey, h.Standing = bytes.Clone(h.Epoch), bytes.Clone(h.DeviceKey), bytes.Clone(h.Standing)
	return h
}
