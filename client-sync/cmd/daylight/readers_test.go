package main

import (
	"bufio"
	"errors"
	"strings"
	"testing"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

func TestAListThatTheOfficeDidNotSignWaitsForAPerson(t *testing.T) {
	refused := clientsync.Report{ReadersRefused: "the list of readers is not signed by the office's root key; nothing was changed"}
	var out strings.Builder
	c := &call{out: bufio.NewWriter(&out)}
	c.showSynced(refused, clientsync.Status{})
	c.out.Flush()
	want := `Sent 0 changes, received 0 records.
A list of readers came and was not taken: the list of readers is not signed by the office's root key; nothing was changed. Nobody reads by it; tell the office, and not through its server.
All sent.
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
	if err := attention(refused, clientsync.Status{}); !errors.Is(err, errAttention) {
		t.Errorf("it ends with %v", err)
	}
	if err := attention(clientsync.Report{Readers: 3}, clientsync.Status{}); err != nil {
		t.Errorf("a list that was taken ends with %v", err)
	}
	if got := toReportJSON(refused, clientsync.Status{}).ReadersRefused; got != refused.ReadersRefused {
		t.Errorf("a script is told %q", got)
	}
}

func TestReadersStandUnderTheirCompartment(t *testing.T) {
	list := clientsync.ReaderList{
		Version: 3, Office: "The Office", Issued: time.Date(2026, 11, 26, 8, 0, 0, 0, time.UTC), RootWords: "sauna hatchback blend poking remover preoccupy",
		Readers: []clientsync.Reader{
			{Compartment: "interview", Name: "Reviewer, desk 1", Device: "0190e9c4-6a00-7abc-8def-0123456789a1", Own: true},
			{Compartment: "medical", Name: "D\x1b[2Jr., desk 2", Device: "0290e9c4-6a00-7abc-8def-0123456789a2"},
		},
	}
	var out strings.Builder
	c := &call{out: bufio.NewWriter(&out)}
	if err := c.showReaders(list); err != nil {
		t.Fatal(err)
	}
	c.out.Flush()
	want := "List 3 of The Office, written " + clock(list.Issued) + `

identity   nobody                          -
interview  Reviewer, desk 1 (this device)  0190e9c4
medical    D\u001b[2Jr., desk 2            0290e9c4
reprisal   nobody                          -

The office's root key: sauna hatchback blend poking remover preoccupy
Compare these words with those that "daylight office words" shows where lists are signed:
if they are not the same, somebody stands in between; seal nothing more, and tell the office.
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", &out, want)
	}
}

func TestWhoCanReadIsSaidInOneLine(t *testing.T) {
	here := clientsync.MayRead{Reader: clientsync.Reader{Own: true}, UntilHandedIn: true}
	doctor := clientsync.MayRead{Reader: clientsync.Reader{Name: "Dr. of the office, desk 2"}}
	own := clientsync.MayRead{Reader: clientsync.Reader{Name: "Reviewer, desk 1", Own: true}}
	recovery, stranger := clientsync.MayRead{Recovery: true}, clientsync.MayRead{Unlisted: true}
	for want, readers := range map[string][]clientsync.MayRead{
		"Dr. of the office, desk 2; the office's recovery key; this device until the visit is handed in; 1 reader who is in no list": {here, recovery, doctor, stranger},
		"this device alone, until the office names somebody":                                                                         {here},
		"this device until the visit is handed in; 1 reader who is in no list":                                                       {here, stranger},
		"Reviewer, desk 1 (this device); 2 readers who are in no list":                                                               {own, stranger, stranger},
		"nobody of whom this device knows":                                                                                           nil,
	} {
		o := opened{values: map[int]clientsync.SealedValue{1: {Content: clientsync.NewContent(clientsync.KindInterviewNote)}}, readers: readers}
		if got := o.canRead(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
}

// A value that was cleared stands in the conflict with a number, and seals nothing.
func TestValuesKeepTheNumbersOfTheirConflict(t *testing.T) {
	item := clientsync.Item{Conflicts: []clientsync.Conflict{{Field: sealedField, Values: []clientsync.Value{{}, {JSON: `"(sealed, 9 bytes)"`}}}}}
	if !isCleared(item, 1) || isCleared(item, 2) || isCleared(item, 3) || isCleared(clientsync.Item{}, 1) {
		t.Error("a cleared value is not told from the others")
	}
	o := opened{values: map[int]clientsync.SealedValue{2: {}, 5: {}}}
	var takes []int
	for take := range o.takes {
		takes = append(takes, take)
	}
	if len(takes) != 2 || takes[0] != 2 || takes[1] != 5 {
		t.Errorf("the numbers are %v", takes)
	}
}
