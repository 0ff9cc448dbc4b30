package server

import (
	"context"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/console"
	"github.com/daylight-npm/daylight/server/signin"
	"github.com/daylight-npm/daylight/server/store"
)

// pageOffice is what the services do about people, devices and teams, for whoever sits at
// the office's pages. Whether they may have a page was judged by that.
type pageOffice struct {
	pageRecords
	who *signin.Session
}

var _ console.Office = pageOffice{}

func (s *Server) officeOf(who *signin.Session) console.Office {
	return pageOffice{pageRecords{s, s.sitting(who)}, who}
}

// LetIn implements console.Office.
func (p pageOffice) LetIn(ctx context.Context, person record.ID, lasts time.Duration) (code, link string, until time.Time, err error) {
	code, until, err = p.signins.IssueNew(ctx, p.who, person, lasts)
	return code, WelcomeLink(p.config.Endpoints, code), until, err
}

// Invite implements console.Office.
func (p pageOffice) Invite(ctx context.Context, person record.ID) (code, scanned string, until time.Time, err error) {
	r, err := directoryService{p.Server}.invite(p.with(ctx), person, procedureOf(ctx))
	if err != nil {
		return "", "", until, err
	}
	return r.GetCode(), strings.ReplaceAll(r.GetCode(), "-", ""), time.UnixMilli(r.GetUntil()), nil
}

// MayHold implements console.Office.
func (p pageOffice) MayHold(ctx context.Context, d *daylightv1.Device) (changes, readable uint64, err error) {
	return p.mayHold(ctx, d)
}

// ChangeTeam implements console.Office.
func (p pageOffice) ChangeTeam(ctx context.Context, item store.Item, visit *daylightv1.Visit, person record.ID, how *daylightv1.ChangeTeamRequest) error {
	ctx = p.with(ctx)
	_, err := p.changeTeam(ctx, item, visit, person, how, procedureOf(ctx))
	return err
}

// Addresses implements console.Office.
func (p pageOffice) Addresses() (endpoints, pins []string) {
	for _, pin := range p.config.Pins {
		pins = append(pins, pin.String())
	}
	return p.config.Endpoints, pins
}
