package server

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"time"

	"connectrpc.com/connect"
	"golang.org/x/time/rate"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// caller is who makes a request.
type caller struct {
	*directory.Caller // nil for the local operator, and in an office that has not been made
	rights            access.Rights

	// local: at the server itself, through the socket that only the operator's account
	// can open. Everything in the directory is allowed, no record is shown.
	local bool
	// seated: at a browser, signed in at the office's pages, which look at the rest.
	seated bool
	// everybody: the office has not been made, so nobody is known and whoever reaches
	// this machine may do everything with its records.
	everybody bool
}

type callerKey struct{}

// callerOf gives the caller of a request that has come through identified.
func callerOf(ctx context.Context) *caller {
	c, _ := ctx.Value(callerKey{}).(*caller)
	if c == nil {
		c = &caller{}
	}
	return c
}

// by is the caller as one who acts in the directory.
func by(ctx context.Context, call string) directory.By {
	if c := callerOf(ctx); c.Caller != nil {
		return c.By(call)
	}
	return directory.By{Call: call}
}

// Errors of callers.
var (
	errNoToken = rpcerr.E(rpcerr.Unauthenticated, "the office does not know who is calling; nothing was changed",
		"Enrol this device, or send the token that the office has given.", nil)
	errWaiting = rpcerr.E(rpcerr.Denied, "this device is not let in yet: a second person at the office has to approve it; everything is kept on it",
		"Read the six words to the office, then sync again.", nil)
	errNotAllowed = rpcerr.E(rpcerr.Denied, "your roles at the office do not allow this; nothing was changed", "Ask the office for a role that does.", nil)
	errTooFast    = rpcerr.E(rpcerr.TooLarge, "this device asks too often; nothing was changed", "Wait some seconds, then go on.", nil)
)

// identified finds out who calls, before anything of the body is read, and turns
// away whom the office does not know, whom it has not let in, and what the caller's
// roles do not allow at all. What depends on the record is judged where that is
// read.
func (s *Server) identified(next http.Handler, deny *connect.ErrorWriter) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, served := rules[r.URL.Path]; served && r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "this is called by POST", http.StatusMethodNotAllowed)
			return
		}
		if _, served := rules[r.URL.Path]; !served && s.pages != nil {
			r = s.pages.Known(r)
		}
		c, err := s.identify(r)
		if err == nil {
			next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), callerKey{}, c)))
			return
		}
		err = forCaller(err)
		s.say(r.Context(), rpcerr.CodeOf(err))
		turnAway(w)
		answer := rpcerr.ToConnect(r.Context(), s.log, err)
		if !deny.IsSupported(r) || deny.Write(w, r, answer) != nil {
			http.Error(w, "not allowed", http.StatusForbidden)
		}
	})
}

func (s *Server) identify(r *http.Request) (*caller, error) {
	rule, served := rules[r.URL.Path]
	switch c, _ := r.Context().Value(callerKey{}).(*caller); {
	case !served: // a page, or there is nothing
		return &caller{seated: console.SignedIn(r)}, nil
	case rule.stranger: // it asks for no token
		return &caller{}, nil
	case c != nil: // through the socket
		return c, s.allowed(r, c, rule)
	case !s.made:
		return &caller{everybody: true}, s.allowed(r, &caller{everybody: true}, rule)
	}
	header := r.Header.Get("Authorization")
	if header == "" {
		return nil, errNoToken
	}
	token, err := enrol.ParseAuthorization(header)
	if err != nil {
		return nil, errNoToken
	}
	hash := directory.Hash(token.Hash())
	known, err := s.directory.Authenticate(r.Context(), hash, r.URL.Path)
	if err != nil {
		return nil, err
	}
	if !s.pace.allow(hash, s.config.Now()) {
		return nil, errTooFast
	}
	c := &caller{Caller: known, rights: rightsOf(known, s.config.Now().UnixMilli())}
	return c, s.allowed(r, c, rule)
}

// rightsOf sums up what the caller may do now.
func rightsOf(c *directory.Caller, nowMS int64) access.Rights {
	return access.At(nowMS, access.GrantsOf(c.Grants())...)
}

// allowed says whether the caller may call this at all. A denial leaves a line in
// the access log.
func (s *Server) allowed(r *http.Request, c *caller, rule rule) error {
	waits := c.Caller != nil && c.Device.GetState() == daylightv1.DeviceState_DEVICE_STATE_WAITING
	switch {
	case waits && !rule.known:
		return errWaiting
	case rule.known:
		return nil
	case c.everybody:
		if rule.records() {
			return nil
		}
		return rpcerr.E(rpcerr.Conflict, "this office has not been made yet", "Run daylightd init.", nil)
	case c.local:
		if !rule.records() {
			return nil
		}
	case rule.sync && c.DeviceID != record.ID{} && c.rights.ReadsSomething():
		return nil
	case rule.kind != 0 && c.rights.Reads(rule.kind) != access.None &&
		(!rule.writes || c.rights.WritesKind(rule.kind) || rule.steps && c.rights.TakesSteps(rule.kind)):
		return nil
	case rule.anyKind && slices.ContainsFunc(record.Kinds(), func(k record.Kind) bool {
		return store.Lists(k) && c.rights.Reads(k) != access.None && (!rule.writes || c.rights.WritesSome(k))
	}):
		return nil
	case rule.action != 0 && c.rights.May(rule.action):
		return nil
	}
	if err := s.directory.Log(r.Context(), directory.Denied, record.ID{}, "not allowed", c.actor(r.URL.Path)); err != nil {
		return err
	}
	return errNotAllowed
}

func (c *caller) actor(call string) directory.By {
	if c.Caller == nil {
		return directory.By{Call: call}
	}
	return c.By(call)
}

// rule says what it takes to call a procedure.
type rule struct {
	// stranger: nothing. known: any good token, also of a device that waits.
	stranger, known bool
	// sync: a role that reads records of some kind.
	sync bool
	// kind: a role that reads records of that kind, and with writes one that writes them.
	// Which, the store is asked.
	kind   record.Kind
	writes bool
	// anyKind: the same of any kind that is listed; the service looks at which.
	anyKind bool
	// steps: or one that takes steps of such a record.
	steps bool
	// action: a role that may do this.
	action access.Action
}

func (r rule) records() bool { return r.sync || r.kind != 0 || r.anyKind }

// rules has a row for each procedure: what has none is not served.
var rules = map[string]rule{
	daylightv1connect.EnrolmentServiceEnrolProcedure: {stranger: true},
	daylightv1connect.EnrolmentServiceRenewProcedure: {known: true},
	daylightv1connect.DirectoryServiceGetMeProcedure: {known: true},

	daylightv1connect.DirectoryServiceGetOfficeProcedure:      {action: access.ReadDirectory},
	daylightv1connect.DirectoryServiceSaveOfficeProcedure:     {action: access.ChangeOffice},
	daylightv1connect.DirectoryServiceListBodiesProcedure:     {action: access.ReadDirectory},
	daylightv1connect.DirectoryServiceSaveBodyProcedure:       {action: access.ChangeOffice},
	daylightv1connect.DirectoryServiceListPeopleProcedure:     {action: access.ReadDirectory},
	daylightv1connect.DirectoryServiceSavePersonProcedure:     {action: access.ChangePeople},
	daylightv1connect.DirectoryServiceListDevicesProcedure:    {action: access.ReadDirectory},
	daylightv1connect.DirectoryServiceInviteDeviceProcedure:   {action: access.EnrolDevice},
	daylightv1connect.DirectoryServiceApproveDeviceProcedure:  {action: access.ApproveDevice},
	daylightv1connect.DirectoryServiceRevokeDeviceProcedure:   {action: access.RevokeDevice},
	daylightv1connect.DirectoryServiceListTokensProcedure:     {action: access.IssueToken},
	daylightv1connect.DirectoryServiceIssueTokenProcedure:     {action: access.IssueToken},
	daylightv1connect.DirectoryServiceRevokeTokenProcedure:    {action: access.IssueToken},
	daylightv1connect.DirectoryServiceListTeamProcedure:       {action: access.ChangeTeams},
	daylightv1connect.DirectoryServiceChangeTeamProcedure:     {action: access.ChangeTeams},
	daylightv1connect.DirectoryServiceGetReadersProcedure:     {action: access.ReadDirectory},
	daylightv1connect.DirectoryServiceProposeReadersProcedure: {action: access.ChangeOffice},
	daylightv1connect.DirectoryServiceTakeReadersProcedure:    {action: access.ChangeOffice},
	daylightv1connect.DirectoryServiceListAccessesProcedure:   {action: access.ReadAccessLog},

	daylightv1connect.SyncServiceSyncProcedure: {sync: true},

	daylightv1connect.FacilityServiceGetFacilityProcedure:        {kind: record.Facility},
	daylightv1connect.FacilityServiceListFacilitiesProcedure:     {kind: record.Facility},
	daylightv1connect.FacilityServiceSaveFacilityProcedure:       {kind: record.Facility, writes: true},
	daylightv1connect.FacilityServiceRemoveFacilityProcedure:     {kind: record.Facility, writes: true},
	daylightv1connect.FacilityServiceGetFacilityHistoryProcedure: {kind: record.Facility},

	daylightv1connect.VisitServiceGetVisitProcedure:        {kind: record.Visit},
	daylightv1connect.VisitServiceListVisitsProcedure:      {kind: record.Visit},
	daylightv1connect.VisitServiceSaveVisitProcedure:       {kind: record.Visit, writes: true, steps: true},
	daylightv1connect.VisitServiceRemoveVisitProcedure:     {kind: record.Visit, writes: true},
	daylightv1connect.VisitServiceGetVisitHistoryProcedure: {kind: record.Visit},

	daylightv1connect.FindingServiceGetFindingProcedure:        {kind: record.Finding},
	daylightv1connect.FindingServiceListFindingsProcedure:      {kind: record.Finding},
	daylightv1connect.FindingServiceSaveFindingProcedure:       {kind: record.Finding, writes: true},
	daylightv1connect.FindingServiceRemoveFindingProcedure:     {kind: record.Finding, writes: true},
	daylightv1connect.FindingServiceGetFindingHistoryProcedure: {kind: record.Finding},

	daylightv1connect.RecordServiceGetRecordProcedure:        {anyKind: true},
	daylightv1connect.RecordServiceListRecordsProcedure:      {anyKind: true},
	daylightv1connect.RecordServiceSaveRecordProcedure:       {anyKind: true, writes: true},
	daylightv1connect.RecordServiceRemoveRecordProcedure:     {anyKind: true, writes: true},
	daylightv1connect.RecordServiceGetRecordHistoryProcedure: {anyKind: true},
}

// The pace of one caller: requests a second, and how many may come at once.
const (
	paceSteady = 100
	paceBurst  = 300
)

// pace keeps the limit of each caller who is known. Strangers have none: they would
// only hold others up, and are turned away before anything is read.
type pace struct {
	mu  sync.Mutex
	all map[directory.Hash]*rate.Limiter
}

func (p *pace) allow(who directory.Hash, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.all == nil || len(p.all) > 10_000 {
		p.all = map[directory.Hash]*rate.Limiter{}
	}
	l := p.all[who]
	if l == nil {
		l = rate.NewLimiter(paceSteady, paceBurst)
		p.all[who] = l
	}
	return l.AllowN(now, 1)
}
