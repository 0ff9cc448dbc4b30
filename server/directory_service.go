package server

import (
	"context"
	"strings"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
)

// directoryService answers daylight.v1.DirectoryService; its contract stands in the
// .proto. Who may call what was judged before.
type directoryService struct{ *Server }

func (s directoryService) GetMe(ctx context.Context, _ *daylightv1.GetMeRequest) (*daylightv1.GetMeResponse, error) {
	c := callerOf(ctx)
	switch {
	case c.Caller == nil:
		return &daylightv1.GetMeResponse{Person: &daylightv1.Person{}}, nil
	case c.Token != nil:
		return &daylightv1.GetMeResponse{Person: &daylightv1.Person{Name: c.Token.GetName(), Grants: c.Token.GetGrants()}}, nil
	}
	return &daylightv1.GetMeResponse{Person: c.Person, Device: c.Device}, nil
}

func (s directoryService) GetOffice(ctx context.Context, _ *daylightv1.GetOfficeRequest) (*daylightv1.GetOfficeResponse, error) {
	o, err := s.directory.Office(ctx)
	return &daylightv1.GetOfficeResponse{Office: o}, err
}

func (s directoryService) SaveOffice(ctx context.Context, r *daylightv1.SaveOfficeRequest) (*daylightv1.SaveOfficeResponse, error) {
	o, err := s.directory.SaveOffice(ctx, r.GetOffice(), by(ctx, daylightv1connect.DirectoryServiceSaveOfficeProcedure))
	return &daylightv1.SaveOfficeResponse{Office: o}, err
}

func (s directoryService) ListBodies(ctx context.Context, _ *daylightv1.ListBodiesRequest) (*daylightv1.ListBodiesResponse, error) {
	all, err := s.directory.Bodies(ctx)
	return &daylightv1.ListBodiesResponse{Bodies: all}, err
}

func (s directoryService) SaveBody(ctx context.Context, r *daylightv1.SaveBodyRequest) (*daylightv1.SaveBodyResponse, error) {
	b, err := s.directory.SaveBody(ctx, r.GetBody(), by(ctx, daylightv1connect.DirectoryServiceSaveBodyProcedure))
	return &daylightv1.SaveBodyResponse{Body: b}, err
}

func (s directoryService) ListPeople(ctx context.Context, r *daylightv1.ListPeopleRequest) (*daylightv1.ListPeopleResponse, error) {
	return s.directory.People(ctx, r)
}

func (s directoryService) SavePerson(ctx context.Context, r *daylightv1.SavePersonRequest) (*daylightv1.SavePersonResponse, error) {
	p, err := s.directory.SavePerson(ctx, r.GetPerson(), by(ctx, daylightv1connect.DirectoryServiceSavePersonProcedure))
	return &daylightv1.SavePersonResponse{Person: p}, err
}

func (s directoryService) ListDevices(ctx context.Context, r *daylightv1.ListDevicesRequest) (*daylightv1.ListDevicesResponse, error) {
	return s.directory.Devices(ctx, r)
}

func (s directoryService) InviteDevice(ctx context.Context, r *daylightv1.InviteDeviceRequest) (*daylightv1.InviteDeviceResponse, error) {
	person, err := parseID("person", r.GetPerson())
	if err != nil {
		return nil, err
	}
	return s.invite(ctx, person, daylightv1connect.DirectoryServiceInviteDeviceProcedure)
}

// invite makes a code with which the person's device can enrol.
func (s directoryService) invite(ctx context.Context, person record.ID, call string) (*daylightv1.InviteDeviceResponse, error) {
	code, err := enrol.NewCode(s.config.Random, s.config.Endpoints, s.config.Pins)
	if err != nil {
		return nil, invalid("no code can be made: "+err.Error(), "Start the server with the address at which devices reach it.")
	}
	until, err := s.directory.Invite(ctx, person, enrol.HashSecret(code.Secret), by(ctx, call))
	if err != nil {
		return nil, err
	}
	return &daylightv1.InviteDeviceResponse{Code: code.Encode(), Until: until}, nil
}

func (s directoryService) ApproveDevice(ctx context.Context, r *daylightv1.ApproveDeviceRequest) (*daylightv1.ApproveDeviceResponse, error) {
	id, err := parseID("device", r.GetDevice())
	if err != nil {
		return nil, err
	}
	d, err := s.directory.Approve(ctx, id, r.GetWords(), by(ctx, daylightv1connect.DirectoryServiceApproveDeviceProcedure))
	return &daylightv1.ApproveDeviceResponse{Device: d}, err
}

func (s directoryService) RevokeDevice(ctx context.Context, r *daylightv1.RevokeDeviceRequest) (*daylightv1.RevokeDeviceResponse, error) {
	id, err := parseID("device", r.GetDevice())
	if err != nil {
		return nil, err
	}
	d, err := s.directory.Revoke(ctx, id, by(ctx, daylightv1connect.DirectoryServiceRevokeDeviceProcedure))
	if err != nil {
		return nil, err
	}
	changes, readable, err := s.mayHold(ctx, d)
	if err != nil {
		return nil, err
	}
	return &daylightv1.RevokeDeviceResponse{Device: d, Changes: changes, LastPull: d.GetLastSeen(), ReadableRecords: readable}, nil
}

// mayHold counts what the device has sent, and what its person may read now by their roles,
// also when the device is revoked or the person disabled: what may lie on it does not go
// away with that.
func (s *Server) mayHold(ctx context.Context, d *daylightv1.Device) (changes, readable uint64, err error) {
	if changes, err = s.store.WrittenWith(ctx, d.GetKey()); err != nil {
		return 0, 0, err
	}
	w, err := s.directory.Writer(ctx, d.GetKey())
	if err != nil || w == nil {
		return changes, 0, err
	}
	now := s.config.Now().UnixMilli()
	readable, err = s.store.Readable(ctx, sightOf(&caller{Caller: w, rights: rightsOf(w, now)}, now))
	return changes, readable, err
}

func (s directoryService) GetReaders(ctx context.Context, _ *daylightv1.GetReadersRequest) (*daylightv1.GetReadersResponse, error) {
	signed, version, err := s.directory.Readers(ctx)
	return &daylightv1.GetReadersResponse{Signed: signed, Version: version}, err
}

func (s directoryService) ProposeReaders(ctx context.Context, r *daylightv1.ProposeReadersRequest) (*daylightv1.ProposeReadersResponse, error) {
	p, err := s.directory.ProposeReaders(ctx, r.GetAfter(), r.GetNextRoot())
	return &daylightv1.ProposeReadersResponse{List: p.Text, Version: p.Version, LeftOut: p.LeftOut}, err
}

func (s directoryService) TakeReaders(ctx context.Context, r *daylightv1.TakeReadersRequest) (*daylightv1.TakeReadersResponse, error) {
	l, err := s.directory.TakeReaders(ctx, r.GetSigned(), by(ctx, daylightv1connect.DirectoryServiceTakeReadersProcedure))
	return &daylightv1.TakeReadersResponse{Version: l.Version, Readers: uint32(len(l.Readers)), NextRoot: l.NextRoot}, err
}

func (s directoryService) ListTokens(ctx context.Context, _ *daylightv1.ListTokensRequest) (*daylightv1.ListTokensResponse, error) {
	all, err := s.directory.Tokens(ctx)
	return &daylightv1.ListTokensResponse{Tokens: all}, err
}

func (s directoryService) IssueToken(ctx context.Context, r *daylightv1.IssueTokenRequest) (*daylightv1.IssueTokenResponse, error) {
	secret, err := enrol.NewToken(s.config.Random)
	if err != nil {
		return nil, err
	}
	t, err := s.directory.IssueToken(ctx, r.GetToken(), secret.Hash(), by(ctx, daylightv1connect.DirectoryServiceIssueTokenProcedure))
	return &daylightv1.IssueTokenResponse{Token: t, Secret: secret.Text()}, err
}

func (s directoryService) RevokeToken(ctx context.Context, r *daylightv1.RevokeTokenRequest) (*daylightv1.RevokeTokenResponse, error) {
	id, err := parseID("token", r.GetToken())
	if err != nil {
		return nil, err
	}
	t, err := s.directory.RevokeToken(ctx, id, by(ctx, daylightv1connect.DirectoryServiceRevokeTokenProcedure))
	return &daylightv1.RevokeTokenResponse{Token: t}, err
}

// ListAccesses is itself an access.
func (s directoryService) ListAccesses(ctx context.Context, r *daylightv1.ListAccessesRequest) (*daylightv1.ListAccessesResponse, error) {
	if r.GetPageToken() == "" {
		who := by(ctx, daylightv1connect.DirectoryServiceListAccessesProcedure)
		if err := s.directory.ReadLog(ctx, who); err != nil {
			return nil, err
		}
	}
	return s.directory.Accesses(ctx, r)
}

// enrolmentService answers daylight.v1.EnrolmentService; its contract stands in the
// .proto.
type enrolmentService struct{ *Server }

func (s enrolmentService) Enrol(ctx context.Context, r *daylightv1.EnrolRequest) (*daylightv1.EnrolResponse, error) {
	var secret enrol.Secret
	if len(r.GetSecret()) != len(secret) {
		return nil, invalid("the code has no secret of 16 bytes", "Scan or type the code again.")
	}
	copy(secret[:], r.GetSecret())
	if !enrol.Proved(r.GetKey(), secret, r.GetProof()) {
		return nil, invalid("the device does not show that it has the key that it names", "Update the program on it.")
	}
	e := directory.Enrolling{Secret: enrol.HashSecret(secret), Key: r.GetKey(), Label: r.GetLabel(), Recipient: r.GetRecipient()}
	if out, err := s.directory.Invited(ctx, e.Secret); err != nil {
		return nil, err
	} else if out { // the words cost some time, which a guess is not worth
		o, err := s.directory.Office(ctx)
		if err != nil {
			return nil, err
		}
		words := enrol.Words(enrol.Transcript{Pins: s.config.Pins, Secret: e.Secret, Device: r.GetKey(), Office: o.GetEnrolmentKey()})
		e.Words = strings.Join(words[:], " ")
	}
	token, err := s.newToken(&e.Token, e.Serial[:])
	if err != nil {
		return nil, err
	}
	out, err := s.directory.Enrol(ctx, e, directory.By{Call: daylightv1connect.EnrolmentServiceEnrolProcedure})
	if err != nil {
		return nil, err
	}
	return &daylightv1.EnrolResponse{
		Certificate: out.Certificate.ToProto(), Token: token, Person: out.Person, Office: out.Office,
		Device: out.Device.GetId(), State: out.Device.GetState(),
	}, nil
}

// newToken makes a token, gives its text, puts its hash, and fills the serial of the
// certificate that goes with it.
func (s enrolmentService) newToken(hash *directory.Hash, serial []byte) (string, error) {
	token, err := enrol.NewToken(s.config.Random)
	if err != nil {
		return "", err
	}
	*hash = token.Hash()
	_, err = s.config.Random.Read(serial)
	return token.Text(), err
}

func (s enrolmentService) Renew(ctx context.Context, r *daylightv1.RenewRequest) (*daylightv1.RenewResponse, error) {
	c := callerOf(ctx)
	if c.Caller == nil || c.DeviceID == (record.ID{}) {
		return nil, invalid("only a device has something to renew", "")
	}
	var e directory.Enrolling
	token, err := s.newToken(&e.Token, e.Serial[:])
	if err != nil {
		return nil, err
	}
	out, err := s.directory.Renew(ctx, c.DeviceID, r.GetRecipient(), e.Token, e.Serial, by(ctx, daylightv1connect.EnrolmentServiceRenewProcedure))
	if err != nil {
		return nil, err
	}
	return &daylightv1.RenewResponse{
		Certificate: out.Certificate.ToProto(), Token: token, State: out.Device.GetState(), Office: out.Office,
	}, nil
}
