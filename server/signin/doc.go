// Package signin promises that it is known who sits at a browser of the office, and that
// nobody else can say so: neither whoever reads the database, nor one administrator alone,
// nor a stranger who tries, and that no stranger can keep anybody out.
//
// # How somebody comes in
//
//	operator   Issue     a first-sign-in code: good once, for at most 72 hours
//	person     Enter     the code, for a session that may do nothing but what follows
//	           SetPassphrase, or BeginPasskey and AddPasskey    a way to sign in
//	           NewCodes, ConfirmCodes    ten recovery codes, on paper; now it is a session
//	later      ByPassphrase, ByPasskey, ByRecovery
//
// A passkey (WebAuthn, with the authenticator's own check of the person) needs no name: the
// authenticator tells which account it is for, so no page can be asked whether there is an
// account. The way without script is a passphrase together with a one-time code (RFC 6238).
// A recovery code is for the day on which neither works, and opens a session that may only
// renew one's own ways.
//
// Who has lost everything is helped by two administrators: ProposeReset shows one half of a
// new first-sign-in code to the one who asks, ApproveReset the other half to the one who
// approves, so that neither can sign in as the third. At the server itself the operator can
// Issue a code alone, which the access log tells.
//
// # What is kept
//
// Of session tokens and of every code the SHA-256, of passphrases Argon2id, of passkeys the
// public half. The secret of one-time codes has to be read back: it is sealed under a key in
// a file beside the database, so that a copy of the database gives none.
//
// Sessions end after 15 minutes without a request, after 12 hours in any case, when what the
// person may do changes, and when they are ended. The token changes at each proof of who
// sits there. What needs a fresh proof asks Session.Fresh.
//
// # Throttle
//
// From the fifth failure on, each doubles how long the next try has to wait, counted for the
// account at that browser or address (throttle.go). Tries of strangers count for strangers:
// a browser or address from which the person has signed in before waits only for its own
// failures, and passkeys never wait.
//
// Each sign-in, refusal, proof and end leaves a line in the access log, of fixed words.
package signin
