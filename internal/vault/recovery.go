package vault

import (
	"bytes"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"filippo.io/age"
)

// recoveryBegin is the first line inside vault.recovery; the key follows as hex.
const recoveryBegin = "daylight vault key v1\n"

// Recoverable wraps the keys for the office: recipient is its recovery recipient
// (age1...). It replaces an earlier wrap.
func (v *Vault) Recoverable(k *Keys, recipient string) error {
	to, err := age.ParseRecipients(strings.NewReader(recipient + "\n"))
	if err != nil || len(to) != 1 {
		return fmt.Errorf("wrap the key for the office: %w", errors.Join(err, errOneRecipient))
	}
	var out bytes.Buffer
	w, err := age.Encrypt(&out, to...)
	if err == nil {
		_, err = fmt.Fprintf(w, "%s%x\n", recoveryBegin, k.raw)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return fmt.Errorf("wrap the key for the office: %w", err)
	}
	return replace(v.file(recoveryFile), out.Bytes())
}

var errOneRecipient = errors.New("there is to be one recipient")

// Recover opens the vault with the office's recovery key (AGE-SECRET-KEY-...), whatever
// became of the passphrase and of the hardware.
func (v *Vault) Recover(identity string) (*Keys, error) {
	ids, err := age.ParseIdentities(strings.NewReader(identity))
	if err != nil || len(ids) == 0 {
		return nil, ErrRecoveryKey
	}
	b, err := read(v.file(recoveryFile))
	if err != nil {
		return nil, fmt.Errorf("read the wrap for the office: %w", err)
	}
	if b == nil {
		return nil, ErrNoRecovery
	}
	r, err := age.Decrypt(bytes.NewReader(b), ids...)
	if err != nil {
		return nil, ErrRecovery
	}
	text, err := io.ReadAll(io.LimitReader(r, largestHeader))
	if err != nil {
		return nil, ErrRecovery
	}
	raw, ours := keyIn(text)
	clear(text)
	if !ours {
		return nil, ErrRecovery
	}
	return newKeys(raw, v.random)
}

// keyIn reads what Recoverable wrapped.
func keyIn(text []byte) (raw []byte, ours bool) {
	line, begins := bytes.CutPrefix(text, []byte(recoveryBegin))
	line = bytes.TrimSuffix(line, []byte("\n"))
	raw = make([]byte, keySize)
	if !begins || len(line) != hex.EncodedLen(keySize) {
		return raw, false
	}
	_, err := hex.Decode(raw, line)
	return raw, err == nil
}

// RecoveryFile is the name, in a device's folder, of what the office's recovery key opens.
const RecoveryFile = recoveryFile

// HoldsKey reports whether this, out of a RecoveryFile that was opened, is a vault's key.
func HoldsKey(text []byte) bool {
	raw, ours := keyIn(text)
	clear(raw)
	return ours
}

// Destroy makes the folder unreadable for everybody, the office too, and may be called
// again after it was broken off anywhere: the hardware's key first, then both wraps. Where
// the hardware does not delete its key, its name is kept for the next time, and nothing
// else.
func (v *Vault) Destroy() error {
	var errs []error
	b, _ := read(v.file(keyFile))
	h, bad := parseHeader(b)
	if err := v.deleteHardware(h); bad == nil && err != nil {
		errs = append(errs, err, v.emptyHeader(h))
	} else {
		errs = append(errs, destroy(v.file(keyFile)), destroy(v.file(keyFile)+newEnd))
	}
	errs = append(errs, destroy(v.file(recoveryFile)), destroy(v.file(recoveryFile)+newEnd))
	errs = append(errs, remove(v.file(triesFile)), syncDir(v.Dir))
	return errors.Join(errs...)
}
