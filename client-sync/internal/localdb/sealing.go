package localdb

import (
	"encoding/binary"
	"encoding/json"

	"github.com/daylight-npm/daylight/internal/record"
)

// Sealer is a key that this device has made for one compartment of a visit.
type Sealer struct {
	// Key is the id of its record, a SealingKey.
	Key, Visit  record.ID
	Compartment int32
	// Public is what is sealed to, Secret what opens: empty once the visit was handed in.
	Public, Secret string
	// Given: this device has wrapped the secret for somebody else.
	Given bool
}

// Held reports whether this device can still open what was sealed to the key.
func (s Sealer) Held() bool { return s.Secret != "" }

// sealerContent is what is sealed of it.
type sealerContent struct {
	Compartment    int32
	Public, Secret string
	Given          bool
}

// PutSealer adds or replaces one.
func (b *Book) PutSealer(s Sealer) error {
	content, err := json.Marshal(sealerContent{s.Compartment, s.Public, s.Secret, s.Given})
	if err != nil {
		return err
	}
	_, err = b.Exec(`
		INSERT INTO sealers (key, parent, sealed) VALUES (?1, ?2, ?3)
		ON CONFLICT (key) DO UPDATE SET parent = ?2, sealed = ?3`,
		b.record(s.Key), b.record(s.Visit), b.keys.Seal(place("sealers", s.Key[:], s.Visit[:]...), content))
	return err
}

// Sealers gives those of a visit; of all visits for nil.
func (b *Book) Sealers(visit *record.ID) (out []Sealer, err error) {
	text, args := `SELECT key, parent, sealed FROM sealers`, []any(nil)
	if visit != nil {
		text, args = text+` WHERE parent = ?`, []any{b.record(*visit)}
	}
	err = b.Each(text, args, func(scan func(...any) error) (bool, error) {
		s, err := b.sealer(scan)
		out = append(out, s)
		return true, err
	})
	return out, err
}

func (b *Book) sealer(scan func(...any) error) (s Sealer, err error) {
	var key, visit, sealed []byte
	if err := scan(&key, &visit, &sealed); err != nil {
		return s, err
	}
	if s.Key, err = b.readRecord(key); err != nil {
		return s, err
	}
	if s.Visit, err = b.readRecord(visit); err != nil {
		return s, err
	}
	content, err := b.keys.Open(place("sealers", s.Key[:], s.Visit[:]...), sealed)
	if err != nil {
		return s, err
	}
	var c sealerContent
	err = json.Unmarshal(content, &c)
	s.Compartment, s.Public, s.Secret, s.Given = c.Compartment, c.Public, c.Secret, c.Given
	return s, err
}

// Readers gives the signed list that PutReaders stored, with its version; nothing and 0
// when nothing was.
func (b *Book) Readers() (version uint64, signed []byte, err error) {
	content, err := b.single("readers")
	if err != nil || content == nil {
		return 0, nil, err
	}
	head, err := cut(&content, 8)
	if err != nil {
		return 0, nil, err
	}
	return binary.BigEndian.Uint64(head), content, nil
}

// DropReaders forgets it.
func (b *Book) DropReaders() error {
	_, err := b.Exec(`DELETE FROM readers`)
	return err
}

// PutReaders stores it in the place of any that was there.
func (b *Book) PutReaders(version uint64, signed []byte) error {
	return b.putSingle("readers", append(binary.BigEndian.AppendUint64(nil, version), signed...))
}
