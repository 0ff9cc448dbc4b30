package scenario

import (
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// What only devices can do.
var deviceVerbs = map[string]func(d *Device, a, b string) error{
	"sync":    func(d *Device, _, _ string) error { return d.Sync(false) },
	"verify":  func(d *Device, _, _ string) error { return d.Sync(true) },
	"online":  func(d *Device, _, _ string) error { d.Net.Set(true); return nil },
	"offline": func(d *Device, _, _ string) error { d.Net.Set(false); return nil },
	"lose":    func(d *Device, what, _ string) error { return d.lose(what) },
	"cut":     func(d *Device, what, after string) error { return d.cut(what, after) },
	"clock":   func(d *Device, wrong, _ string) error { return d.set(wrong) },
	"close":   func(d *Device, _, _ string) error { return d.Close() },
	"reopen":  func(d *Device, _, _ string) error { return errors.Join(d.Close(), d.Open()) },
	"copy":    func(d *Device, name, _ string) error { return d.CopyTo(name) },
	"backup":  func(d *Device, name, _ string) error { return d.Backup(name) },
	"restore": func(d *Device, name, _ string) error { return d.Restore(name) },
	"full":    func(d *Device, _, _ string) error { return d.Fill(0) },
	"room":    func(d *Device, _, _ string) error { return d.Room() },
	"damage":  func(d *Device, how, _ string) error { return d.Damage(how) },
	"gone":    func(d *Device, _, _ string) error { d.given = true; d.w.lost(d.Name, 0); return d.Close() },
	"rescue":  func(d *Device, want, _ string) error { return d.giveUp(want) },
}

// What only the office can do besides writing.
var officeVerbs = map[string]func(o *Office, a, b string) error{
	"start":   func(o *Office, _, _ string) error { return o.Start() },
	"stop":    func(o *Office, _, _ string) error { return o.Stop() },
	"clock":   func(o *Office, wrong, _ string) error { return o.set(wrong) },
	"backup":  func(o *Office, name, _ string) error { return o.Backup(name) },
	"restore": func(o *Office, name, _ string) error { return o.Restore(name) },
	"full":    func(o *Office, _, _ string) error { return o.Fill() },
	"room":    func(o *Office, _, _ string) error { return o.Room() },
}

func (d *Device) lose(what string) error {
	switch what {
	case "request":
		d.Net.plan(loseRequest, 0)
	case "answer":
		d.Net.plan(loseAnswer, 0)
	default:
		return errors.New("lose request, or lose answer")
	}
	return nil
}

func (d *Device) cut(what, after string) error {
	n, err := strconv.ParseInt(after, 10, 64)
	switch {
	case err != nil:
		return err
	case what == "request":
		d.Net.plan(cutRequest, n)
	case what == "answer":
		d.Net.plan(cutAnswer, n)
	default:
		return errors.New("cut request BYTES, or cut answer BYTES")
	}
	return nil
}

func (c *Clock) set(wrong string) error {
	by, err := time.ParseDuration(wrong)
	c.Wrong(by)
	return err
}

// Damage closes the device and spoils its database: "torn" writes over its end,
// "foreign" puts another program's file in its place, "newer" makes it one of a
// later version of this program.
func (d *Device) Damage(how string) error {
	if err := d.Close(); err != nil {
		return err
	}
	file, err := database(d.dir)
	if err != nil {
		return err
	}
	switch how {
	case "torn":
		return tear(file)
	case "foreign":
		return errors.Join(os.Remove(file), foreign(file))
	case "newer":
		return newerFile(file)
	}
	return fmt.Errorf("%q is no damage: torn, foreign, newer", how)
}

// tear writes over the last page, as a power cut on bad flash does.
func tear(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	copy(b[len(b)-1<<12:], longText(1<<12))
	return os.WriteFile(file, b, 0o600)
}

func foreign(file string) error {
	return withFile(file, sqlitedb.Options{Application: 0x0badcafe}, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`CREATE TABLE songs (title TEXT)`)
		return err
	})
}

func newerFile(file string) error {
	b, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	ours := sqlitedb.Options{Application: binary.BigEndian.Uint32(b[68:])}
	return withFile(file, ours, func(tx *sqlitedb.Tx) error {
		_, err := tx.Exec(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)`)
		return err
	})
}

func withFile(file string, o sqlitedb.Options, do func(*sqlitedb.Tx) error) error {
	db, err := sqlitedb.Open(background(), file, o)
	if err != nil {
		return err
	}
	return errors.Join(db.Write(background(), do), db.Close())
}

// giveUp rescues what a broken device holds unsent, brings it to the office and
// leaves the device for good. want is how many changes there must be.
func (d *Device) giveUp(want string) error {
	n, err := d.Rescue(d.w.Meet("rescuer of "+d.Name, false))
	if err != nil {
		return err
	}
	if strconv.Itoa(n) != want {
		return fmt.Errorf("%d changes were rescued", n)
	}
	d.given = true
	return nil
}

// Fill bounds the office's database at what it is now, as a full disk does.
func (o *Office) Fill() error {
	if err := o.Stop(); err != nil {
		return err
	}
	size, err := pages(o.dir)
	o.maxPages = size
	return errors.Join(err, o.Start())
}

// Room takes the bound away.
func (o *Office) Room() error {
	o.maxPages = 0
	return errors.Join(o.Stop(), o.Start())
}
