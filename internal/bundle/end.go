package bundle

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"hash"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

const signatureDomain = "daylight/v1 bundle\x00"

// signed is what the end signs. The domain keeps the signature from meaning anything
// elsewhere.
func signed(content hash.Hash) []byte {
	return content.Sum([]byte(signatureDomain))
}

// maxEnd bounds the last frame, in bytes.
const maxEnd = 10 + ed25519.SignatureSize + 16

func encodeEnd(frames uint64, signature []byte) ([]byte, error) {
	end := &daylightv1.BundleEnd{Frames: frames, Signature: signature}
	return proto.MarshalOptions{Deterministic: true}.Marshal(&daylightv1.BundleFrame{End: end})
}

// decodeEnd takes only the one encoding: the end itself is not signed, and nothing is
// to ride along in it.
func decodeEnd(frame []byte) (*daylightv1.BundleEnd, error) {
	var f daylightv1.BundleFrame
	if len(frame) > maxEnd || proto.Unmarshal(frame, &f) != nil {
		return nil, errors.New("its end is unreadable")
	}
	again, err := encodeEnd(f.GetEnd().GetFrames(), f.GetEnd().GetSignature())
	if err != nil || !bytes.Equal(again, frame) {
		return nil, errors.New("its end has more than belongs there")
	}
	return f.GetEnd(), nil
}

// verify never panics, as ed25519.Verify does on a key of a wrong length.
func verify(key ed25519.PublicKey, message, signature []byte) bool {
	return len(key) == ed25519.PublicKeySize && ed25519.Verify(key, message, signature)
}
