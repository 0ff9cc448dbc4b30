// Package directory promises that it is known who may ask: the office, its bodies
// and people with what they may do, their devices, and the tokens of integrators.
//
// None of it is a merged record. It is changed by compare-and-swap: a change names
// the revision that it was made from, and one that came too late is refused and
// changes nothing. Nobody is ever deleted, because somebody has to be named as the
// author of what was written.
//
// # How a device becomes known
//
//	office    Invite   a code with a secret, good once, for 15 minutes
//	device    Enrol    the secret and its public key; gets certificate and token
//	office    Approve  a second person compares the words on both screens
//	device    Renew    in time: a new certificate for the same key, a new token
//	office    Revoke   the token is gone at once
//
// Of secrets and tokens only the SHA-256 is kept, so that reading the database
// lets nobody in. Two keys of the office are there whole, since the server uses them:
// the one that issues certificates and the one that opens bundles.
//
// Every change leaves a line in the access log, and so does everything else that an
// auditor asks after: who was not let, who came after a long time, who was shown or
// sent restricted records, who took the log out. It only grows, and holds ids, counts
// and fixed words, never content.
package directory
