// Package enrol promises that a device and its office find each other and nobody
// else: it holds the code that brings them together, the words by which two people
// see that it did, the token that the device is known by afterwards, and the TLS
// that rests on the key named in the code. It has no I/O, no clock and no
// randomness of its own.
//
// # The idea
//
//	office                                   device
//	  │  [Code]: where, whose key, a secret    │
//	  ├──────── on paper or a screen ─────────▶│  makes its Ed25519 key
//	  │                                        │
//	  │◀═══ TLS to the key that was named ═════╡  secret, public key, [Prove]
//	  ╞═══ certificate, [Token], the office ══▶│
//	  │                                        │
//	  └────── both show the same [Words] ──────┘
//
// The code is the only thing that has to come by a way that can be trusted. It
// names the server's key by its [Pin], so that no authority which a state can order
// about has a say in whom the device talks to ([ClientTLS]), and no wrong clock
// keeps it from talking. Its secret lets one device in, once; whoever keeps codes
// keeps [HashSecret] of it.
//
// # The code
//
// A code is DAYLIGHT, one character for the version, and the base 32 of Crockford
// (no I, L, O, U) of
//
//	counts (1 byte: addresses << 4 | pins) ‖ secret (16) ‖ pins (32 each) ‖
//	addresses (1 byte: http << 7 | length, then what stands behind the "://") ‖
//	CRC-32C (4 bytes, little endian) of "DAYLIGHT1" and everything before it
//
// the first character holding the highest bits, unused bits at the end zero. A
// CRC-32 finds every error that is confined to four neighbouring characters; of
// all others it misses one in four thousand million.
//
// # The words
//
// They are drawn from the EFF's large word list of 7,776 (Bonneau 2016, CC BY 3.0)
// by
//
//	PBKDF2-HMAC-SHA-256(transcript, "daylight/v1 words" ‖ 0, 65,536 rounds, 24 bytes)
//
// four bytes, big endian, modulo 7,776, for each, where the transcript is
//
//	number of pins (1 byte) ‖ pins ‖ SHA-256 of the secret ‖
//	device key ‖ office enrolment key     each with its length (1 byte) before it
//
// That is 77.5 bits. Somebody in between who answers both sides with keys of his
// choice does not have to meet given words, only to bring two sets together: work
// for 2^39 tries on either side, each of 65,536 rounds, within the quarter of an
// hour that a code lives.
package enrol
