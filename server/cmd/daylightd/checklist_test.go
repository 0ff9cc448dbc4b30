package main

import (
	"bytes"
	"io"
	"path/filepath"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/checklist/xlsform"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/store"
)

// removeForm removes a form's record, as a person at the office would.
func removeForm(t *testing.T, data string, id record.ID) {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: data})
	must(t, err)
	item, err := s.Get(t.Context(), record.Checklist, id)
	must(t, err)
	_, err = s.Remove(t.Context(), "Officer", record.Checklist, id, item.Message.GetSeen())
	must(t, err)
	must(t, s.Close())
}

// storedForm is a form's record as the office has it.
func storedForm(t *testing.T, data string, id record.ID) *daylightv1.Checklist {
	t.Helper()
	s, err := store.Open(t.Context(), store.Config{Dir: data})
	must(t, err)
	item, err := s.Get(t.Context(), record.Checklist, id)
	must(t, err)
	must(t, s.Close())
	return item.Message.(*daylightv1.Checklist)
}

func runs(t *testing.T, code int, args ...string) string {
	t.Helper()
	var out bytes.Buffer
	if got := Run(t.Context(), args, nil, &out, &out); got != code {
		t.Fatalf("%v ended with %d: %s", args, got, out.String())
	}
	return out.String()
}

// Adding a form that was removed brings it back; of a shipped one, a removed record leaves
// the form as it was shipped.
func TestRemovedFormsComeBack(t *testing.T) {
	dir := t.TempDir()
	data, file := filepath.Join(dir, "office"), filepath.Join(dir, "house.xlsx")
	runs(t, exitOK, "init", "--data", data, "--name", "Office")
	form := houseForm()
	_, err := written(file, func(w io.Writer) error { return xlsform.Write(w, form) })
	must(t, err)
	runs(t, exitOK, "checklist", "add", "--data", data, file)
	id := checklist.FormID("house", "1")
	removeForm(t, data, id)
	if said := runs(t, exitOK, "checklist", "list", "--data", data); !strings.Contains(said, "own, removed") {
		t.Errorf("it is listed as %s", said)
	}
	if said := runs(t, exitOK, "checklist", "hide", "--data", data, "house"); !strings.Contains(said, "Nothing was changed") {
		t.Errorf("hiding it says %s", said)
	}
	if said := runs(t, exitOK, "checklist", "add", "--data", data, file); !strings.Contains(said, "removed: \"yes\" is gone") {
		t.Errorf("adding it again says %s", said)
	}
	if got := storedForm(t, data, id); got.GetRemoved() != nil || len(got.GetQuestions()) != 2 {
		t.Errorf("it is %v", got)
	}

	shipped := checklist.FormID("npm_prison", checklist.Shipped()[1].GetVersion())
	runs(t, exitOK, "checklist", "hide", "--data", data, "npm_prison")
	removeForm(t, data, shipped)
	if said := runs(t, exitOK, "checklist", "hide", "--data", data, "npm_prison"); !strings.Contains(said, "is offered no longer") {
		t.Errorf("hiding it again says %s", said)
	}
	if got := storedForm(t, data, shipped); got.GetRemoved() != nil || !got.GetHidden() || len(got.GetQuestions()) != 0 {
		t.Errorf("it is %v", got)
	}
	runs(t, exitOK, "check", "--data", data)
}
