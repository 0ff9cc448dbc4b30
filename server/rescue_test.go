package server

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/encoding/protodelim"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// rescuedFile is what daylight rescue writes of batches.
func rescuedFile(t *testing.T, batches ...*daylightv1.Batch) []byte {
	t.Helper()
	var out bytes.Buffer
	for _, b := range batches {
		if _, err := protodelim.MarshalTo(&out, b); err != nil {
			t.Fatal(err)
		}
	}
	return out.Bytes()
}

func (o *office) rescue(t *testing.T, b []byte) (BundleTaken, error) {
	t.Helper()
	return o.server.TakeRescue(t.Context(), bytes.NewReader(b))
}

func TestWhatWasRescuedIsTakenOnce(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	first, second := c.writes(t, 3), c.writes(t, 2)
	b := rescuedFile(t, first, second)
	for i, want := range []BundleTaken{{New: 5}, {Known: 5}} {
		got, err := o.rescue(t, b)
		if err != nil || got.New != want.New || got.Known != want.Known || got.Refused+got.Held+len(got.TurnedAway) > 0 {
			t.Errorf("taken for the %d. time: %+v, %v", i+1, got, err)
		}
	}
	if at := o.head(t); at != 5 {
		t.Errorf("the log ends at %d", at)
	}
	line := "rescue take: what was rescued from a device was taken "
	if got := o.bundled(t); !slices.Equal(got, []string{line, line}) {
		t.Errorf("%q", got)
	}
}

func TestWhatIsRescuedFromARevokedDeviceIsHeld(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := rescuedFile(t, c.writes(t, 2))
	must(o.operator.RevokeDevice(t.Context(), &daylightv1.RevokeDeviceRequest{Device: c.in.Device}))(t)
	if got, err := o.rescue(t, b); err != nil || got.Held != 2 {
		t.Errorf("%+v, %v", got, err)
	}
}

// Whoever holds the file is no author: seals and certificates are judged as ever.
func TestWhatNobodyVouchesForIsNotTakenFromARescue(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	good := c.writes(t, 2)
	stranger := newDevice(9)
	stranger.cert = journal.Issue(stranger.key, journal.Subject{Serial: journal.Serial{9}, Key: stranger.key.Public().(ed25519.PublicKey), Person: "Nobody", NotAfter: 1 << 60})
	stranger.save(t, aFacility("Elsewhere", "E-1"))
	change := func(do func(*daylightv1.Batch)) *daylightv1.Batch {
		b := proto.CloneOf(good)
		do(b)
		return b
	}
	for shows, b := range map[string]*daylightv1.Batch{
		"of a stranger":          stranger.batch(),
		"without a seal":         change(func(b *daylightv1.Batch) { b.Seal = nil }),
		"with an altered seal":   change(func(b *daylightv1.Batch) { b.Seal[5] ^= 1 }),
		"without a certificate":  change(func(b *daylightv1.Batch) { b.Certificate = nil }),
		"behind what is missing": change(func(b *daylightv1.Batch) { b.FirstSeq++; b.Entries = b.Entries[1:] }),
	} {
		got, err := o.rescue(t, rescuedFile(t, b))
		if err != nil || got.New > 0 || len(got.TurnedAway) != 1 || o.head(t) != 0 {
			t.Errorf("%s: %+v, %v", shows, got, err)
		}
	}
	if got, err := o.rescue(t, rescuedFile(t, stranger.batch(), good)); err != nil || got.New != 2 || len(got.TurnedAway) != 1 {
		t.Errorf("what is good behind it is not taken: %+v, %v", got, err)
	}
}

func TestADamagedRescueIsTakenUpToThere(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	first, second := rescuedFile(t, c.writes(t, 2)), rescuedFile(t, c.writes(t, 1))
	for _, none := range [][]byte{nil, []byte("\x7fnothing of ours"), first[:len(first)-1], bytes.Repeat([]byte{0xff}, 20)} {
		got, err := o.rescue(t, none)
		if rpcerr.CodeOf(err) != rpcerr.Invalid || !strings.Contains(err.Error(), "nothing of it was taken") || got.New > 0 {
			t.Errorf("%+v, %v", got, err)
		}
	}
	got, err := o.rescue(t, slices.Concat(first, second[:len(second)-1]))
	if rpcerr.CodeOf(err) != rpcerr.Invalid || !strings.Contains(err.Error(), "2 changes, and the rest is not") || got.New != 2 {
		t.Errorf("%+v, %v", got, err)
	}
	if got, err := o.rescue(t, slices.Concat(first, second)); err != nil || got.New != 1 || got.Known != 2 {
		t.Errorf("the whole one: %+v, %v", got, err)
	}
}

// A device that has not heard of a restore may hold names that the office gives again.
func TestAfterARestoreARescueOfBeforeIsNotTaken(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	epoch := must(o.store.Sync(t.Context(), nil, asking(t, c.ask())))(t).Epoch
	b := c.writes(t, 2)
	b.Epoch = epoch
	if err := o.store.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	unsaid := proto.CloneOf(b)
	unsaid.Epoch = nil
	for shows, b := range map[string]*daylightv1.Batch{"of before": b, "that does not say": unsaid} {
		if got, err := o.rescue(t, rescuedFile(t, b)); err != nil || !got.Restored || got.New > 0 || o.head(t) != 0 {
			t.Errorf("%s: %+v, %v", shows, got, err)
		}
	}
	b.Epoch = must(o.store.Sync(t.Context(), nil, asking(t, &daylightv1.SyncRequest{})))(t).Epoch
	if got, err := o.rescue(t, rescuedFile(t, b)); err != nil || got.New != 2 {
		t.Errorf("of a device that has heard of it: %+v, %v", got, err)
	}
}

func TestOnlyTheOperatorPostsWhatWasRescued(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := rescuedFile(t, c.writes(t, 2))
	for _, token := range []string{"", c.in.Token} {
		if r, _ := posted(t, o.url+RescuePath, token, bytes.NewReader(b)); r.StatusCode != http.StatusNotFound {
			t.Errorf("%q: %d", token, r.StatusCode)
		}
	}
	r, text := posted(t, o.local(t)+RescuePath, "", bytes.NewReader(b))
	var taken BundleTaken
	if err := json.Unmarshal(text, &taken); r.StatusCode != http.StatusOK || err != nil || taken.New != 2 || strings.Contains(string(text), "made") {
		t.Errorf("the operator: %d %s", r.StatusCode, text)
	}
	if log := o.log.String(); !strings.Contains(log, "call="+RescuePath) || strings.Contains(log, "House 1") {
		t.Error("the log: ", log)
	}
}

func asking(t *testing.T, r *daylightv1.SyncRequest) exchange.Ask {
	t.Helper()
	return must(readAsk(r))(t)
}
