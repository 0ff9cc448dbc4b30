package server

import (
	"net/http"
	"strings"
	"testing"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/compartment"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
)

// TestASyncBringsALaterListOfReaders: as it was signed, once, and to everybody who
// writes what readers have to be able to open.
func TestASyncBringsALaterListOfReaders(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	p := o.enrolled(t, o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR).Id)
	client := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(p.token))
	sent := func(has uint64) []byte {
		t.Helper()
		return must(client.Sync(ctx, &daylightv1.SyncRequest{ReadersVersion: has}))(t).Readers
	}
	if got := sent(0); got != nil {
		t.Errorf("there is none, and it brings %s", got)
	}

	root := must(compartment.ParseRootKey("DAYLIGHT-ROOT-KEY-" + strings.Repeat("A", 52)))(t) // the office's, see newOfficeOf
	proposed := must(o.operator.ProposeReaders(ctx, &daylightv1.ProposeReadersRequest{}))(t)
	signed := must(compartment.Sign(must(compartment.Parse(proposed.List))(t), root))(t)
	if took := must(o.operator.TakeReaders(ctx, &daylightv1.TakeReadersRequest{Signed: signed}))(t); took.Version != 1 {
		t.Errorf("%v", took)
	}
	if got := sent(0); !compartment.Same(got, signed) {
		t.Errorf("it brings %s", got)
	}
	if got := sent(1); got != nil {
		t.Errorf("the device has it, and it brings %s", got)
	}
	if kept := must(o.operator.GetReaders(ctx, &daylightv1.GetReadersRequest{}))(t); kept.Version != 1 || !compartment.Same(kept.Signed, signed) {
		t.Errorf("%v", kept)
	}

	t.Run("and an unsigned one is not taken", func(t *testing.T) {
		_, err := o.operator.TakeReaders(ctx, &daylightv1.TakeReadersRequest{Signed: proposed.List})
		if connect.CodeOf(err) != connect.CodeInvalidArgument || !strings.Contains(err.Error(), "not signed by the office's root key") {
			t.Error(err)
		}
	})
}
