package server

import (
	"context"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// facilityService answers daylight.v1.FacilityService; its contract stands in the .proto.
type facilityService struct{ *Server }

func (s facilityService) GetFacility(ctx context.Context, r *daylightv1.GetFacilityRequest) (*daylightv1.GetFacilityResponse, error) {
	item, err := s.get(ctx, record.Facility, r.GetId())
	if err != nil {
		return nil, err
	}
	return facilityItem(item), nil
}

func facilityItem(i store.Item) *daylightv1.GetFacilityResponse {
	m, _ := i.Message.(*daylightv1.Facility)
	return &daylightv1.GetFacilityResponse{Facility: m, Status: i.Status}
}

func (s facilityService) ListFacilities(ctx context.Context, r *daylightv1.ListFacilitiesRequest) (*daylightv1.ListFacilitiesResponse, error) {
	filter := store.FacilityFilter{Region: r.GetRegion(), Type: r.GetType(), State: r.GetState(), Code: r.GetCode()}
	page, err := s.list(ctx, record.Facility, r, filter)
	if err != nil {
		return nil, err
	}
	answer := &daylightv1.ListFacilitiesResponse{NextPageToken: page.Next, SearchedUpTo: uint64(page.SearchedUpTo)}
	for _, i := range page.Items {
		answer.Facilities = append(answer.Facilities, facilityItem(i))
	}
	return answer, nil
}

func (s facilityService) SaveFacility(ctx context.Context, r *daylightv1.SaveFacilityRequest) (*daylightv1.SaveFacilityResponse, error) {
	item, err := s.save(ctx, record.Facility, r.Facility, r.Facility != nil)
	if err != nil {
		return nil, err
	}
	now := facilityItem(item)
	return &daylightv1.SaveFacilityResponse{Facility: now.Facility, Status: now.Status}, nil
}

func (s facilityService) RemoveFacility(ctx context.Context, r *daylightv1.RemoveFacilityRequest) (*daylightv1.RemoveFacilityResponse, error) {
	item, err := s.remove(ctx, record.Facility, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.RemoveFacilityResponse{Removed: item.Removed, Status: item.Status}, nil
}

func (s facilityService) GetFacilityHistory(ctx context.Context, r *daylightv1.GetFacilityHistoryRequest) (*daylightv1.GetFacilityHistoryResponse, error) {
	changes, next, err := s.history(ctx, record.Facility, r)
	if err != nil {
		return nil, err
	}
	return &daylightv1.GetFacilityHistoryResponse{Changes: changes, NextPageToken: next}, nil
}
