package server

import (
	"context"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
	"github.com/daylight-npm/daylight/server/store"
)

// recordService answers daylight.v1.RecordService; its contract stands in the .proto.
type recordService struct{ *Server }

func (s recordService) GetRecord(ctx context.Context, r *daylightv1.GetRecordRequest) (*daylightv1.GetRecordResponse, error) {
	kind, err := s.kindFor(ctx, r.GetKind(), false)
	if err != nil {
		return nil, err
	}
	item, err := s.get(ctx, kind, r.GetId())
	if err == nil {
		err = s.judge(ctx, item)
	}
	if err != nil {
		return nil, err
	}
	return recordItem(kind, item), nil
}

func recordItem(kind record.Kind, i store.Item) *daylightv1.GetRecordResponse {
	return &daylightv1.GetRecordResponse{Record: inEnvelope(kind, i.Message), Status: i.Status}
}

func (s recordService) ListRecords(ctx context.Context, r *daylightv1.ListRecordsRequest) (*daylightv1.ListRecordsResponse, error) {
	kind, err := s.kindFor(ctx, r.GetKind(), false)
	if err != nil {
		return nil, err
	}
	f, err := filterOf(kind, r)
	if err != nil {
		return nil, err
	}
	page, err := s.list(ctx, kind, r, f)
	if err == nil {
		err = s.judge(ctx, page.Items...)
	}
	if err != nil {
		return nil, err
	}
	answer := &daylightv1.ListRecordsResponse{NextPageToken: page.Next, SearchedUpTo: uint64(page.SearchedUpTo)}
	for _, i := range page.Items {
		answer.Records = append(answer.Records, recordItem(kind, i))
	}
	return answer, nil
}

func (s recordService) SaveRecord(ctx context.Context, r *daylightv1.SaveRecordRequest) (*daylightv1.SaveRecordResponse, error) {
	m := fromEnvelope(r.GetRecord())
	if m == nil {
		return nil, invalid("the request holds no record; nothing was saved", "")
	}
	kind, err := record.KindOf(m)
	if err != nil {
		return nil, err
	}
	if _, err := s.kindFor(ctx, kind.String(), true); err != nil {
		return nil, err
	}
	item, err := s.save(ctx, kind, m, true)
	if err == nil {
		err = s.judge(ctx, item)
	}
	if err != nil {
		return nil, err
	}
	return &daylightv1.SaveRecordResponse{Record: inEnvelope(kind, item.Message), Status: item.Status}, nil
}

func (s recordService) RemoveRecord(ctx context.Context, r *daylightv1.RemoveRecordRequest) (*daylightv1.RemoveRecordResponse, error) {
	kind, err := s.kindFor(ctx, r.GetKind(), true)
	if err != nil {
		return nil, err
	}
	item, err := s.remove(ctx, kind, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.RemoveRecordResponse{Removed: item.Removed, Status: item.Status}, nil
}

func (s recordService) GetRecordHistory(ctx context.Context, r *daylightv1.GetRecordHistoryRequest) (*daylightv1.GetRecordHistoryResponse, error) {
	kind, err := s.kindFor(ctx, r.GetKind(), false)
	if err != nil {
		return nil, err
	}
	changes, next, err := s.history(ctx, kind, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.GetRecordHistoryResponse{Changes: changes, NextPageToken: next}, nil
}

// kindFor reads the kind and turns away whom no role lets at records of it; the rule of the
// procedure asks only for some kind. Who takes steps of a record may write that much of it,
// which is judged with the change.
func (s recordService) kindFor(ctx context.Context, name string, writes bool) (record.Kind, error) {
	kind, err := record.ParseKind(name)
	if err != nil {
		return 0, invalid("kind: "+err.Error(), "")
	}
	if !store.Lists(kind) {
		return 0, invalid("records of kind "+kind.String()+" are sealed, or keys to what is: they are not served here", "Sync a device of somebody who may read them.")
	}
	c := callerOf(ctx)
	if c.everybody || c.rights.Reads(kind) != access.None && (!writes || c.rights.WritesSome(kind)) {
		return kind, nil
	}
	if err := s.directory.Log(ctx, directory.Denied, record.ID{}, "not allowed", c.actor(procedureOf(ctx))); err != nil {
		return 0, err
	}
	return 0, errNotAllowed
}

// The envelope's fields have the numbers of the kinds.
var envelope = (&daylightv1.Record{}).ProtoReflect().Descriptor().Oneofs().ByName("record")

func inEnvelope(kind record.Kind, m record.Message) *daylightv1.Record {
	r := &daylightv1.Record{}
	r.ProtoReflect().Set(envelope.Fields().ByNumber(protoreflect.FieldNumber(kind)), protoreflect.ValueOfMessage(m.ProtoReflect()))
	return r
}

// fromEnvelope gives nil for an empty one.
func fromEnvelope(r *daylightv1.Record) record.Message {
	fd := r.ProtoReflect().WhichOneof(envelope)
	if fd == nil {
		return nil
	}
	m, _ := r.ProtoReflect().Get(fd).Message().Interface().(record.Message)
	return m
}
