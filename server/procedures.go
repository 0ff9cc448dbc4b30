package server

import (
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// procedures are the paths of all methods that are served, for the log.
var procedures = func() map[string]struct{} {
	out := map[string]struct{}{}
	for _, file := range []protoreflect.FileDescriptor{
		daylightv1.File_daylight_v1_sync_proto, daylightv1.File_daylight_v1_facility_service_proto,
		daylightv1.File_daylight_v1_visit_service_proto, daylightv1.File_daylight_v1_finding_service_proto,
		daylightv1.File_daylight_v1_directory_service_proto, daylightv1.File_daylight_v1_enrolment_service_proto,
		daylightv1.File_daylight_v1_record_service_proto,
	} {
		for i := range file.Services().Len() {
			service := file.Services().Get(i)
			for j := range service.Methods().Len() {
				out["/"+string(service.FullName())+"/"+string(service.Methods().Get(j).Name())] = struct{}{}
			}
		}
	}
	return out
}()
