// Package vault keeps what a device stores from being read by whoever takes it. It
// promises that without the passphrase (and the hardware's key, where the host has
// one) a folder tells no more than how many rows there are, how large they are, and
// which of them name the same thing; and that what was altered, moved or cut is
// refused, never shown.
//
// # The keys
//
// A vault has one random key of 32 bytes. It lies in the folder twice, wrapped:
//
//   - vault.key wraps it for the person. The wrapping key comes from the passphrase by
//     Argon2id (RFC 9106) and from a secret that only the phone's hardware can give
//     back (Keystore), through HKDF-SHA256 (RFC 5869). The file says by which costs;
//     it is authenticated with the wrapped key, and costs outside of hard bounds are
//     refused before any work is done.
//   - vault.recovery wraps it for the office: an age file to its recovery key, which is
//     kept on paper. It stays when the person's wrap is gone, so that a forgotten
//     passphrase takes no words with it.
//
// Another passphrase wraps the same key again; no row changes. Before each try a byte
// is added to vault.tries and reaches the disk; the right passphrase empties it, after
// ten wrong ones the person's wrap is destroyed, and the office's is left.
//
// # The rows
//
// Content is sealed row by row with XChaCha20-Poly1305, under a random nonce of 24
// bytes. It is padded first, so that its length says little. The associated data names
// the table, the row and whatever stands in it beside the content, so a row that was
// put in the place of another does not open.
//
// What a database has to find rows by is blinded: an id of 16 bytes is one block of
// AES-256 under a key of its own for each sort of id. Equal ids stay equal, and that is
// all that is left of them. It can be undone with the key, so no id is stored twice.
//
// # What it does not do
//
// Go moves memory about and cannot be made to overwrite all of it: Forget overwrites
// what it can reach. Flash keeps old copies of what was overwritten for a while.
// A copy of vault.key that somebody made before the passphrase was changed opens with
// the old one. Nobody can tell an older copy of a whole row from the present one, nor
// that a row was taken out.
package vault
