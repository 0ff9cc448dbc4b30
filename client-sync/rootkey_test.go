package clientsync_test

import (
	"strings"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/compartment"
)

// rootKey is one as daylightd init shows it: 32 zeros.
var rootKey = "DAYLIGHT-ROOT-KEY-" + strings.Repeat("A", 52)

const unsigned = "daylight readers v1\noffice The Office\nversion 3\nissued 2026-11-26T08:00:00Z\nrecovery age10sgahl3pdef309usewvdsk9w5r72ex3cyyvl2r555tv8kj999guqa3c7ns\n" +
	"reader medical age16hjlxt3ewv95908xffpxy7sjnydq7tqsnz692a3r39jm346499fqtcrtsd 0190e9c4-6a00-7abc-8def-0123456789a1 Dr. of the office, desk 2\n"

func TestADeskSignsWhatDevicesBelieve(t *testing.T) {
	signed, err := clientsync.SignReaders([]byte(unsigned), " "+strings.ToLower(rootKey)+"\n")
	if err != nil {
		t.Fatal(err)
	}
	root, err := compartment.ParseRootKey(rootKey)
	if err != nil {
		t.Fatal(err)
	}
	if l, err := compartment.Verify(signed, root.Public(), 3); err != nil || len(l.Readers) != 1 {
		t.Errorf("%+v, %v", l, err)
	}
}

func TestAListIsDescribedWithEverythingInIt(t *testing.T) {
	got, err := clientsync.DescribeReaders([]byte(unsigned))
	want := `Who may read at: The Office
Version 3, written 2026-11-26 08:00:00 UTC

Recovery key, for which everything is wrapped as well:
  age10sgahl3pdef309usewvdsk9w5r72ex3cyyvl2r555tv8kj999guqa3c7ns

identity: nobody

interview: nobody

medical: 1
  Dr. of the office, desk 2
    device 0190e9c4-6a00-7abc-8def-0123456789a1
    key    age16hjlxt3ewv95908xffpxy7sjnydq7tqsnz692a3r39jm346499fqtcrtsd

reprisal: nobody
`
	if err != nil || got != want {
		t.Errorf("%v\n%s", err, got)
	}
}

func TestANextRootKeyIsDescribedWithItsWords(t *testing.T) {
	next := "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA="
	got, err := clientsync.DescribeReaders([]byte(strings.Replace(unsigned, "\nreader", "\nroot "+next+"\nreader", 1)))
	if err != nil || !strings.Contains(got, "\nNEXT ROOT KEY: from this list on") || !strings.Contains(got, "\n  "+next+"\n  Its words: ") {
		t.Errorf("%v\n%s", err, got)
	}
	_, words, _ := strings.Cut(got, "Its words: ")
	words, _, _ = strings.Cut(words, "\n")
	if len(strings.Fields(words)) != 6 {
		t.Errorf("the words are %q", words)
	}
}

func TestRootWordsAreSix(t *testing.T) {
	if words, err := clientsync.RootWords(rootKey); err != nil || len(strings.Fields(words)) != 6 {
		t.Errorf("%q, %v", words, err)
	}
}

func TestWhatCannotBeSignedSaysWhy(t *testing.T) {
	long := []byte(strings.Repeat("x", compartment.MaxList))
	for name, c := range map[string]struct {
		list []byte
		key  string
		want clientsync.Code
	}{
		"no list":        {[]byte("daylight readers v2\n"), rootKey, clientsync.Invalid},
		"too large":      {long, rootKey, clientsync.TooLarge},
		"no root key":    {[]byte(unsigned), "", clientsync.Invalid},
		"a key too long": {[]byte(unsigned), rootKey + "A", clientsync.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			signed, err := clientsync.SignReaders(c.list, c.key)
			if clientsync.CodeOf(err) != c.want || signed != nil {
				t.Errorf("got %q, %v", signed, err)
			}
			if err != nil && c.key != "" && strings.Contains(err.Error(), strings.Repeat("A", 20)) {
				t.Error("the error repeats the key")
			}
		})
	}
}
