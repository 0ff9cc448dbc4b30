package enrol

import (
	"encoding/binary"
	"strings"

	"github.com/sethvargo/go-diceware/diceware"
)

// passphraseWords of a list of 7,776 are 77 bits.
const passphraseWords = 6

// RandomWords gives a passphrase of six different words; random fills a slice.
func RandomWords(random func([]byte)) string {
	list := diceware.WordListEffLarge()
	var words []string
	for seen := map[uint32]bool{}; len(words) < passphraseWords; {
		var b [4]byte
		random(b[:])
		n := binary.BigEndian.Uint32(b[:])
		if n >= 1<<32-1<<32%wordsInList || seen[n%wordsInList] {
			continue // the rest would make the first words of the list likelier
		}
		n %= wordsInList
		seen[n] = true
		words = append(words, list.WordAt(dice(int(n))))
	}
	return strings.Join(words, " ")
}
