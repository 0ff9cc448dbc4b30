package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// opened is what one record seals, as far as this device can tell: its values, by the
// numbers that they have in a conflict, and who can read them.
type opened struct {
	values  map[int]clientsync.SealedValue
	readers []clientsync.MayRead
}

// opened opens it. Nothing is in it for a record that seals nothing.
func (c *call) opened(ctx context.Context, item clientsync.Item) (o opened, err error) {
	if !clientsync.Sealed(item.Kind) {
		return o, nil
	}
	values, err := c.client.OpenSealed(ctx, item.Kind, item.ID)
	if err != nil || len(values) == 0 {
		return o, err
	}
	o.values = map[int]clientsync.SealedValue{}
	take := 1
	for _, v := range values {
		for isCleared(item, take) { // is in a conflict, and seals nothing
			take++
		}
		o.values[take] = v
		take++
	}
	o.readers, err = c.client.WhoCanRead(ctx, item.Kind, item.ID)
	return o, err
}

func isCleared(item clientsync.Item, take int) bool {
	for _, k := range item.Conflicts {
		if ofSealed(k) && take <= len(k.Values) {
			return k.Values[take-1].JSON == ""
		}
	}
	return false
}

// messageJSON is the record with its content in the place of what is sealed, if it opens.
func (o opened) messageJSON(m clientsync.Message) json.RawMessage {
	if front := o.values[1]; front.Content != nil {
		return messageWith(m, contentName, contentJSON(front.Content))
	}
	return messageJSON(m)
}

// problems say why values could not be opened.
func (o opened) problems() (lines []string) {
	for take := range o.takes {
		v := o.values[take]
		if v.Problem == nil {
			continue
		}
		line := problemWords(v.Problem)
		if len(o.values) > 1 {
			line = fmt.Sprintf("value %d: %s", take, line)
		}
		lines = append(lines, line)
	}
	return lines
}

// takes are the numbers of the values, in their order.
func (o opened) takes(yield func(int) bool) {
	for take, found := 1, 0; found < len(o.values); take++ {
		if _, there := o.values[take]; there {
			found++
			if !yield(take) {
				return
			}
		}
	}
}

func problemWords(err error) string {
	var ours *clientsync.Error
	if errors.As(err, &ours) {
		return clean(ours.Message)
	}
	return "what is sealed here could not be opened"
}

// opens reports whether some value opens here.
func (o opened) opens() bool {
	for _, v := range o.values {
		if v.Content != nil {
			return true
		}
	}
	return false
}

// canRead says who can read it, in one line. A key that this device holds is not named
// where it opens none of the values.
func (o opened) canRead() string {
	var names []string
	recovery, here, others := false, false, 0
	for _, r := range o.readers {
		switch {
		case r.UntilHandedIn:
			here = o.opens()
		case r.Recovery:
			recovery = true
		case r.Own && r.Unlisted:
			names = append(names, "this device, which is in no list")
		case r.Unlisted:
			others++
		case r.Own:
			names = append(names, clean(r.Name)+" (this device)")
		default:
			names = append(names, clean(r.Name))
		}
	}
	if recovery {
		names = append(names, "the office's recovery key")
	}
	switch {
	case here && len(names)+others == 0:
		return "this device alone, until the office names somebody"
	case here:
		names = append(names, "this device until the visit is handed in")
	}
	if others > 0 {
		names = append(names, count(others, "reader who is in no list", "readers who are in no list"))
	}
	if len(names) == 0 {
		return "nobody of whom this device knows"
	}
	return strings.Join(names, "; ")
}

// addTo puts the content that opens here beside the values of a conflict.
func (o opened) addTo(conflicts []conflictJSON) {
	for i := range conflicts {
		for j := range conflicts[i].Values {
			if v := &conflicts[i].Values[j]; conflicts[i].Field == sealedField && o.values[v.Take].Content != nil {
				v.Content = contentJSON(o.values[v.Take].Content)
			}
		}
	}
}

// sealedJSON is one value of what is sealed, for scripts.
type sealedJSON struct {
	Content      json.RawMessage `json:"content"`
	Problem      string          `json:"problem"`
	Take         int             `json:"take"`
	Writer       string          `json:"writer"`
	Own          bool            `json:"own"`
	Person       string          `json:"person,omitempty"`
	Device       string          `json:"device,omitempty"`
	Pending      bool            `json:"pending"`
	Written      string          `json:"written"`
	ClockSuspect bool            `json:"clock_suspect"`
}

// readerJSON is somebody who can read what is sealed, for scripts.
type readerJSON struct {
	Compartment   string `json:"compartment"`
	Name          string `json:"name"`
	Device        string `json:"device"`
	Own           bool   `json:"own"`
	Recovery      bool   `json:"recovery"`
	UntilHandedIn bool   `json:"until_handed_in"`
	Unlisted      bool   `json:"unlisted"`
}

// openedJSON is a record of a sealed kind, for scripts.
type openedJSON struct {
	itemJSON
	Sealed  []sealedJSON `json:"sealed"`
	Readers []readerJSON `json:"readers"`
}

// openedJSON adds to a record what it seals.
func (c *call) openedJSON(item clientsync.Item, o opened) openedJSON {
	out := openedJSON{c.itemJSON(item), []sealedJSON{}, []readerJSON{}}
	for take := range o.takes {
		v, problem := o.values[take], ""
		if v.Problem != nil {
			problem = problemWords(v.Problem)
		}
		out.Sealed = append(out.Sealed, sealedJSON{
			contentJSON(v.Content), problem, take, v.Writer, v.Own, v.Person, v.Device, v.Pending, stamp(v.Written), v.ClockSuspect,
		})
	}
	for _, r := range o.readers {
		out.Readers = append(out.Readers, readerJSON{r.Compartment, r.Name, r.Device, r.Own, r.Recovery, r.UntilHandedIn, r.Unlisted})
	}
	return out
}
