package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// told is what somebody said, alone with a monitor.
const told = "He was kept standing in the corridor for two nights, and named the guard."

// confide: the office has said under its root key who may read, a monitor writes down what
// somebody said, and hands the visit in.
func (s *story) confide(ctx context.Context) error {
	if err := s.nameReaders(ctx); err != nil {
		return err
	}
	for _, d := range []*device{s.a, s.doctor, s.officer} {
		d.network.off.Store(false)
		if err := s.sync(ctx, d); err != nil {
			return err
		}
	}
	note := &daylightv1.InterviewNote{VisitId: proto.String(s.visit)}
	if err := s.a.SaveSealed(ctx, note, &daylightv1.InterviewNoteContent{Text: proto.String(told)}); err != nil {
		return err
	}
	s.say("%s notes what somebody said; the tablet seals it as it is typed.", s.a.who)
	item, err := s.a.Get(ctx, clientsync.KindVisit, s.visit)
	if err != nil {
		return err
	}
	item.Message.(*daylightv1.Visit).State = daylightv1.VisitState_VISIT_STATE_SUBMITTED.Enum()
	if err := s.a.Save(ctx, item.Message); err != nil {
		return err
	}
	for _, d := range []*device{s.a, s.doctor, s.officer} {
		if err := s.sync(ctx, d); err != nil {
			return err
		}
	}
	s.say("The visit is handed in. Who can read the note now:")
	for _, r := range []struct {
		by  *device
		may bool
		why string
	}{
		{s.officer, true, "has a key, by the signed list"},
		{s.doctor, false, "of the same team; the note came, its key did not"},
		{s.a, false, "wrote it; the tablet dropped the key as the visit was handed in"},
	} {
		if err := s.reads(ctx, r.by, note.Id, r.may); err != nil {
			return err
		}
		answer := "cannot"
		if r.may {
			answer = "can"
		}
		s.say("%-9s  %-6s  %s", r.by.who, answer, r.why)
	}
	return nil
}

// nameReaders: the server proposes, a person signs where the root key is, which is not
// there.
func (s *story) nameReaders(ctx context.Context) error {
	p, err := s.operator.ProposeReaders(ctx, &daylightv1.ProposeReadersRequest{})
	if err != nil {
		return err
	}
	signed, err := clientsync.SignReaders(p.List, s.root)
	if err != nil {
		return err
	}
	taken, err := s.operator.TakeReaders(ctx, &daylightv1.TakeReadersRequest{Signed: signed})
	if err != nil {
		return err
	}
	s.say("The office signs list %d of who may read what is sealed, %s, on a desk that is not its server.", taken.Version, count(int(taken.Readers), "line"))
	return nil
}

// reads fails unless the device can open the note, or cannot.
func (s *story) reads(ctx context.Context, d *device, id string, may bool) error {
	values, err := d.OpenSealed(ctx, clientsync.KindInterviewNote, id)
	if err != nil {
		return err
	}
	if len(values) != 1 {
		return fmt.Errorf("%s has %d values of the note", d.who, len(values))
	}
	c, _ := values[0].Content.(*daylightv1.InterviewNoteContent)
	if may && c.GetText() != told || !may && values[0].Problem == nil {
		return fmt.Errorf("%s reads %q, %w", d.who, c.GetText(), values[0].Problem)
	}
	return nil
}

// seize: the tablet is locked, and somebody takes it.
func (s *story) seize(ctx context.Context) error {
	if err := s.a.Lock(ctx); err != nil {
		return err
	}
	folder := filepath.Join(s.dir, s.a.folder)
	read, err := searched(folder, settled, told, prison, s.a.who, officeName)
	if err != nil {
		return err
	}
	s.say("%s is locked, and taken at the gate. In its %d bytes stands none of what was written, no name, no place.", s.a.folder, read)
	err = s.a.Unlock(ctx, "let me in, I am from the ministry")
	var tried *clientsync.PassphraseError
	if !errors.As(err, &tried) {
		return fmt.Errorf("a wrong passphrase gives: %w", err)
	}
	s.say("A wrong passphrase: %d tries are left. After that only the office's recovery key opens it.", tried.TriesLeft)
	if err := s.a.Unlock(ctx, s.passphrase); err != nil {
		return err
	}
	p, err := s.a.Protection()
	if err != nil || !p.Recoverable || p.TriesLeft != 10 {
		return fmt.Errorf("it is protected as %+v, %w", p, err)
	}
	s.say("%s has it back, and the right one. (%s; a guess costs this machine about as much as that took.)", s.a.who, p.Cost)
	return nil
}

// searched reads all files of the folder, and fails where one of the words stands in it.
func searched(folder string, words ...string) (read int, err error) {
	files, err := os.ReadDir(folder)
	if err != nil {
		return 0, err
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(folder, f.Name()))
		if err != nil {
			return 0, err
		}
		read += len(b)
		for _, w := range words {
			if bytes.Contains(b, []byte(w)) {
				return 0, fmt.Errorf("%s tells of %q", f.Name(), w)
			}
		}
	}
	return read, nil
}
