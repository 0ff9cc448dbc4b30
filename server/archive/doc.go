// Package archive promises that an office can leave: everything it holds goes into one
// file, and comes out of it as the same office, proven by the digest of its records.
//
//	who there is     the office, bodies, people, devices, tokens, lists of readers, the
//	                 access log                               server/directory
//	the log          every entry as it was signed, held and refused ones too, with the time
//	                 at which it came; hashes of what is awaited          server/store
//	the keys         only where they are asked for: those of the office, of its own writers
//	                 and of its TLS certificate, and what devices and programs are known by
//
// With the keys, the office moves: devices and programs go on with the server that the
// archive was read into, once it answers at the old address. Without, it is a copy: it has
// keys of its own, and nobody is let into it but those who are let in anew.
//
// Records, lists and scopes are not in it, since they follow from the log; the search is
// filled behind it. What is left out: codes that are out, which are good for minutes, and
// where in the search the office stood. Reading is all or nothing for the caller who reads
// into a folder that nobody has seen yet.
//
// The file's form is in archive.proto. A sum at its end tells a file that was cut off or
// has decayed; it does not tell who made it. Whoever sends it encrypts it.
package archive
