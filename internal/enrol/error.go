package enrol

// Error is for a person: it never repeats what was typed, for a code and a token
// are secrets.
type Error struct {
	// Message is what happened and what was kept, in a sentence.
	Message string
	// Hint is what to do next.
	Hint string
}

// Error is the message, then the hint.
func (e *Error) Error() string { return e.Message + "\n" + e.Hint }

// ErrPin is what a connection under [ClientTLS] ends with when the server is not
// the one that the device was enrolled with. It comes before any request is
// written. Test with errors.Is.
var ErrPin error = &Error{
	Message: "whoever answers at the office's address does not have the office's key; nothing was sent, and everything that was written is kept on this device",
	Hint:    "Try another network: on this one, somebody may be answering in the office's place. If it stays so, ask the office, by another way, whether the key of its server has changed.",
}
