package clientsync

import (
	"context"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// ahead is the request for the next page, sent while this page is being stored, so
// that neither the office nor the disk waits for the other. It guesses what the
// next request will be; its answer counts only if the guess was right to the byte.
type ahead struct {
	request *daylightv1.SyncRequest
	cancel  context.CancelFunc

	// Belongs to the call until done is closed.
	meter  meter
	answer *daylightv1.SyncResponse
	err    error
	done   chan struct{}
}

// goAhead asks for the next page when more follow and nothing is pushed.
func (s *syncing) goAhead(ctx context.Context, request *daylightv1.SyncRequest, answer *daylightv1.SyncResponse) {
	if !answer.More || len(request.Batches) > 0 || len(request.Ask) > 0 {
		return
	}
	next := proto.CloneOf(request)
	next.Epoch, next.Cursor = answer.Epoch, answer.Cursor
	if answer.Directory != nil {
		next.Directory = answer.Directory.GetRevision()
	}
	ctx, cancel := context.WithCancel(ctx)
	a := &ahead{request: next, cancel: cancel, done: make(chan struct{})}
	go func() {
		defer close(a.done)
		a.answer, a.err = s.office.call(ctx, a.request, &a.meter)
	}()
	s.ahead = a
}

// ask gives the answer to the request: the one that was asked for ahead, or else
// that of a call now.
func (s *syncing) ask(ctx context.Context, request *daylightv1.SyncRequest) (*daylightv1.SyncResponse, error) {
	if a := s.ahead; a != nil && proto.Equal(a.request, request) {
		<-a.done
		s.dropAhead()
		return a.answer, a.err
	}
	s.dropAhead()
	m := meter{headed: func(date string) { s.clock.hear(date, s.config.Now()) }}
	answer, err := s.office.call(ctx, request, &m)
	s.count(&m)
	return answer, err
}

// dropAhead ends the call that was made ahead and counts what travelled for it.
func (s *syncing) dropAhead() {
	if a := s.ahead; a != nil {
		s.ahead = nil
		a.cancel()
		<-a.done
		s.count(&a.meter)
	}
}

func (s *syncing) count(m *meter) {
	s.report.Requests++
	s.report.BytesUp += m.up.Load()
	s.report.BytesDown += m.down.Load()
}
