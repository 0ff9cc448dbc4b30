package scenario

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/encoding/protodelim"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Device is the real library on a folder of its own.
type Device struct {
	Clock
	Name   string
	Client *clientsync.Client
	Net    *Switch
	// Last is the report of the last sync.
	Last clientsync.Report

	dir      string
	maxPages int
	opened   int
	backups  map[string]int // the step of each
	given    bool           // given up: broken for good
	calls    *http.Transport
}

// Add makes a device and opens it.
func (w *World) Add(name string) (*Device, error) {
	d := &Device{Clock: Clock{w: w}, Name: name, dir: w.path("device", name), backups: map[string]int{}}
	d.calls = &http.Transport{DialContext: w.dial}
	d.Net = &Switch{next: d.calls}
	w.Devices = append(w.Devices, d)
	return d, d.Open()
}

// Open opens the folder; one that is open stays so.
func (d *Device) Open() error {
	if d.Client != nil {
		return nil
	}
	d.opened++
	c, err := clientsync.Open(background(), Cheap(clientsync.Config{
		Dir: d.dir, Person: "Monitor " + d.Name, Device: "tablet " + d.Name,
		Server: Address, HTTP: &http.Client{Transport: d.Net},
		Now: d.Now, MaxPages: d.maxPages,
		Random: d.w.random(fmt.Sprintf("device %s %d", d.Name, d.opened)),
	}))
	if err == nil {
		d.Client = c
	}
	return err
}

// Close closes the folder. Closing twice is no error.
func (d *Device) Close() error {
	d.calls.CloseIdleConnections()
	if d.Client == nil {
		return nil
	}
	err := d.Client.Close()
	d.Client = nil
	d.w.closeChanges(d.Name)
	return err
}

// Sync syncs and keeps the report.
func (d *Device) Sync(verify bool) error {
	if d.Client == nil {
		return errors.New("the device is closed")
	}
	d.w.closeChanges(d.Name)
	step := d.w.step
	var err error
	d.Last, err = d.Client.SyncWith(background(), clientsync.SyncOptions{Verify: verify})
	if err == nil && d.Last.Fault == "" {
		return d.w.acknowledge(d.Name, step)
	}
	return err
}

// while closes the folder, does something to it and opens it again.
func (d *Device) while(do func() error) error {
	if err := d.Close(); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	return d.Open()
}

// CopyTo makes another device out of this one's folder, as a phone's backup does
// that is restored onto a second phone.
func (d *Device) CopyTo(name string) error {
	err := d.while(func() error { return copyDir(d.dir, d.w.path("device", name)) })
	if err != nil {
		return err
	}
	_, err = d.w.Add(name)
	return err
}

// Backup keeps the folder as it is now.
func (d *Device) Backup(name string) error {
	d.backups[name] = d.w.step
	return d.while(func() error { return copyDir(d.dir, d.w.path("backup", d.Name, name)) })
}

// Restore brings a backup back.
func (d *Device) Restore(name string) error {
	d.w.lost(d.Name, d.backups[name])
	return d.while(func() error { return copyDir(d.w.path("backup", d.Name, name), d.dir) })
}

// database finds the one in a folder.
func database(dir string) (string, error) {
	found, err := filepath.Glob(filepath.Join(dir, "*.db"))
	if err != nil || len(found) != 1 {
		return "", fmt.Errorf("%d databases, want 1 (%v)", len(found), err)
	}
	return found[0], nil
}

// Fill bounds the database at what it is now, as a full disk does; 0 gives room.
func (d *Device) Fill(more int) error {
	return d.while(func() error {
		size, err := pages(d.dir)
		d.maxPages = size + more
		return err
	})
}

// Room takes the bound away.
func (d *Device) Room() error {
	return d.while(func() error { d.maxPages = 0; return nil })
}

func pages(dir string) (int, error) {
	file, err := database(dir)
	if err != nil {
		return 0, err
	}
	i, err := os.Stat(file)
	if err != nil {
		return 0, err
	}
	return int(i.Size() / 4096), nil
}

// Rescue brings what the folder holds unsent to the office, without opening it,
// and says how many changes there were.
func (d *Device) Rescue(by *Stranger) (int, error) {
	var out bytes.Buffer
	r, err := clientsync.Rescue(background(), Cheap(clientsync.Config{Dir: d.dir}), "", &out)
	n := r.Changes
	if err != nil {
		return n, err
	}
	for r := bytes.NewReader(out.Bytes()); r.Len() > 0; {
		var b daylightv1.Batch
		if err := protodelim.UnmarshalFrom(r, &b); err != nil {
			return n, err
		}
		if _, err := by.bring(&b); err != nil {
			return n, err
		}
	}
	return n, nil
}

func (d *Device) name() string { return d.Name }

func (d *Device) blank(k record.Kind) record.Message { return record.New(k) }

func (d *Device) read(k record.Kind, id record.ID) (Seen, error) {
	item, err := d.Client.Get(background(), k, id.String())
	if err != nil {
		return Seen{}, err
	}
	seen := Seen{Message: item.Message, Removed: item.Removed}
	for _, r := range item.Waiting {
		seen.Waiting = append(seen.Waiting, r.ID.String())
	}
	for _, c := range item.Conflicts {
		p := Several{Field: c.Field, Key: c.Key}
		for _, v := range c.Values {
			p.Values = append(p.Values, v.JSON)
		}
		seen.Conflicts = append(seen.Conflicts, p)
	}
	return seen, nil
}

func (d *Device) save(messages ...record.Message) error {
	return d.Client.Save(background(), messages...)
}

func (d *Device) remove(m record.Message) error { return d.Client.Remove(background(), m) }
