package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

const aMonitor = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR

// carrier is an enrolled device that speaks to the office by bundles.
type carrier struct {
	*device
	o        *office
	person   *daylightv1.Person
	in       *daylightv1.EnrolResponse
	identity bundle.Identity // opens what is for it
	to       []string        // who opens its bundles
}

// carrier enrols a device of a new person. Its clock is the office's.
func (o *office) carrier(t *testing.T, n byte, roles ...daylightv1.OfficeRole) *carrier {
	t.Helper()
	o.time = time.Now()
	c := &carrier{device: newDevice(n), o: o, person: o.person(t, fmt.Sprintf("Monitor %d", n), roles...)}
	c.identity = must(bundle.NewIdentity())(t)
	code := o.invite(t, c.person.Id)
	c.in = must(daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url).Enrol(t.Context(), &daylightv1.EnrolRequest{
		Secret: code.Secret[:], Key: c.key.Public().(ed25519.PublicKey), Proof: enrol.Prove(c.key, code.Secret), Label: "phone", Recipient: c.identity.Recipient(),
	}))(t)
	c.cert = must(journal.CertificateFromProto(c.in.Certificate))(t)
	c.to = []string{c.in.Office.BundleRecipient}
	return c
}

// writes is a batch of n places.
func (c *carrier) writes(t *testing.T, n int) *daylightv1.Batch {
	t.Helper()
	for range n {
		name := fmt.Sprintf("House %d of %d", c.head.Seq+1, c.id[0])
		c.save(t, aFacility(name, name))
	}
	return c.batch()
}

// asks is what a sync would send: a request for each batch, one at least.
func (c *carrier) asks(batches ...*daylightv1.Batch) (out []*daylightv1.SyncRequest) {
	for i := range max(1, len(batches)) {
		q := c.ask()
		if q.MoreOwn = i+1 < len(batches); i < len(batches) {
			q.Batches = batches[i : i+1]
		}
		out = append(out, q)
	}
	return out
}

func (c *carrier) header() bundle.Header {
	h := bundle.Header{Purpose: daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE, MadeMS: c.o.time.UnixMilli(), Certificate: c.cert, Standing: []byte("where it stood")}
	_, _ = rand.Read(h.ID[:])
	return h
}

func (c *carrier) bundle(t *testing.T, requests ...*daylightv1.SyncRequest) []byte {
	t.Helper()
	var frames []*daylightv1.BundleFrame
	for _, q := range requests {
		frames = append(frames, &daylightv1.BundleFrame{Request: q})
	}
	return written(t, c.header(), c.to, c.key, frames...)
}

func written(t *testing.T, h bundle.Header, to []string, key ed25519.PrivateKey, frames ...*daylightv1.BundleFrame) []byte {
	t.Helper()
	var out bytes.Buffer
	w := must(bundle.Create(&out, h, to, func(m []byte) []byte { return ed25519.Sign(key, m) }))(t)
	for _, f := range frames {
		if err := w.Put(f); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func (o *office) take(t *testing.T, b []byte) BundleTaken {
	t.Helper()
	return must(o.server.TakeBundle(t.Context(), bytes.NewReader(b), bundle.Identity{}))(t)
}

// answered is the office's answer as the device reads it.
func (c *carrier) answered(t *testing.T, b []byte) (BundleTaken, bundle.Header, []*daylightv1.BundleAnswer) {
	t.Helper()
	var out bytes.Buffer
	taken := must(c.o.server.AnswerBundle(t.Context(), bytes.NewReader(b), bundle.Identity{}, &out))(t)
	h, parts := c.opens(t, out.Bytes())
	return taken, h, parts
}

func (c *carrier) opens(t *testing.T, answer []byte) (bundle.Header, []*daylightv1.BundleAnswer) {
	t.Helper()
	got := must(bundle.Open(bytes.NewReader(answer), c.identity))(t)
	if err := got.Verify(t.Context(), c.in.Office.EnrolmentKey); err != nil {
		t.Fatal(err)
	}
	var parts []*daylightv1.BundleAnswer
	for f, err := range got.Frames(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		parts = append(parts, f.GetAnswer())
	}
	return got.Header(), parts
}

func (o *office) head(t *testing.T) exchange.Position {
	t.Helper()
	return must(o.store.Head(t.Context()))(t)
}

// bundled are the lines about bundles in the access log.
func (o *office) bundled(t *testing.T) (out []string) {
	t.Helper()
	for _, a := range must(o.server.directory.Accesses(t.Context(), &daylightv1.ListAccessesRequest{PageSize: 500}))(t).Accesses {
		if a.Kind == directory.Bundled {
			out = append(out, a.Call+": "+a.Note+" "+a.Subject)
		}
	}
	slices.Reverse(out)
	return out
}

func TestABundleIsTakenOnce(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := c.bundle(t, c.asks(c.writes(t, 3), c.writes(t, 2))...)
	for i, want := range []BundleTaken{{New: 5}, {Known: 5}, {Known: 5}} {
		got := o.take(t, b)
		if got.New != want.New || got.Known != want.Known || got.Awaited+got.Refused+got.Held+len(got.TurnedAway) > 0 || got.Restored || got.ShutOut {
			t.Errorf("taken for the %d. time: %+v", i+1, got)
		}
		if got.Person != "Monitor 1" || got.Device != "phone" || got.Made.UnixMilli() != o.time.UnixMilli() {
			t.Errorf("made by %+v", got)
		}
		if at := o.head(t); at != 5 {
			t.Errorf("the log ends at %d", at)
		}
	}
	line := "bundle take: a bundle of this device was taken " + c.in.Device
	if got := o.bundled(t); !slices.Equal(got, []string{line, line, line}) {
		t.Errorf("%q", got)
	}
	// What was taken came as by a sync.
	got := must(daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(c.in.Token)).Sync(t.Context(), c.ask()))(t)
	if h := answerTo(got, c.device, 0); h.GetSeq() != 5 {
		t.Errorf("%v", got.Writers)
	}
}

// A device that was once vouched for sends no certificate; the header has it.
func TestTheHeaderVouchesForItsDevice(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	bare := c.writes(t, 1)
	bare.Certificate = nil
	if got := o.take(t, c.bundle(t, c.asks(bare)...)); got.New != 1 || len(got.TurnedAway) > 0 {
		t.Errorf("%+v", got)
	}
}

// Whoever only brings something is sent nothing, and the log does not say that they were.
func TestTakingABundleSendsNothing(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER)
	o.visit(t, isRestricted)
	o.take(t, c.bundle(t, c.asks(c.writes(t, 1))...))
	devices := must(o.operator.ListDevices(t.Context(), &daylightv1.ListDevicesRequest{Person: c.person.Id}))(t).Devices
	if got := o.reads(t); len(got) > 0 || devices[0].LastPosition != 0 {
		t.Errorf("%q; it has everything up to %d", got, devices[0].LastPosition)
	}
}

// Each entry is told from its own commit: of those who bring it at once, one brings it.
func TestOneOfThoseWhoBringAChangeBringsIt(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	const batches = 20
	var all []*daylightv1.Batch
	for range batches {
		all = append(all, c.writes(t, 2))
	}
	b := c.bundle(t, c.asks(all...)...)
	var wg sync.WaitGroup
	var taken [4]BundleTaken
	for i := range taken {
		wg.Go(func() { taken[i], _ = o.server.TakeBundle(t.Context(), bytes.NewReader(b), bundle.Identity{}) })
	}
	client := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(c.in.Token))
	wg.Go(func() { // and meanwhile the device has found a network
		for _, q := range c.asks(all...) {
			if _, err := client.Sync(t.Context(), q); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	sum := 0
	for _, got := range taken {
		if sum += got.New; got.New+got.Known != 2*batches {
			t.Errorf("%+v", got)
		}
	}
	if sum > 2*batches || o.head(t) != 2*batches {
		t.Errorf("%d new, and the log has %d", sum, o.head(t))
	}
}

func TestABundleIsAnswered(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER)
	for i := range 25 { // more than a page
		f := aFacility("Large", fmt.Sprint("L-", i))
		f.Note = proto.String(strings.Repeat("long ", 20_000))
		must(o.store.Save(t.Context(), "Office", f))(t)
	}
	o.visit(t, isRestricted)
	batches := []*daylightv1.Batch{c.writes(t, 2), c.writes(t, 1)}
	b := c.bundle(t, c.asks(batches...)...)
	for _, fresh := range []int{3, 0} {
		taken, h, parts := c.answered(t, b)
		if taken.New != fresh || taken.New+taken.Known != 3 || taken.Records != 29 { // at first its own come too
			t.Errorf("%+v", taken)
		}
		in := must(bundle.Open(bytes.NewReader(b), must(bundle.ParseIdentity(must(o.server.directory.BundleIdentity(t.Context()))(t)))(t)))(t).Header()
		if h.Purpose != daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER || h.Answers != in.ID || !bytes.Equal(h.Standing, in.Standing) ||
			!h.DeviceKey.Equal(c.cert.Key) || h.MadeMS != o.time.UnixMilli() || !bytes.Equal(h.Epoch, parts[0].Response.Epoch) {
			t.Errorf("%+v", h)
		}
		if len(parts) < 4 {
			t.Fatalf("%d parts", len(parts))
		}
		told, people := 0, 0
		for i, p := range parts {
			sent := must(exchange.SentFrom(p))(t)
			switch last := i == len(parts)-1; {
			case i < 2 && (len(sent.Batches) != 1 || sent.Batches[0].Seq != fold.Seq(2+i) || sent.MoreOwn != (i == 0)):
				t.Errorf("part %d answers %+v", i, sent)
			case i == 0 && len(p.Response.States) > 0:
				t.Error("states before the last own changes")
			case i >= 2 && (len(sent.Batches) > 0 || sent.MoreOwn):
				t.Errorf("part %d answers %+v", i, sent)
			case p.Response.More == last:
				t.Errorf("part %d of %d says more: %v", i, len(parts), p.Response.More)
			case last && p.Response.Head != uint64(o.head(t)):
				t.Errorf("the last part is of %d", p.Response.Head)
			}
			if p.Response.Directory != nil {
				told++
			}
			if p.Response.Person != nil {
				people++
			}
		}
		if told != 1 || people != 1 {
			t.Errorf("who there is was told %d times, and whose device it is %d times", told, people)
		}
	}
	if got := o.bundled(t); len(got) != 2 || got[0] != "bundle answer: a bundle of this device was answered "+c.in.Device {
		t.Errorf("%q", got)
	}
	if got := o.reads(t); !slices.Equal(got, []string{"1 restricted record was sent", "1 restricted record was sent"}) {
		t.Errorf("%q", got)
	}
}

// A colleague has brought the first change by the network, so the office has told nobody
// yet that it doubts its time: the record has to come, though the cursor is behind it.
func TestEachRequestOfABundleGoesOnFromTheAnswerBefore(t *testing.T) {
	o := newOffice(t)
	c, colleague := o.carrier(t, 1, aMonitor), o.carrier(t, 2, aMonitor)
	c.clock.Next(o.time.Add(time.Hour).UnixMilli())
	first := c.writes(t, 1)
	client := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(colleague.in.Token))
	q := colleague.ask()
	q.Batches = []*daylightv1.Batch{first}
	got := must(client.Sync(t.Context(), q))(t)
	if len(got.Verdicts) != 1 || !got.Verdicts[0].ClockSuspect {
		t.Fatalf("%v", got.Verdicts)
	}
	own := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(c.in.Token))
	stands := must(own.Sync(t.Context(), newDevice(1).ask()))(t)
	asks := c.asks(first, c.writes(t, 1))
	for _, q := range asks {
		q.Epoch, q.Cursor = stands.Epoch, stands.Cursor
	}
	_, _, parts := c.answered(t, c.bundle(t, asks...))
	names := 0
	for _, s := range parts[len(parts)-1].Response.States {
		if bytes.Contains(s.State, []byte("House 1 of 1")) {
			names++
		}
	}
	if names != 1 {
		t.Errorf("the record that the office doubts came %d times", names)
	}
}

func TestWhatComesBeforeIsMissing(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	one, two := c.bundle(t, c.asks(c.writes(t, 3))...), c.bundle(t, c.asks(c.writes(t, 2))...)
	got := o.take(t, two)
	want := TurnedAway{Who: "Monitor 1 (phone)", From: 4, Until: 5, Why: "gap", MissingFrom: 1}
	if !slices.Equal(got.TurnedAway, []TurnedAway{want}) || got.New+got.Known > 0 || o.head(t) != 0 {
		t.Errorf("%+v", got)
	}
	if got := o.take(t, one); got.New != 3 || len(got.TurnedAway) > 0 {
		t.Errorf("%+v", got)
	}
	if got := o.take(t, two); got.New != 2 || len(got.TurnedAway) > 0 {
		t.Errorf("%+v", got)
	}
}

func TestWhatBecomesOfEachChangeIsCounted(t *testing.T) {
	o := newOffice(t)
	c, mate := o.carrier(t, 1, aMonitor), o.carrier(t, 2, aMonitor)
	c.write([]byte("no change at all"))
	mixed := c.writes(t, 2)
	part := without(mate.writes(t, 3), 1)
	forged := proto.CloneOf(mate.writes(t, 1))
	forged.Seal = make([]byte, 64)
	odd := proto.CloneOf(forged)
	odd.Writer, odd.Seal = bytes.Repeat([]byte{9}, 16), nil
	bare := c.writes(t, 1)
	bare.Certificate = nil
	q := c.asks(bare)[0]
	q.Batches = []*daylightv1.Batch{mixed, part, forged, odd, bare}
	b := c.bundle(t, q)
	for _, fresh := range []bool{true, false} {
		got, _, parts := c.answered(t, b)
		if fresh && got.New != 6 || !fresh && got.New != 0 || got.New+got.Known != 6 || got.Awaited != 1 || got.Refused != 1 || got.Reasons["unreadable"] != 1 {
			t.Errorf("%+v", got)
		}
		want := []TurnedAway{{Who: "Monitor 2 (phone)", From: 4, Until: 4, Why: "seal"}, {Why: "unreadable"}}
		if !slices.Equal(got.TurnedAway, want) {
			t.Errorf("%+v", got.TurnedAway)
		}
		if sent := must(exchange.SentFrom(parts[0]))(t); len(sent.Batches) != 4 {
			t.Errorf("%+v", sent)
		}
	}
}

// A bundle that is not what it should be is refused before anything of it is taken.
func TestABundleIsRefusedAsAWhole(t *testing.T) {
	o, elsewhere := newOffice(t), newOffice(t)
	c, other, stranger := o.carrier(t, 1, aMonitor), o.carrier(t, 2, aMonitor), elsewhere.carrier(t, 3, aMonitor)
	asks := c.asks(c.writes(t, 40), c.writes(t, 1))
	good := c.bundle(t, asks...)
	frame := &daylightv1.BundleFrame{Request: asks[0]}
	stranger.to = c.to // as if somebody had told it
	nobody := &carrier{device: newDevice(4), o: o, to: c.to}
	itself := c.header()
	itself.Certificate = journal.NewDevelopment(c.key, journal.Serial{7}, "Monitor 1", "phone")
	waits := o.carrierThatWaits(t, 5)
	answer := bundle.Header{ID: bundle.ID{1}, Purpose: daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER, DeviceKey: c.cert.Key, Answers: bundle.ID{2}}
	team := c.header()
	team.Purpose = daylightv1.BundlePurpose_BUNDLE_PURPOSE_TEAM
	cut := func(n int) []byte { return good[:n] }
	flip := func(n int) []byte { b := bytes.Clone(good); b[n] ^= 1; return b }
	for _, bad := range []struct {
		shows string
		file  []byte
		code  rpcerr.Code
		says  string
	}{
		{"nothing", nil, rpcerr.Invalid, "not a bundle"},
		{"text", []byte("Dear office"), rpcerr.Invalid, "not a bundle"},
		{"cut off in its first lines", cut(100), rpcerr.Invalid, "taken"},
		{"cut off in the middle", cut(len(good) / 2), rpcerr.Invalid, "byte"},
		{"cut off at the last byte", cut(len(good) - 1), rpcerr.Invalid, "byte"},
		{"altered in its first lines", flip(150), rpcerr.Invalid, "taken"},
		{"altered in the middle", flip(len(good) / 2), rpcerr.Invalid, "byte"},
		{"altered at the last byte", flip(len(good) - 1), rpcerr.Invalid, "byte"},
		{"with something behind it", append(bytes.Clone(good), 0), rpcerr.Invalid, "byte"},
		{"for somebody else", elsewhere.carrier(t, 6, aMonitor).bundle(t, asks...), rpcerr.Invalid, "somebody else"},
		{"of another office's device", stranger.bundle(t, asks...), rpcerr.Denied, "does not know"},
		{"of a device that vouches for itself", nobody.bundle(t, asks...), rpcerr.Denied, "does not know"},
		{"of a device that is known and vouches for itself", written(t, itself, c.to, c.key, frame), rpcerr.Denied, "does not know"},
		{"signed by another device", written(t, c.header(), c.to, other.key, frame), rpcerr.Invalid, "not made by whom it names"},
		{"of a device that waits", waits.bundle(t, asks...), rpcerr.Denied, "not let in yet"},
		{"an answer", written(t, answer, c.to, c.key, &daylightv1.BundleFrame{Answer: &daylightv1.BundleAnswer{}}), rpcerr.Invalid, "an answer"},
		{"for team-mates", written(t, team, c.to, c.key, &daylightv1.BundleFrame{Batch: asks[0].Batches[0]}), rpcerr.Invalid, "team-mates"},
		{"empty", c.bundle(t), rpcerr.Invalid, "holds nothing"},
	} {
		t.Run(bad.shows, func(t *testing.T) {
			var out bytes.Buffer
			_, taking := o.server.TakeBundle(t.Context(), bytes.NewReader(bad.file), bundle.Identity{})
			_, answering := o.server.AnswerBundle(t.Context(), bytes.NewReader(bad.file), bundle.Identity{}, &out)
			for _, err := range []error{taking, answering} {
				var e *rpcerr.Error
				if !errors.As(err, &e) || e.Code != bad.code || !strings.Contains(e.Message, bad.says) || e.Hint == "" {
					t.Errorf("%v", err)
				}
			}
			if o.head(t) != 0 || out.Len() > 0 {
				t.Errorf("the log has %d, the answer %d bytes", o.head(t), out.Len())
			}
		})
	}
	if got := o.bundled(t); len(got) != 2 { // of the empty one
		t.Errorf("%q", got)
	}
	if got := o.take(t, good); got.New != 41 {
		t.Errorf("%+v", got)
	}
}

func (o *office) carrierThatWaits(t *testing.T, n byte) *carrier {
	t.Helper()
	second := func(is bool) {
		was := must(o.operator.GetOffice(t.Context(), &daylightv1.GetOfficeRequest{}))(t).Office
		was.SecondApproval = is
		must(o.operator.SaveOffice(t.Context(), &daylightv1.SaveOfficeRequest{Office: was}))(t)
	}
	second(true)
	defer second(false)
	return o.carrier(t, n, aMonitor)
}

func TestWhoIsShutOutIsHeldAndNotAnswered(t *testing.T) {
	for shows, shutOut := range map[string]func(o *office, c *carrier) error{
		"a revoked device": func(o *office, c *carrier) error {
			_, err := o.operator.RevokeDevice(t.Context(), &daylightv1.RevokeDeviceRequest{Device: c.in.Device})
			return err
		},
		"a disabled person": func(o *office, c *carrier) error {
			c.person.Disabled = true
			_, err := o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: c.person})
			return err
		},
	} {
		t.Run(shows, func(t *testing.T) {
			o := newOffice(t)
			c := o.carrier(t, 1, aMonitor)
			b := c.bundle(t, c.asks(c.writes(t, 2))...)
			if err := shutOut(o, c); err != nil {
				t.Fatal(err)
			}
			wantNoAnswer(t, o, b, rpcerr.Denied, "shut out")
			got := o.take(t, b)
			if got.New != 2 || got.Held != 2 || got.Refused > 0 || !got.ShutOut || o.head(t) != 2 {
				t.Errorf("%+v", got)
			}
			if page := must(o.store.List(t.Context(), 1, store.Query{Filter: store.FacilityFilter{}}))(t); len(page.Items) != 0 {
				t.Errorf("%d places are there", len(page.Items))
			}
		})
	}
}

func wantNoAnswer(t *testing.T, o *office, b []byte, code rpcerr.Code, says string) {
	t.Helper()
	was := o.head(t)
	var out bytes.Buffer
	_, err := o.server.AnswerBundle(t.Context(), bytes.NewReader(b), bundle.Identity{}, &out)
	if rpcerr.CodeOf(err) != code || !strings.Contains(err.Error(), says) || out.Len() > 0 || o.head(t) != was {
		t.Errorf("%v; %d bytes, the log went from %d to %d", err, out.Len(), was, o.head(t))
	}
}

func TestOnlyWhoMaySyncIsAnswered(t *testing.T) {
	o := newOffice(t)
	none := o.carrier(t, 1)
	b := none.bundle(t, none.asks(none.writes(t, 1))...)
	wantNoAnswer(t, o, b, rpcerr.Denied, "show them no records")
	if got := o.take(t, b); got.New != 1 || got.Refused+got.Held != 1 {
		t.Errorf("%+v", got)
	}
}

// To whom the answer goes the directory says, as it is now.
func TestTheAnswerIsForTheRecipientInTheDirectory(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	b := c.bundle(t, c.asks(c.writes(t, 1))...)
	before := c.identity
	c.identity = must(bundle.NewIdentity())(t)
	client := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url, as(c.in.Token))
	in := must(client.Renew(t.Context(), &daylightv1.RenewRequest{Recipient: c.identity.Recipient()}))(t)
	var out bytes.Buffer
	must(o.server.AnswerBundle(t.Context(), bytes.NewReader(b), bundle.Identity{}, &out))(t)
	c.opens(t, out.Bytes())
	if _, err := bundle.Open(bytes.NewReader(out.Bytes()), before); !errors.Is(err, bundle.ErrElse) {
		t.Errorf("who had the device before opens it: %v", err)
	}
	client = daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url, as(in.Token))
	must(client.Renew(t.Context(), &daylightv1.RenewRequest{Recipient: "age1nobody"}))(t)
	wantNoAnswer(t, o, b, rpcerr.Conflict, "does not know how")
}

func TestABundleThatMissedARestore(t *testing.T) {
	o := newOffice(t)
	c := o.carrier(t, 1, aMonitor)
	client := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(c.in.Token))
	first := must(client.Sync(t.Context(), c.ask()))(t)
	asks := c.asks(c.writes(t, 1), c.writes(t, 1))
	for _, q := range asks {
		q.Epoch, q.Cursor = first.Epoch, first.Cursor
	}
	b := c.bundle(t, asks...)
	if err := o.store.NewEpoch(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := o.take(t, b); !got.Restored || got.New+got.Known > 0 || o.head(t) != 0 {
		t.Errorf("%+v", got)
	}
	got, _, parts := c.answered(t, b)
	if !got.Restored || len(parts) != 1 || !parts[0].Response.Restored || bytes.Equal(parts[0].Response.Epoch, first.Epoch) {
		t.Errorf("%+v, %v", got, parts)
	}
	for _, q := range asks {
		q.Epoch, q.Cursor = parts[0].Response.Epoch, nil
	}
	if got := o.take(t, c.bundle(t, asks...)); got.New != 2 || got.Restored {
		t.Errorf("%+v", got)
	}
}

// What was taken before it went wrong is said, and taking it again takes the rest.
func TestABundleThatIsNotTakenToItsEnd(t *testing.T) {
	commits, fail := 0, false
	o := newOfficeOf(t, func(kept *store.Config) {
		kept.OnCommit = func(commit func() error) error {
			if commits++; fail && commits > 3 { // the line in the access log, one request, the next
				return errors.New("the wire broke")
			}
			return commit()
		}
	})
	c := o.carrier(t, 1, aMonitor)
	b := c.bundle(t, c.asks(c.writes(t, 3), c.writes(t, 2), c.writes(t, 1))...)
	commits, fail = 0, true
	got, err := o.server.TakeBundle(t.Context(), bytes.NewReader(b), bundle.Identity{})
	var e *rpcerr.Error
	if !errors.As(err, &e) || e.Code != rpcerr.Unavailable || !strings.Contains(e.Message, "not sure") || !strings.Contains(e.Message, "5 changes in it are taken") || got.New != 5 {
		t.Errorf("%+v, %v", got, err)
	}
	fail = false
	if got := o.take(t, b); got.New != 1 || got.Known != 5 {
		t.Errorf("%+v", got)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := o.server.TakeBundle(ctx, bytes.NewReader(b), bundle.Identity{}); rpcerr.CodeOf(err) != rpcerr.Unavailable {
		t.Error(err)
	}
}

func TestAnOfficeThatHasNotBeenMadeTakesNoBundles(t *testing.T) {
	w := newWorld(t, nil)
	_, err := w.server.TakeBundle(t.Context(), bytes.NewReader(nil), bundle.Identity{})
	if rpcerr.CodeOf(err) != rpcerr.Conflict || !strings.Contains(err.Error(), "not been made yet") {
		t.Error(err)
	}
	_, err = w.server.AnswerBundle(t.Context(), bytes.NewReader(nil), bundle.Identity{}, io.Discard)
	if rpcerr.CodeOf(err) != rpcerr.Conflict {
		t.Error(err)
	}
}
