package server

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"github.com/daylight-npm/daylight/internal/bundle"
	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// office is a server of an office that has been made, and its operator.
type office struct {
	*world
	time     time.Time
	admin    *daylightv1.Person
	operator daylightv1connect.DirectoryServiceClient // at the server itself
}

func newOffice(t *testing.T) *office {
	t.Helper()
	return newOfficeOf(t, func(*store.Config) {})
}

// recovery is the office's recovery recipient; nobody has its other half.
const recovery = "age16hjlxt3ewv95908xffpxy7sjnydq7tqsnz692a3r39jm346499fqtcrtsd"

// newOfficeOf makes one whose store is adapted.
func newOfficeOf(t *testing.T, adapt func(*store.Config)) *office {
	t.Helper()
	o := &office{time: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)}
	o.world = newWorld(t, func(kept *store.Config, c *Config) {
		kept.Now = func() time.Time { return o.time }
		c.Now = kept.Now
		adapt(kept)
		c.Endpoints = []string{"http://127.0.0.1:8420"}
		s, err := store.Open(t.Context(), *kept)
		if err != nil {
			t.Fatal(err)
		}
		root := ed25519.NewKeyFromSeed(make([]byte, 32)).Public().(ed25519.PublicKey)
		_, o.admin, err = directory.New(s.File(), kept.Now, rand.Reader).Make(t.Context(), directory.Setup{
			Office: &daylightv1.Office{Name: "Office of the Ombudsperson", RootKey: root, RecoveryRecipient: recovery}, Admin: &daylightv1.Person{Name: "Administrator"},
		}, directory.By{})
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	local := httptest.NewServer(o.server.Local())
	t.Cleanup(local.Close)
	o.operator = daylightv1connect.NewDirectoryServiceClient(local.Client(), local.URL)
	return o
}

// phone is a device that enrols by the protocol.
type phone struct {
	key    ed25519.PrivateKey
	answer *daylightv1.EnrolResponse
	token  string
}

func (o *office) person(t *testing.T, name string, roles ...daylightv1.OfficeRole) *daylightv1.Person {
	t.Helper()
	p := &daylightv1.Person{Name: name}
	for _, r := range roles {
		g := &daylightv1.Grant{Role: r}
		if r == daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP {
			g.Region = "UA-32"
		}
		p.Grants = append(p.Grants, g)
	}
	return must(o.operator.SavePerson(t.Context(), &daylightv1.SavePersonRequest{Person: p}))(t).Person
}

func (o *office) invite(t *testing.T, person string) enrol.Code {
	t.Helper()
	r := must(o.operator.InviteDevice(t.Context(), &daylightv1.InviteDeviceRequest{Person: person}))(t)
	return must(enrol.Parse(r.Code))(t)
}

// enrol uses the code.
func (o *office) enrol(ctx context.Context, code enrol.Code) (*phone, error) {
	_, key, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	p := &phone{key: key}
	c := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url)
	p.answer, err = c.Enrol(ctx, &daylightv1.EnrolRequest{
		Secret: code.Secret[:], Key: key.Public().(ed25519.PublicKey), Proof: enrol.Prove(key, code.Secret), Label: "phone",
	})
	p.token = p.answer.GetToken()
	return p, err
}

func (o *office) enrolled(t *testing.T, person string) *phone {
	t.Helper()
	return must(o.enrol(t.Context(), o.invite(t, person)))(t)
}

// as gives a client whose calls show the token.
func as(token string) connect.ClientOption {
	return connect.WithInterceptors(connect.UnaryInterceptorFunc(func(next connect.UnaryFunc) connect.UnaryFunc {
		return func(ctx context.Context, r connect.AnyRequest) (connect.AnyResponse, error) {
			r.Header().Set("Authorization", "Bearer "+token)
			return next(ctx, r)
		}
	}))
}

func TestEachProcedureHasARule(t *testing.T) {
	for p := range procedures {
		if _, ok := rules[p]; !ok {
			t.Errorf("%s has no rule", p)
		}
	}
	if len(rules) != len(procedures) {
		t.Errorf("%d rules for %d procedures", len(rules), len(procedures))
	}
}

// What each may call at all, written down apart from the table that decides: a
// device's person by role, beside GetMe and Renew, which any device may.
var expected = map[string]string{
	"OMBUDSPERSON":          "sync wsome places visits findings steps people approve revoke audit",
	"NPM_HEAD":              "sync wsome places visits findings wplaces wvisits people invite approve revoke audit teams",
	"CASE_OFFICER":          "sync wsome places visits findings wplaces wvisits wfindings people teams",
	"REVIEWER":              "sync wsome places visits findings wvisits wfindings people",
	"MEDICAL_REVIEWER":      "sync wsome places visits people",
	"FOLLOW_UP_OFFICER":     "sync wsome places visits findings steps people",
	"REPRISAL_FOCAL_POINT":  "sync wsome places visits findings people",
	"DATA_OFFICER":          "sync places",
	"PUBLICATION_EDITOR":    "sync places",
	"REGIONAL_REP":          "sync places visits findings",
	"SYSTEM_ADMIN":          "people change invite approve revoke tokens",
	"AUDITOR":               "audit",
	"AUTHORITY_LIAISON":     "",
	"MONITOR":               "sync wsome places visits findings wplaces wvisits wfindings",
	"CIVIL_SOCIETY_MONITOR": "sync wsome places visits findings wvisits wfindings",
}

// words give what lets somebody call the procedure, any of them.
func words(procedure string) []string {
	method := procedure[strings.LastIndex(procedure, "/")+1:]
	reads := strings.HasPrefix(method, "Get") || strings.HasPrefix(method, "List")
	of := func(kind string) []string {
		switch {
		case reads:
			return []string{kind}
		case method == "SaveVisit":
			return []string{"wvisits", "steps"}
		}
		return []string{"w" + kind}
	}
	switch {
	case strings.Contains(procedure, "SyncService"):
		return []string{"sync"}
	case strings.Contains(procedure, "FacilityService"):
		return of("places")
	case strings.Contains(procedure, "VisitService"):
		return of("visits")
	case strings.Contains(procedure, "FindingService"):
		return of("findings")
	case strings.Contains(procedure, "RecordService") && reads:
		return []string{"sync"}
	case strings.Contains(procedure, "RecordService"):
		return []string{"wsome"}
	}
	return map[string][]string{
		"GetOffice": {"people"}, "ListBodies": {"people"}, "ListPeople": {"people"}, "ListDevices": {"people"},
		"SaveOffice": {"change"}, "SaveBody": {"change"}, "SavePerson": {"change"},
		"InviteDevice": {"invite"}, "ApproveDevice": {"approve"}, "RevokeDevice": {"revoke"},
		"ListTokens": {"tokens"}, "IssueToken": {"tokens"}, "RevokeToken": {"tokens"}, "ListAccesses": {"audit"},
		"ListTeam": {"teams"}, "ChangeTeam": {"teams"},
		"GetReaders": {"people"}, "ProposeReaders": {"change"}, "TakeReaders": {"change"},
	}[method]
}

// call sends an empty request and says how it was met: "stranger", "denied" or
// "let in".
func (o *office) call(t *testing.T, procedure, token string) string {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, o.url+procedure, bytes.NewReader([]byte("{}")))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	a, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Body.Close()
	text, err := io.ReadAll(a.Body)
	if err != nil {
		t.Fatal(err)
	}
	switch {
	case a.StatusCode == http.StatusUnauthorized:
		return "stranger"
	case a.StatusCode == http.StatusForbidden:
		return "denied"
	case a.StatusCode >= 500:
		t.Errorf("%s: %d %s", procedure, a.StatusCode, text)
	}
	return "let in"
}

func TestWhoMayCallWhat(t *testing.T) {
	o := newOffice(t)
	cells := 0
	check := func(who, token, procedure, want string) {
		t.Helper()
		cells++
		if got := o.call(t, procedure, token); got != want {
			t.Errorf("%s, %s: %s, want %s", who, procedure, got, want)
		}
	}
	before := o.digest2(t)
	open := []string{daylightv1connect.DirectoryServiceGetMeProcedure, daylightv1connect.EnrolmentServiceRenewProcedure}
	isOpen := func(p string) bool { return p == open[0] || p == open[1] }
	roles := map[string]string{}
	for n, full := range daylightv1.OfficeRole_name {
		if name := strings.TrimPrefix(full, "OFFICE_ROLE_"); n > 0 {
			if _, ok := expected[name]; !ok {
				t.Fatalf("nobody has said what %s may do", name)
			}
			roles[name] = o.enrolled(t, o.person(t, name, daylightv1.OfficeRole(n)).Id).token
		}
	}
	nobody := o.enrolled(t, o.person(t, "nobody").Id).token
	for p, rule := range rules {
		if rule.stranger {
			continue
		}
		for name, token := range roles {
			want := "denied"
			for _, w := range words(p) {
				if strings.Contains(" "+expected[name]+" ", " "+w+" ") {
					want = "let in"
				}
			}
			if isOpen(p) {
				want = "let in"
			}
			check(name, token, p, want)
		}
		check("nobody in particular", nobody, p, map[bool]string{true: "let in", false: "denied"}[isOpen(p)])
		check("a stranger", "", p, "stranger")
		check("a token that nobody has", must(enrol.NewToken(rand.Reader))(t).Text(), p, "stranger")
		check("something that is no token", "dl_nonsense", p, "stranger")
	}
	if got := o.digest2(t); got != before {
		t.Error("something was changed")
	}
	t.Logf("%d cells", cells)
}

// digest2 stands for all records of an office that has been made.
func (o *office) digest2(t *testing.T) string {
	t.Helper()
	items, err := o.store.List(t.Context(), record.Facility, store.Query{Filter: store.FacilityFilter{}, PageSize: 500})
	if err != nil {
		t.Fatal(err)
	}
	head, err := o.store.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprint(len(items.Items), head)
}

func TestWhoIsShutOutIsAStranger(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	const sync = daylightv1connect.SyncServiceSyncProcedure
	t.Run("a revoked device", func(t *testing.T) {
		p := o.enrolled(t, o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR).Id)
		if got := o.call(t, sync, p.token); got != "let in" {
			t.Fatal(got)
		}
		must(o.operator.RevokeDevice(ctx, &daylightv1.RevokeDeviceRequest{Device: p.answer.Device}))(t)
		if got := o.call(t, sync, p.token); got != "stranger" {
			t.Error(got)
		}
	})
	t.Run("a disabled person", func(t *testing.T) {
		person := o.person(t, "Monitor B", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
		p := o.enrolled(t, person.Id)
		person.Disabled = true
		must(o.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: person}))(t)
		if got := o.call(t, sync, p.token); got != "stranger" {
			t.Error(got)
		}
	})
	t.Run("an expired accreditation", func(t *testing.T) {
		person := o.person(t, "Monitor C")
		person.Grants = []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_MONITOR, Until: o.time.Add(time.Hour).UnixMilli()}}
		must(o.operator.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: person}))(t)
		p := o.enrolled(t, person.Id)
		if got := o.call(t, sync, p.token); got != "let in" {
			t.Fatal(got)
		}
		o.time = o.time.Add(time.Hour)
		if got := o.call(t, sync, p.token); got != "denied" {
			t.Error(got)
		}
	})
	t.Run("an integrator's token that has ended", func(t *testing.T) {
		r := must(o.operator.IssueToken(ctx, &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
			Name: "statistics", Until: o.time.Add(time.Hour).UnixMilli(),
			Grants: []*daylightv1.Grant{{Role: daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER}},
		}}))(t)
		const list = daylightv1connect.FacilityServiceListFacilitiesProcedure
		for _, want := range []string{"let in", "stranger"} {
			if got := o.call(t, list, r.Secret); got != want {
				t.Errorf("%s, want %s", got, want)
			}
			if got := o.call(t, sync, r.Secret); got == "let in" {
				t.Error("a program syncs as if it were a device")
			}
			o.time = o.time.Add(time.Hour)
		}
	})
	t.Run("a device that waits", func(t *testing.T) {
		was := must(o.operator.GetOffice(ctx, &daylightv1.GetOfficeRequest{}))(t).Office
		was.SecondApproval = true
		must(o.operator.SaveOffice(ctx, &daylightv1.SaveOfficeRequest{Office: was}))(t)
		head := o.person(t, "Head", daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD, daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
		p := o.enrolled(t, head.Id)
		if got := o.call(t, sync, p.token); got != "denied" || p.answer.State != daylightv1.DeviceState_DEVICE_STATE_WAITING {
			t.Error(got, p.answer.State)
		}
		if _, err := o.operator.ApproveDevice(ctx, &daylightv1.ApproveDeviceRequest{Device: p.answer.Device, Words: "wrong"}); err == nil {
			t.Error("whoever invited it approves it")
		}
	})
}

func TestEnrolment(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	person := o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR)
	code := o.invite(t, person.Id)
	p := must(o.enrol(ctx, code))(t)
	cert := must(journal.CertificateFromProto(p.answer.Certificate))(t)
	if !cert.IssuedBy(p.answer.Office.EnrolmentKey) || cert.Person != "Monitor A" || p.answer.Person.Id != person.Id {
		t.Errorf("%v", p.answer)
	}
	both := enrol.Words(enrol.Transcript{
		Secret: enrol.HashSecret(code.Secret), Device: p.key.Public().(ed25519.PublicKey), Office: p.answer.Office.EnrolmentKey,
	})
	listed := must(o.operator.ListDevices(ctx, &daylightv1.ListDevicesRequest{Person: person.Id}))(t)
	if len(listed.Devices) != 1 || listed.Devices[0].Words != strings.Join(both[:], " ") {
		t.Errorf("the two sides show other words: %v", listed)
	}
	wants := func(err error, code rpcerr.Code) {
		t.Helper()
		if got := rpcerr.CodeOf(rpcerr.FromConnect(err)); err == nil || got != code {
			t.Errorf("got %v, want %v", err, code)
		}
	}
	t.Run("a code is good once", func(t *testing.T) {
		_, err := o.enrol(ctx, code)
		wants(err, rpcerr.NotFound)
	})
	t.Run("nobody comes in with another's key", func(t *testing.T) {
		code := o.invite(t, person.Id)
		c := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url)
		_, err := c.Enrol(ctx, &daylightv1.EnrolRequest{
			Secret: code.Secret[:], Key: p.key.Public().(ed25519.PublicKey), Proof: make([]byte, 64), Label: "phone",
		})
		wants(err, rpcerr.Invalid)
	})
	t.Run("with a recipient for bundles", func(t *testing.T) {
		code := o.invite(t, person.Id)
		_, key, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		kept := must(o.server.directory.BundleIdentity(ctx))(t)
		opens := must(bundle.ParseIdentity(kept))(t).Recipient()
		takes := func(answer *daylightv1.Certificate, office *daylightv1.Office, recipient string) {
			t.Helper()
			cert := must(journal.CertificateFromProto(answer))(t)
			if cert.Recipient != recipient || cert.PersonID != person.Id {
				t.Errorf("the certificate says %q and %q", cert.Recipient, cert.PersonID)
			}
			if office.GetBundleRecipient() != opens || office.GetRecoveryRecipient() != recovery {
				t.Errorf("the device is told of %v", office)
			}
		}
		r := must(daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url).Enrol(ctx, &daylightv1.EnrolRequest{
			Secret: code.Secret[:], Key: key.Public().(ed25519.PublicKey), Proof: enrol.Prove(key, code.Secret), Label: "phone", Recipient: "age1one",
		}))(t)
		takes(r.Certificate, r.Office, "age1one")
		c := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url, as(r.Token))
		second := must(c.Renew(ctx, &daylightv1.RenewRequest{Recipient: "age1two"}))(t)
		takes(second.Certificate, second.Office, "age1two")
		third := must(c.Renew(ctx, &daylightv1.RenewRequest{}))(t)
		takes(third.Certificate, third.Office, "age1two")
		_, err = c.Renew(ctx, &daylightv1.RenewRequest{Recipient: "somebody"})
		wants(err, rpcerr.Invalid)
	})
	t.Run("renewed", func(t *testing.T) {
		c := daylightv1connect.NewEnrolmentServiceClient(http.DefaultClient, o.url, as(p.token))
		r := must(c.Renew(ctx, &daylightv1.RenewRequest{}))(t)
		me := daylightv1connect.NewDirectoryServiceClient(http.DefaultClient, o.url, as(r.Token))
		if got := must(me.GetMe(ctx, &daylightv1.GetMeRequest{}))(t); got.Person.Name != "Monitor A" {
			t.Errorf("%v", got)
		}
		if got := o.call(t, daylightv1connect.DirectoryServiceGetMeProcedure, p.token); got != "stranger" {
			t.Error("the old token is good beside the new one")
		}
	})
}

// An office that was made before there were bundles gets its key when it is served, and
// keeps it.
func TestAnOlderOfficeGetsAKeyForBundles(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	first := must(o.server.directory.BundleIdentity(ctx))(t)
	again := must(New(o.server.config))(t)
	if second := must(again.directory.BundleIdentity(ctx))(t); second != first || first == "" {
		t.Errorf("bundles that are on their way are lost: %t", first == "")
	}
	if w := newWorld(t, nil); w.server.made {
		t.Error("an office that was not made counts as made")
	}
}

// A made office takes nothing that is sealed under a certificate of its own writer.
func TestAMadeOfficeCountsItsOwnCertificates(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	p := o.enrolled(t, o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR).Id)
	sync := daylightv1connect.NewSyncServiceClient(http.DefaultClient, o.url, as(p.token))
	d := newDevice(1)
	d.save(t, aFacility("North House", "N-1"))
	r := d.ask()
	r.Batches = []*daylightv1.Batch{d.batch()}
	got := must(sync.Sync(ctx, r))(t)
	if len(got.Writers) != 1 || got.Writers[0].Fault != daylightv1.BatchFault_BATCH_FAULT_CERTIFICATE {
		t.Errorf("%v", got)
	}
}

// Somebody else may bring what a revoked device wrote: a person has to admit it.
func TestWhatARevokedDeviceWroteIsHeld(t *testing.T) {
	o, ctx := newOffice(t), t.Context()
	p := o.enrolled(t, o.person(t, "Monitor A", daylightv1.OfficeRole_OFFICE_ROLE_MONITOR).Id)
	asked := func(key ed25519.PrivateKey) exchange.Decision {
		t.Helper()
		d, _, err := o.server.deviceGate(ctx).May(exchange.Case{
			Key: key.Public().(ed25519.PublicKey), Before: []exchange.Before{{State: fold.New()}},
			Record: func(record.ID) (exchange.Before, error) { return exchange.Before{State: fold.New()}, nil },
			Change: journal.Change{Records: []journal.RecordEdits{{Kind: record.Facility, ID: record.ID{1}, Edits: []fold.Edit{
				{Path: fold.Path{Field: fold.FieldID}, Value: []byte{10, 0}},
			}}}},
		})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if got := asked(p.key); got != exchange.Accepted {
		t.Error(got)
	}
	must(o.operator.RevokeDevice(ctx, &daylightv1.RevokeDeviceRequest{Device: p.answer.Device}))(t)
	_, stranger, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []ed25519.PrivateKey{p.key, stranger} {
		if got := asked(key); got != exchange.Held {
			t.Error(got)
		}
	}
}

func TestOneCallerCannotFloodTheOffice(t *testing.T) {
	o := newOffice(t)
	p, q := o.enrolled(t, o.admin.Id), o.enrolled(t, o.admin.Id)
	const me = daylightv1connect.DirectoryServiceGetMeProcedure
	for range paceBurst {
		o.call(t, me, p.token)
	}
	client := daylightv1connect.NewDirectoryServiceClient(http.DefaultClient, o.url, as(p.token))
	if _, err := client.GetMe(t.Context(), &daylightv1.GetMeRequest{}); connect.CodeOf(err) != connect.CodeResourceExhausted {
		t.Errorf("got %v", err)
	}
	if got := o.call(t, me, q.token); got != "let in" {
		t.Error("another device is held up")
	}
	o.time = o.time.Add(time.Second)
	if _, err := client.GetMe(t.Context(), &daylightv1.GetMeRequest{}); err != nil {
		t.Error(err)
	}
}
