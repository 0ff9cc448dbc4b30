package directory

import (
	"fmt"
	"testing"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// TestPagesOfDevicesMeet: those that wait come first, each from the one silent for longest,
// and every one once.
func TestPagesOfDevicesMeet(t *testing.T) {
	w := newWorld(t)
	p := w.person("Monitor A", monitor)
	const all = 2*ListPage + 7
	for i := range all {
		code := fmt.Sprint("code ", i)
		_, err := w.Invite(w.ctx(), idOf(t, p.Id), hashOf(code), By{})
		w.must(err)
		e, err := w.Enrol(w.ctx(), enrolling(code, fmt.Sprint("phone ", i), fmt.Sprint("token ", i)), By{})
		w.must(err)
		if i%9 == 0 {
			_, err := w.Revoke(w.ctx(), idOf(t, e.Device.Id), By{})
			w.must(err)
		}
	}
	seen, last := map[string]bool{}, daylightv1.DeviceState(0)
	for q, pages := (DeviceQuery{}), 0; ; pages++ {
		page, next, err := w.ListDevices(w.ctx(), q)
		w.must(err)
		for _, k := range page {
			if seen[k.GetId()] || k.GetState() < last || k.Owner.GetName() != "Monitor A" {
				t.Errorf("%s comes twice, or out of order", k.GetLabel())
			}
			seen[k.GetId()], last = true, k.GetState()
		}
		if q.After = next; next == "" || pages > 5 {
			break
		}
	}
	if len(seen) != all {
		t.Errorf("%d of %d devices", len(seen), all)
	}
	for name, q := range map[string]struct {
		DeviceQuery
		want int
	}{"revoked": {DeviceQuery{State: revoked}, 12}, "words": {DeviceQuery{Words: " PHONE 17 "}, 1}, "silent": {DeviceQuery{Silent: w.time.Add(time.Hour).UnixMilli(), Words: "phone 1"}, 17}, "nobody's": {DeviceQuery{Person: idOf(t, w.admin.Id)}, 0}} {
		if page, _, err := w.ListDevices(w.ctx(), q.DeviceQuery); err != nil || len(page) != q.want {
			t.Errorf("%s: %d devices, %v", name, len(page), err)
		}
	}
	c, err := w.Count(w.ctx(), w.time.Add(time.Hour).UnixMilli())
	w.must(err)
	if c != (Counted{People: 2, Devices: all - 12, Silent: all - 12}) {
		t.Errorf("%+v", c)
	}
}
