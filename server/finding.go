package server

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// findingService answers daylight.v1.FindingService; its contract stands in the .proto.
type findingService struct{ *Server }

func (s findingService) GetFinding(ctx context.Context, r *daylightv1.GetFindingRequest) (*daylightv1.GetFindingResponse, error) {
	item, err := s.get(ctx, record.Finding, r.GetId())
	if err != nil {
		return nil, err
	}
	return findingItem(item), nil
}

func findingItem(i store.Item) *daylightv1.GetFindingResponse {
	m, _ := i.Message.(*daylightv1.Finding)
	return &daylightv1.GetFindingResponse{Finding: m, Status: i.Status}
}

func (s findingService) ListFindings(ctx context.Context, r *daylightv1.ListFindingsRequest) (*daylightv1.ListFindingsResponse, error) {
	visit, err := optionalID("visit_id", r.GetVisitId())
	if err != nil {
		return nil, err
	}
	facility, err := optionalID("facility_id", r.GetFacilityId())
	if err != nil {
		return nil, err
	}
	filter := store.FindingFilter{Visit: visit, Visits: store.Visits{Facility: facility}, Kind: r.GetKind(), Area: r.GetArea(), Topic: r.GetTopic(),
		Severity: r.GetSeverity()}
	page, err := s.list(ctx, record.Finding, r, filter)
	if err != nil {
		return nil, err
	}
	answer := &daylightv1.ListFindingsResponse{NextPageToken: page.Next, SearchedUpTo: uint64(page.SearchedUpTo)}
	for _, i := range page.Items {
		answer.Findings = append(answer.Findings, findingItem(i))
	}
	return answer, nil
}

func (s findingService) SaveFinding(ctx context.Context, r *daylightv1.SaveFindingRequest) (*daylightv1.SaveFindingResponse, error) {
	item, err := s.save(ctx, record.Finding, r.Finding, r.Finding != nil)
	if err != nil {
		return nil, err
	}
	now := findingItem(item)
	return &daylightv1.SaveFindingResponse{Finding: now.Finding, Status: now.Status}, nil
}

func (s findingService) RemoveFinding(ctx context.Context, r *daylightv1.RemoveFindingRequest) (*daylightv1.RemoveFindingResponse, error) {
	item, err := s.remove(ctx, record.Finding, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.RemoveFindingResponse{Removed: item.Removed, Status: item.Status}, nil
}

func (s findingService) GetFindingHistory(ctx context.Context, r *daylightv1.GetFindingHistoryRequest) (*daylightv1.GetFindingHistoryResponse, error) {
	changes, next, err := s.history(ctx, record.Finding, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.GetFindingHistoryResponse{Changes: changes, NextPageToken: next}, nil
}
