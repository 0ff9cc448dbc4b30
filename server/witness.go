package server

import (
	"bytes"
	"context"
	"errors"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// What is restricted is not shown or sent without a line in the access log that says to
// whom. The line is written before the answer goes out: without it there is none. The
// operator at the server is shown no records, and an office that has not been made
// knows nobody to name, so neither leaves lines.

// unwitnessed is the answer in the place of one whose line could not be written.
func unwitnessed(err error) error {
	if err == nil {
		return nil
	}
	return rpcerr.E(rpcerr.Unavailable, "the access log cannot be written, so nothing restricted is shown; what was sent with this may be saved or not",
		"Tell whoever runs the server, then send it again.", err)
}

// procedureOf is what was called: a procedure, or a page by the pattern of its address.
func procedureOf(ctx context.Context) string {
	if info, ok := connect.CallInfoForHandlerContext(ctx); ok {
		return info.Spec().Procedure
	}
	if c, ok := ctx.Value(callKey{}).(*call); ok {
		return c.route
	}
	return ""
}

// fieldConfidentiality is the same in every kind of record.
const fieldConfidentiality = 4

// restrictedState is restricted for a record as it is sent, of which only that one
// field is looked at: a first sync brings thousands.
func restrictedState(kind record.Kind, encoded []byte) (bool, error) {
	if record.Sealed(kind) {
		return true, nil
	}
	shown, err := fold.ShownIn(encoded)
	if err != nil {
		return false, err
	}
	class := uint64(0)
	for len(shown) > 0 {
		field, kind, n := protowire.ConsumeTag(shown)
		if n < 0 {
			return false, protowire.ParseError(n)
		}
		shown = shown[n:]
		if field == fieldConfidentiality && kind == protowire.VarintType {
			class, n = protowire.ConsumeVarint(shown)
		} else {
			n = protowire.ConsumeFieldValue(field, kind, shown)
		}
		if n < 0 {
			return false, protowire.ParseError(n)
		}
		shown = shown[n:]
	}
	return class >= uint64(daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED), nil
}

// shown leaves a line when the record that the caller is about to be shown is
// restricted. note is a fixed text.
func (s *Server) shown(ctx context.Context, m record.Message, note string) error {
	c := callerOf(ctx)
	if c.Caller == nil || !record.Restricted(m) {
		return nil
	}
	id, err := record.IDOf(m)
	if err != nil {
		return err
	}
	return unwitnessed(s.directory.Log(ctx, directory.Read, id, note, c.actor(procedureOf(ctx))))
}

// shownPast is shown for the history of a record, which does not say what it is now.
func (s *Server) shownPast(ctx context.Context, kind record.Kind, id record.ID) error {
	c := callerOf(ctx)
	if c.Caller == nil {
		return nil
	}
	item, err := s.desk(c).Get(ctx, kind, id)
	if errors.Is(err, store.ErrNotFound) { // nothing of it was accepted yet
		return nil
	}
	if err != nil {
		return err
	}
	return s.shown(ctx, item.Message, "the history of a restricted record was read")
}

// listed leaves one line for a page that holds restricted records.
func (s *Server) listed(ctx context.Context, p store.Page) error {
	n := 0
	for _, i := range p.Items {
		if record.Restricted(i.Message) {
			n++
		}
	}
	c := callerOf(ctx)
	if c.Caller == nil || n == 0 {
		return nil
	}
	return unwitnessed(s.directory.Log(ctx, directory.Read, record.ID{}, directory.Count(n, "listed"), c.actor(procedureOf(ctx))))
}

// sent leaves one line for an answer that holds restricted records, and notes up to
// where the device has everything once nothing more follows.
func (s *Server) sent(ctx context.Context, c *caller, asked []byte, r *daylightv1.SyncResponse) error {
	if c.Caller == nil {
		return nil
	}
	n := 0
	for _, state := range r.GetStates() {
		is, err := restrictedState(record.Kind(state.GetKind()), state.GetState())
		if err != nil {
			return err
		}
		if is {
			n++
		}
	}
	var upTo exchange.Position
	if !r.GetMore() && !bytes.Equal(asked, r.GetCursor()) {
		cursor, err := exchange.DecodeCursor(r.GetCursor())
		if err != nil {
			return err
		}
		if uint64(cursor.Position) > c.Device.GetLastPosition() {
			upTo = cursor.Position
		}
	}
	return unwitnessed(s.directory.Sent(ctx, uint64(upTo), n, c.By(daylightv1connect.SyncServiceSyncProcedure)))
}

// told notes what a device said that it had not sent yet, for the list of devices: once for
// each end of its chain, not with every request on the way there.
func (s *Server) told(ctx context.Context, c *caller, own *daylightv1.Head, r *daylightv1.SyncResponse) error {
	if c.Caller == nil || c.DeviceID == (record.ID{}) || r.GetRestored() {
		return nil
	}
	for _, w := range r.GetWriters() {
		if !bytes.Equal(w.GetWriter(), own.GetWriter()) || own.GetSeq() <= w.GetSeq() {
			continue
		}
		if last, known := s.lastTold.Load(c.DeviceID); known && last == own.GetSeq() {
			return nil
		}
		if err := s.directory.Told(ctx, c.DeviceID, own.GetWriter(), own.GetSeq()); err != nil {
			return err
		}
		s.lastTold.Store(c.DeviceID, own.GetSeq())
	}
	return nil
}
