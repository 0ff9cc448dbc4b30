package exchange

// Departed says what a device has put away before a border.
type Departed struct {
	// Records and Changes that are no longer here; KeptChanges of its own are, because
	// the office has not answered for them, or has no backup that covers them.
	Records, Changes, KeptChanges int
}

// Depart puts away what the office has: records of which nothing here is pending, and
// accepted own changes that a backup of the office covers. A record stays as long as an
// own change of it does. It comes back with Return. Whoever writes such a record before
// that has not seen what they wrote themselves: so the device goes on under another id.
func (d *Device) Depart() (out Departed, err error) {
	if _, err := d.Begin(); err != nil {
		return out, err
	}
	if out.Changes, err = d.book.DropCovered(d.self.BackedUp); err != nil {
		return out, err
	}
	if out.Changes > 0 {
		d.startAnew()
	}
	if out.Records, err = d.book.DropSettled(); err != nil {
		return out, err
	}
	err = d.book.Since(0, func(e Noted) bool {
		if e.Peer == nil {
			out.KeptChanges++
		}
		return true
	})
	if err != nil {
		return out, err
	}
	return out, d.book.PutSelf(d.self)
}

// Return has everything sent anew by the next exchanges.
func (d *Device) Return() error {
	d.self.Cursor = nil
	d.self.Round += 1 + d.self.Round%2 // the next odd number
	return d.book.PutSelf(d.self)
}
