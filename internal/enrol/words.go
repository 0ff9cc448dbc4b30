package enrol

import (
	"crypto/ed25519"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/binary"

	"github.com/sethvargo/go-diceware/diceware"
)

const (
	wordsDomain = "daylight/v1 words\x00"
	// wordsRounds cost a phone some hundredths of a second, once, and whoever
	// searches for keys that give the same words as much for each try.
	wordsRounds = 1 << 16
	wordsInList = 7776 // 6^5: five dice
)

// Transcript is what the two sides of an enrolment have to agree on.
type Transcript struct {
	// Pins are all pins of the code, in its order. All, because a forged code may
	// name the right key first and its maker's second.
	Pins []Pin
	// Secret is the secret's hash.
	Secret [32]byte
	// Device is the key that the device made, Office the enrolment key that its
	// certificate is signed with.
	Device, Office ed25519.PublicKey
}

// Words are six words that the device and the office both show. Where two people
// see the same ones, nobody stands in between: he would have a key of his own in
// one of the transcripts. They are written with spaces between them.
func Words(t Transcript) [6]string { return WordsOf(wordsDomain, t.encode()) }

// WordsOf are six words for whatever two people have to compare: the same bytes give
// the same words. The domain says what for, and ends in a zero byte.
func WordsOf(domain string, b []byte) (words [6]string) {
	key, err := pbkdf2.Key(sha256.New, string(b), []byte(domain), wordsRounds, 4*len(words))
	if err != nil {
		panic(err) // only for lengths that are wrong in this line
	}
	list := diceware.WordListEffLarge()
	for i := range words {
		n := binary.BigEndian.Uint32(key[4*i:]) % wordsInList
		words[i] = list.WordAt(dice(int(n)))
	}
	return words
}

func (t Transcript) encode() []byte {
	b := []byte{byte(len(t.Pins))}
	for _, p := range t.Pins {
		b = append(b, p[:]...)
	}
	for _, part := range [][]byte{t.Secret[:], t.Device, t.Office} {
		b = append(append(b, byte(len(part))), part...)
	}
	return b
}

// dice is the n-th throw of five dice, as the list numbers its words: 11111 to
// 66666.
func dice(n int) (throw int) {
	for place := 1; place <= 10000; place *= 10 {
		throw += (n%6 + 1) * place
		n /= 6
	}
	return throw
}
