// Package replay writes a made-up history into an office as it would have come: from the
// devices of its people, signed and in batches, over years. It promises that afterwards
// nothing tells the office from one that was in use: histories name monitors and
// officers, times of writing and of receipt lie years apart, conflicts, refusals and
// changes that wait for a person are there, and `daylightd check` finds nothing.
//
// Each person of package sample is added to the directory and enrols a device, with a key
// that is forgotten when Play returns: nobody can go on in their names. The certificates
// are renewed as they would have been. Every step becomes a change, guarded fields apart,
// and an edit replaces what its author had on screen: what batches before it left there.
// The changes pass the judge that devices' changes pass; where that decides otherwise
// than the history expects, the Report counts it.
//
// The store's clock has to be the Clock that is given: it stands where the history is.
package replay
