// Package bundle promises that a sync which travels in a file arrives whole or not
// at all: only whom it is for can read it, only whose name it carries can have made
// it, and no part of it is given out before all of it has been checked. It knows
// neither database nor network, nor what the parts mean.
//
// # The idea
//
// Where a link is cut, slow or watched, a stick carries what a sync would say. The
// file lies in pockets and passes hands, so it is locked from outside and signed
// inside (the format itself is in proto/daylight/v1/bundle.proto):
//
//	age ──────────────────────────────────────────────────────┐
//	│ "daylight bundle" 0, version                            │
//	│ zstd ──────────────────────────────────────────────┐    │
//	│ │ header │ part │ part │ ... │ end: count, signature │    │
//	│ └──────────────────────────────────────────────────┘    │
//	└─────────────────────────────────────────────────────────┘
//	           └── what the signature is over ──┘
//
// age is outside, so that whoever finds the stick learns the length, the number of
// recipients and nothing else, not even who made it or for whom. It authenticates
// each 64 KiB before anything in them is looked at: a careless copy is noticed at
// the byte, and a crafted file reaches the decompressor only from somebody who has
// the recipient's public key.
//
// That key is public, so age does not say who wrote. The signature does: Ed25519
// over "daylight/v1 bundle" ‖ 0 ‖ SHA-256 of all that is decompressed before the
// end's length. It is inside, where only recipients see whose it is, and at the end,
// so that neither side has to hold the whole in memory.
//
// A signature at the end means that nothing before it can be believed yet, and a
// stick may be cut off anywhere. So a bundle is read twice. [Bundle.Verify] goes
// through the whole file and decodes no part, it only measures them; then
// [Bundle.Frames] gives them out. The first part of the file, with age's keys, is
// read once and kept, so that the file cannot become another one in between.
//
// # What a part costs
//
// Each part has its length before it, at most [MaxFrame], checked before memory is
// taken; the compression may refer back 1 MiB; a part holds at most 131,072 messages
// and strings, for empty ones take two bytes in a file and a hundred in memory. So a
// reader needs some MiB, whatever the file's size and whoever made it.
//
// # Where it broke
//
// An [Error] says between which bytes of the file it cannot be read. A last chunk
// that is altered and one that is cut short look the same to age, so both are said.
package bundle
