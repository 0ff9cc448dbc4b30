package scenario

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// expect: WHO WHAT ..., where WHO may be all: every device and the office.
func (s *Story) expect(who string, args []string) error {
	if who != "all" {
		return s.expectOne(who, args)
	}
	for _, d := range s.present() {
		if err := s.expectOne(d.Name, args); err != nil {
			return err
		}
	}
	return s.expectOne("office", args)
}

func (s *Story) expectOne(who string, args []string) error {
	a, err := s.author(who)
	if err != nil {
		return err
	}
	if err := s.expectOf(a, args); err != nil {
		return fmt.Errorf("%s: %w", who, err)
	}
	return nil
}

func (s *Story) expectOf(a author, args []string) error {
	if len(args) == 3 && args[1] == "=" {
		return s.expectValue(a, args[0], args[2])
	}
	if len(args) > 1 {
		switch args[0] {
		case "conflict":
			return s.expectConflict(a, args[1], args[2], args[3:])
		case "settled":
			return s.expectSettled(a, args[1])
		case "removed", "kept":
			seen, err := s.look(a, args[1])
			if err == nil && seen.Removed != (args[0] == "removed") {
				err = fmt.Errorf("removed: %v", seen.Removed)
			}
			return err
		case "waiting":
			return s.expectWaiting(a, args[1], args[2:])
		case "changes":
			return s.expectChanges(args[1], args[2])
		case "answer":
			return expectAnswer(a, args[1:])
		case "filled", "progress", "asked", "offered":
			return s.expectFilled(a, args)
		}
	}
	if d, ok := a.(*Device); ok && len(args) > 0 {
		return s.expectDevice(d, args)
	}
	return errors.New("nobody knows how to expect this")
}

// expectValue: NAME.PLACE = VALUE
func (s *Story) expectValue(a author, place, text string) error {
	want, _, err := s.parseValue(text)
	if err != nil {
		return err
	}
	if text == "none" {
		want = text
	}
	name, place, _ := strings.Cut(place, ".")
	seen, err := s.look(a, name)
	if err != nil {
		return err
	}
	got, err := lookup(seen.Message.ProtoReflect(), place)
	if err == nil && got != want {
		err = fmt.Errorf("it is %s", clip(got))
	}
	return err
}

// expectConflict: NAME PLACE VALUE | VALUE ..., in any order
func (s *Story) expectConflict(a author, name, place string, args []string) error {
	var want, got []string
	for _, arg := range args {
		if arg == "|" {
			continue
		}
		v, set, err := s.parseValue(arg)
		if err != nil {
			return err
		}
		if !set {
			v = "none"
		}
		want = append(want, v)
	}
	field, key, inside, err := elementOf(s.kinds[name], place)
	if err != nil {
		return err
	}
	seen, err := s.look(a, name)
	if err != nil {
		return err
	}
	for _, c := range seen.Conflicts {
		if c.Field == field && c.Key == key {
			for _, v := range c.Values {
				got = append(got, fromJSON(v, inside))
			}
		}
	}
	if field == "removed" && len(got) > 0 {
		return nil // what the remover saw is not for a story to spell
	}
	slices.Sort(want)
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		return fmt.Errorf("the values are %q", got)
	}
	return nil
}

// expectSettled: NAME has no conflict
func (s *Story) expectSettled(a author, name string) error {
	seen, err := s.look(a, name)
	if err == nil && len(seen.Conflicts) > 0 {
		err = fmt.Errorf("there is a conflict: %q", seen.Conflicts)
	}
	return err
}

// expectWaiting: NAME waits for OTHERS
func (s *Story) expectWaiting(a author, name string, others []string) error {
	seen, err := s.look(a, name)
	if err != nil {
		return err
	}
	var want []string
	for _, o := range others {
		want = append(want, s.id(o).String())
	}
	if !slices.Equal(seen.Waiting, want) {
		return fmt.Errorf("it waits for %d records: %v", len(seen.Waiting), seen.Waiting)
	}
	return nil
}

// expectChanges: NAME has NUMBER changes in the office's history
func (s *Story) expectChanges(name, number string) error {
	entries, _, err := s.Office.Store.History(background(), s.kinds[name], s.id(name), 500, "")
	if err == nil && strconv.Itoa(len(entries)) != number {
		err = fmt.Errorf("there are %d", len(entries))
	}
	return err
}

// expectAnswer: REASON ..., of what was refused in a stranger's last push
func expectAnswer(a author, want []string) error {
	x, ok := a.(*Stranger)
	if !ok {
		return errors.New("only strangers keep answers")
	}
	var got []string
	for _, v := range x.Refused {
		got = append(got, strings.TrimPrefix(v.Reason.String(), "REASON_"))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("refused were %q", got)
	}
	return nil
}

// expectDevice: what the device knows of itself and of its last sync
func (s *Story) expectDevice(d *Device, args []string) error {
	status, err := d.Client.Status(background())
	if err != nil {
		return err
	}
	r := d.Last
	switch what := args[0]; what {
	case "unsent":
		return compare(int64(status.Unsent), args[1:])
	case "records":
		return compare(int64(status.Records), args[1:])
	case "requests":
		return compare(int64(r.Requests), args[1:])
	case "pushed":
		return compare(int64(r.Pushed), args[1:])
	case "pulled":
		return compare(int64(r.Pulled), args[1:])
	case "bytes":
		return compare(r.BytesUp+r.BytesDown, args[1:])
	case "refused":
		return s.expectRefused(d, args[1:])
	case "listed", "unlisted":
		return s.expectListed(d, args[1], what == "listed")
	case "copied", "restored", "same":
		got := map[string]bool{"copied": r.Copied, "restored": r.Restored, "same": r.Verified == "same"}
		if !got[what] {
			return fmt.Errorf("it was not: %+v", r)
		}
		return nil
	}
	return fmt.Errorf("a device has no %q", args[0])
}

// compare: N, <= N, >= N
func compare(got int64, args []string) error {
	op, text := "=", args[0]
	if len(args) == 2 {
		op, text = args[0], args[1]
	}
	want, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return err
	}
	ok := map[string]bool{"=": got == want, "<=": got <= want, ">=": got >= want}[op]
	if !ok {
		return fmt.Errorf("it is %d", got)
	}
	return nil
}

// expectRefused: NUMBER [REASON]
func (s *Story) expectRefused(d *Device, args []string) error {
	all, err := d.Client.Refused(background())
	if err != nil {
		return err
	}
	for _, r := range all {
		if len(r.Changes) == 0 || r.Text == "" {
			return fmt.Errorf("a refusal is not readable: %+v", r)
		}
		if len(args) > 1 && r.Reason != args[1] {
			return fmt.Errorf("refused as %s", r.Reason)
		}
	}
	return compare(int64(len(all)), args[:1])
}

func (s *Story) expectListed(d *Device, name string, want bool) error {
	found := false
	for item, err := range d.Client.List(background(), clientsync.Filter{Kind: s.kinds[name]}) {
		if err != nil {
			return err
		}
		found = found || item.ID == s.id(name).String()
	}
	if found != want {
		return fmt.Errorf("listed: %v", found)
	}
	return nil
}
