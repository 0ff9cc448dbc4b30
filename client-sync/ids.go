package clientsync

import "github.com/daylight-npm/daylight/internal/record"

// idFor makes the id of a record of the kind, or of an element in it: newID's, which
// tells when it was made, or where that would tell too much, a UUID of version 4.
func (c *Client) idFor(k Kind) record.ID {
	id := c.newID()
	if record.Undated(k) {
		c.fillRandom(id[:])
		id[6] = id[6]&0x0f | 0x40
		id[8] = id[8]&0x3f | 0x80
	}
	return id
}

// NewID makes an id for a record of the kind, for a page that starts one before it is saved
// for the first time. Save gives one to records that have none.
func (c *Client) NewID(k Kind) string { return c.idFor(k).String() }
