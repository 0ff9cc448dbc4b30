package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// bundleTime bounds the work on one bundle; each request in it has Config.Timeout.
const bundleTime = time.Hour

// What the access log calls it.
const (
	callTake   = "bundle take"
	callAnswer = "bundle answer"
)

// TakeBundle takes a bundle that a device made for the office, as if the device had
// synced. It has to begin at byte 0. One that is damaged, of somebody else or for
// somebody else is refused before anything of it is taken; of the others the office
// decides change by change. Taken twice it changes nothing. What a device wrote that is
// shut out now is taken too, and held for a person. other opens the bundle as well,
// where it is not zero.
//
// An error after the first request says how much was taken, and so does BundleTaken.
func (s *Server) TakeBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity) (BundleTaken, error) {
	ctx, cancel := context.WithTimeout(ctx, bundleTime)
	defer cancel()
	t, err := s.openBundle(ctx, r, other)
	if err != nil {
		return BundleTaken{}, forBundle(err)
	}
	if err := t.witness(ctx, "a bundle of this device was taken", callTake); err != nil {
		return BundleTaken{}, err
	}
	return t.taken, t.each(ctx, func(q *daylightv1.SyncRequest) error {
		q.MoreOwn = true // no states: nobody waits for them
		_, err := t.sync(ctx, q)
		return err
	})
}

// AnswerBundle takes a bundle as TakeBundle does, and writes the answer to w: a bundle
// that the device alone can open, and takes as the answers of a sync. Nothing is taken or
// written for a device that is shut out, or whose person may read nothing. After an error
// what is in w is no bundle.
func (s *Server) AnswerBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity, w io.Writer) (BundleTaken, error) {
	ctx, cancel := context.WithTimeout(ctx, bundleTime)
	defer cancel()
	t, err := s.openBundle(ctx, r, other)
	if err == nil {
		err = t.mayBeAnswered(ctx)
	}
	if err != nil {
		return BundleTaken{}, forBundle(err)
	}
	if err := t.witness(ctx, "a bundle of this device was answered", callAnswer); err != nil {
		return BundleTaken{}, err
	}
	t.w = w
	if err := t.each(ctx, func(q *daylightv1.SyncRequest) error { return t.answer(ctx, q) }); err != nil {
		return t.taken, err
	}
	return t.taken, t.partly(t.close())
}

// witness leaves the line without which nothing is done.
func (t *taking) witness(ctx context.Context, note, call string) error {
	err := t.directory.Log(ctx, directory.Bundled, t.caller.DeviceID, note, directory.By{Call: call})
	if err == nil {
		return nil
	}
	return rpcerr.E(rpcerr.Unavailable, "the access log cannot be written, so nothing of the bundle was taken", "Look whether the disk is full, then take it again.", err)
}

// openBundle opens a bundle and verifies all of it. Who made it, the directory says.
func (s *Server) openBundle(ctx context.Context, r io.ReadSeeker, other bundle.Identity) (*taking, error) {
	identities, err := s.bundleIdentities(ctx, other)
	if err != nil {
		return nil, err
	}
	b, err := bundle.Open(r, identities...)
	if err != nil {
		return nil, err
	}
	h := b.Header()
	if err := forThisOffice(h.Purpose); err != nil {
		return nil, err
	}
	o, err := s.directory.Office(ctx)
	if err != nil {
		return nil, err
	}
	if !h.Certificate.IssuedBy(o.GetEnrolmentKey()) {
		return nil, errStrangersBundle
	}
	if err := b.Verify(ctx, h.Certificate.Key); err != nil {
		return nil, err
	}
	maker, err := s.directory.Writer(ctx, h.Certificate.Key)
	switch {
	case err != nil:
		return nil, err
	case maker == nil:
		return nil, errStrangersBundle
	case maker.Device.GetState() == daylightv1.DeviceState_DEVICE_STATE_WAITING:
		return nil, errBundleWaits
	}
	return newTaking(s, b, maker), nil
}

// bundleIdentities are what may open a bundle for the office.
func (s *Server) bundleIdentities(ctx context.Context, other bundle.Identity) (out []bundle.Identity, err error) {
	secret, err := s.directory.BundleIdentity(ctx)
	if err != nil {
		return nil, err
	}
	if secret != "" {
		own, err := bundle.ParseIdentity(secret)
		if err != nil {
			return nil, err
		}
		out = append(out, own)
	}
	if !other.IsZero() {
		out = append(out, other)
	}
	return out, nil
}

func forThisOffice(p daylightv1.BundlePurpose) error {
	switch p {
	case daylightv1.BundlePurpose_BUNDLE_PURPOSE_OFFICE:
		return nil
	case daylightv1.BundlePurpose_BUNDLE_PURPOSE_ANSWER:
		return rpcerr.E(rpcerr.Invalid, "this is an answer of the office to a device; nothing of it was taken", "Take it on that device, with daylight bundle take.", nil)
	}
	return rpcerr.E(rpcerr.Invalid, "this bundle was made for devices of team-mates, and not for the office; nothing of it was taken",
		"Take it on their devices, with daylight bundle take. For the office another one is made, with daylight bundle make --to office.", nil)
}

// mayBeAnswered: an answer is what a sync is, so it takes what lets a device sync, and to
// whom it is encrypted the directory says, never the bundle.
func (t *taking) mayBeAnswered(ctx context.Context) error {
	const takeIt = "daylightd bundle take takes what is in it."
	var why string
	switch recipient := t.caller.Device.GetRecipient(); {
	case t.caller.ShutOut():
		why = "this device is shut out: it is revoked, or its person disabled"
	case !t.caller.rights.ReadsSomething():
		why = "the person's roles show them no records"
	case recipient == "" || bundle.CheckRecipient(recipient) != nil:
		return rpcerr.E(rpcerr.Conflict, "the office does not know how an answer for this device is encrypted, so there is none, and nothing of the bundle was taken",
			"The device says so when it syncs or renews over a network. Until then "+takeIt, nil)
	default:
		return nil
	}
	if err := t.directory.Log(ctx, directory.Denied, t.caller.DeviceID, "not allowed", directory.By{Call: callAnswer}); err != nil {
		return err
	}
	return rpcerr.E(rpcerr.Denied, why+"; it is sent nothing, and nothing of the bundle was taken", "For a person to look at, "+takeIt, nil)
}

// Why a bundle is refused.
var (
	errStrangersBundle = rpcerr.E(rpcerr.Denied, "this bundle was made by a device that this office does not know; nothing of it was taken",
		"If it is of another office, take it there; else enrol the device, and have another bundle made.", nil)
	errBundleWaits = rpcerr.E(rpcerr.Denied, "the device that made this bundle is not let in yet; nothing of it was taken",
		"Approve it with daylightd device approve, then take the bundle.", nil)
	errEmptyBundle = rpcerr.E(rpcerr.Invalid, "this bundle holds nothing: it was made wrongly; nothing was taken", "Have another one made.", nil)
)

// forBundle puts what is wrong with a bundle into words for whoever brings it.
func forBundle(err error) error {
	var file *bundle.Error
	if !errors.As(err, &file) {
		return forCaller(err)
	}
	code, hint := rpcerr.Invalid, file.Hint
	switch {
	case errors.Is(err, bundle.ErrUnread):
		code = rpcerr.Unavailable
	case errors.Is(err, bundle.ErrElse):
		hint += " If the office's key for bundles was lost, the recovery key opens it: --identity FILE."
	}
	return rpcerr.E(code, file.Message, hint, err)
}

// partly is an error as it has to be said once some of the bundle may have been taken.
func (t *taking) partly(err error) error {
	if err == nil {
		return nil
	}
	err = forBundle(err)
	var file *bundle.Error
	var ours *rpcerr.Error
	switch {
	case t.requests == 0, errors.As(err, &file): // a file says it itself
		return err
	case !errors.As(err, &ours):
		return err // ours to mend: its text goes to the log
	}
	why, _, _ := strings.Cut(ours.Message, ";")
	return rpcerr.E(ours.Code, fmt.Sprintf("the bundle was not taken to its end: %s; %d changes in it are taken or were known", why, t.taken.New+t.taken.Known),
		"Take it again: what is here is not taken twice.", err)
}
