package directory

import (
	"context"
	"time"
)

// DeviceFigures counts the devices that may sync.
type DeviceFigures struct {
	// Active are let in; Waiting are not yet.
	Active, Waiting int
	// Lately are active ones that called within a day, Silent those that have not for
	// SilentAfter.
	Lately, Silent int
}

// SilentAfter is after how long somebody should ask after a device.
const SilentAfter = 5 * 24 * time.Hour

// DeviceFigures counts the devices as they are now. One that has not called since it was
// enrolled is neither.
func (d *Directory) DeviceFigures(ctx context.Context) (f DeviceFigures, err error) {
	err = d.read(ctx, func(t *tx) error {
		now := d.now().UnixMilli()
		return t.QueryRow(`
			SELECT coalesce(sum(state = $1), 0), coalesce(sum(state = $2), 0),
				coalesce(sum(state = $1 AND last_seen > $3), 0), coalesce(sum(state = $1 AND last_seen BETWEEN 1 AND $4), 0)
			FROM devices`, int64(active), int64(waiting), now-(24*time.Hour).Milliseconds(), now-SilentAfter.Milliseconds()).
			Scan(&f.Active, &f.Waiting, &f.Lately, &f.Silent)
	})
	return f, err
}
