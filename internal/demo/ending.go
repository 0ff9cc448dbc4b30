package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

func (s *story) reconcile(ctx context.Context) error {
	s.a.network.off.Store(false)
	s.b.network.off.Store(false)
	if err := errors.Join(s.sync(ctx, s.a), s.sync(ctx, s.b), s.sync(ctx, s.a)); err != nil {
		return err
	}
	for _, d := range []*device{s.a, s.b} {
		item, err := d.Get(ctx, clientsync.KindFinding, s.finding)
		if err != nil {
			return err
		}
		if len(item.Conflicts) != 1 || len(item.Conflicts[0].Values) != 2 {
			return fmt.Errorf("%s does not show one conflict of two values", d.folder)
		}
		for _, words := range []string{wordsA, wordsB} {
			if !strings.Contains(item.Conflicts[0].Values[0].JSON+item.Conflicts[0].Values[1].JSON, words) {
				return fmt.Errorf("%s lost a version of the sentence", d.folder)
			}
		}
		if d == s.a {
			s.say("Both devices now show both versions of the %s:", item.Conflicts[0].Field)
			for _, v := range item.Conflicts[0].Values {
				s.say("  by %s, %s", v.Writer[:8], v.Written.Format("15:04:05 -07:00"))
				s.say("    %s", strings.Trim(v.JSON, `"`))
			}
		}
	}
	return nil
}

func (s *story) settle(ctx context.Context) error {
	item, err := s.b.Get(ctx, clientsync.KindFinding, s.finding)
	if err != nil {
		return err
	}
	item.Message.(*daylightv1.Finding).Narrative = proto.String(settled)
	if err := s.b.Save(ctx, item.Message); err != nil {
		return err
	}
	s.say("Monitor B writes one sentence over both:")
	s.say("    %s", settled)
	if err := errors.Join(s.sync(ctx, s.b), s.sync(ctx, s.a)); err != nil {
		return err
	}
	item, err = s.a.Get(ctx, clientsync.KindFinding, s.finding)
	if err != nil {
		return err
	}
	if f := item.Message.(*daylightv1.Finding); f.GetNarrative() != settled || len(item.Conflicts) > 0 {
		return errors.New("tablet-a does not show the settled sentence")
	}
	s.say("Monitor A reads the settled sentence; nothing is in conflict. The office keeps all versions as history.")
	return nil
}

func (s *story) check(ctx context.Context) error {
	wrong := 0
	err := s.store.Check(ctx, func(f store.Finding) {
		wrong++
		s.say("%s", f)
	})
	if err != nil {
		return err
	}
	if wrong > 0 {
		return fmt.Errorf("the log check found %d deviations", wrong)
	}
	head, err := s.store.Head(ctx)
	if err != nil {
		return err
	}
	s.say("%d entries: every chain, every signature and every record verified.", head)
	return nil
}

// tryNext says what a person can do with the office that goes on running. What opens the
// devices lies beside them, which no device but an invented one would do.
func (s *story) tryNext() error {
	err := os.WriteFile(filepath.Join(s.dir, "passphrase"), []byte(s.passphrase+"\n"), 0o600)
	if err != nil {
		return err
	}
	fmt.Fprintf(s.out, `
The office is still running at %[1]s, in %[2]s. Open the field app of %[5]s, in another terminal:

  go run ./client-sync/cmd/daylight --dir %[2]s/tablet-a app

Its passphrase: %[8]s
(go run ./internal/demo -app plays the story anew and opens it unlocked, in the middle of a visit.)

Or try, by hand:

  export DAYLIGHT_PASSPHRASE_FILE=%[2]s/passphrase
  go run ./client-sync/cmd/daylight --dir %[2]s/tablet-a list finding
  go run ./client-sync/cmd/daylight --dir %[2]s/tablet-a history %[3]s
  go run ./client-sync/cmd/daylight --dir %[2]s/phone-b status
  go run ./client-sync/cmd/daylight --dir %[2]s/office-laptop list interview_note --open
  go run ./client-sync/cmd/daylight --dir %[2]s/tablet-c bundle take %[2]s/stick/tablet-a.bundle
  go run ./server/cmd/daylightd team --data %[2]s/office %[4]s list
  go run ./server/cmd/daylightd log --data %[2]s/office

Come in yourself, as %[5]s, with the code that the first command shows:

  go run ./server/cmd/daylightd device invite --data %[2]s/office %[6]s
  go run ./client-sync/cmd/daylight --dir my-tablet enrol CODE
  go run ./client-sync/cmd/daylight --dir my-tablet sync

Ctrl-C ends it. The folder stays, and this takes the office up again:

  go run ./server/cmd/daylightd serve --data %[2]s/office --tls --listen %[7]s
`, s.url, s.dir, s.finding, s.visit, s.a.who, s.a.person, strings.TrimPrefix(s.url, "https://"), s.passphrase)
	return nil
}
