package server

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// visitService answers daylight.v1.VisitService; its contract stands in the .proto.
type visitService struct{ *Server }

func (s visitService) GetVisit(ctx context.Context, r *daylightv1.GetVisitRequest) (*daylightv1.GetVisitResponse, error) {
	item, err := s.get(ctx, record.Visit, r.GetId())
	if err != nil {
		return nil, err
	}
	return visitItem(item), nil
}

func visitItem(i store.Item) *daylightv1.GetVisitResponse {
	m, _ := i.Message.(*daylightv1.Visit)
	return &daylightv1.GetVisitResponse{Visit: m, Status: i.Status}
}

func (s visitService) ListVisits(ctx context.Context, r *daylightv1.ListVisitsRequest) (*daylightv1.ListVisitsResponse, error) {
	facility, err := optionalID("facility_id", r.GetFacilityId())
	if err != nil {
		return nil, err
	}
	filter := store.VisitFilter{Visits: store.Visits{Facility: facility}, State: r.GetState(), Type: r.GetType()}
	page, err := s.list(ctx, record.Visit, r, filter)
	if err != nil {
		return nil, err
	}
	answer := &daylightv1.ListVisitsResponse{NextPageToken: page.Next, SearchedUpTo: uint64(page.SearchedUpTo)}
	for _, i := range page.Items {
		answer.Visits = append(answer.Visits, visitItem(i))
	}
	return answer, nil
}

func (s visitService) SaveVisit(ctx context.Context, r *daylightv1.SaveVisitRequest) (*daylightv1.SaveVisitResponse, error) {
	item, err := s.save(ctx, record.Visit, r.Visit, r.Visit != nil)
	if err != nil {
		return nil, err
	}
	now := visitItem(item)
	return &daylightv1.SaveVisitResponse{Visit: now.Visit, Status: now.Status}, nil
}

func (s visitService) RemoveVisit(ctx context.Context, r *daylightv1.RemoveVisitRequest) (*daylightv1.RemoveVisitResponse, error) {
	item, err := s.remove(ctx, record.Visit, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.RemoveVisitResponse{Removed: item.Removed, Status: item.Status}, nil
}

func (s visitService) GetVisitHistory(ctx context.Context, r *daylightv1.GetVisitHistoryRequest) (*daylightv1.GetVisitHistoryResponse, error) {
	changes, next, err := s.history(ctx, record.Visit, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.GetVisitHistoryResponse{Changes: changes, NextPageToken: next}, nil
}
