package amend

import (
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func TestWhatAddingAFormDoes(t *testing.T) {
	there := houseForm()
	there.Seen = []byte("token")
	office := checklist.NewCatalogue([]*daylightv1.Checklist{there})
	other := func(change func(*daylightv1.Checklist)) *daylightv1.Checklist {
		m := houseForm()
		m.Id = ""
		change(m)
		return m
	}
	for _, c := range []struct {
		name             string
		form             *daylightv1.Checklist
		new, save        bool
		changes, refused int
	}{
		{"the same", other(func(*daylightv1.Checklist) {}), false, false, 0, 0},
		{"another version", other(func(m *daylightv1.Checklist) { m.Version = proto.String("2") }), true, true, 0, 0},
		{"another word", other(func(m *daylightv1.Checklist) { m.Titles["en"] = "Home" }), false, true, 1, 0},
		{"another question", other(func(m *daylightv1.Checklist) { m.Questions[1].Type = proto.String("decimal") }), false, false, 0, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Onto(office, c.form)
			if p.New != c.new || (p.Save != nil) != c.save || len(p.Changes) != c.changes || len(p.Refused) != c.refused {
				t.Errorf("%+v", p)
			}
			if p.Save != nil && p.Save.GetId() != checklist.FormID("house", c.form.GetVersion()).String() {
				t.Errorf("its id is %s", p.Save.GetId())
			}
			if p.Save != nil && !p.New && string(p.Save.GetSeen()) != "token" {
				t.Error("it is not saved against what there was")
			}
		})
	}
}

// A shipped form that is added again under its own version gets a record that says what
// differs, and no more.
func TestAddingOverAShippedForm(t *testing.T) {
	office := checklist.NewCatalogue(nil)
	shipped, _ := office.Form(office.Versions("npm_prison")[0].ID)
	form := proto.CloneOf(shipped)
	form.Id, form.Shipped, form.Titles["uk"] = "", nil, "Колонія"
	p := Onto(office, form)
	if len(p.Refused) > 0 || len(p.Changes) != 1 || len(p.Save.GetQuestions()) > 0 || p.Save.GetTitles()["uk"] != "Колонія" {
		t.Errorf("%d changes, %d refused, %d questions", len(p.Changes), len(p.Refused), len(p.Save.GetQuestions()))
	}
}
