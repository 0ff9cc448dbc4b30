package clientsync

import (
	"context"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Check says what the rules of the domain have to say about a message, as a remark, and
// which of its changes the office would refuse from this device's person, before they
// are saved. Nothing is ever refused here for it: the person may have got another role
// meanwhile, of which this device has not heard.
func (c *Client) Check(m Message) []Flag {
	flags := append(record.Flags(m), c.outOfOrder(m)...)
	flags = append(flags, c.checklistFlags(m)...)
	if words, err := c.Terms(context.Background()); err == nil { // a locked folder has none
		flags = append(flags, record.UnknownCodes(m, words.Knows)...)
	}
	e := c.enrolment.Load()
	if e == nil {
		return flags
	}
	_ = c.db.Read(context.Background(), func(b *localdb.Book) error { // what cannot be read is not remarked on
		denied, err := c.denied(b, *e, m)
		if err == nil && denied.Why != access.NoReason {
			flags = append(flags, flagOf(denied))
		}
		return err
	})
	return flags
}

// The codes and sentences of what the office would refuse.
var (
	codes = map[access.Reason]string{
		access.Missing: "missing", access.NotToCreate: "create", access.NotToWrite: "write", access.NotToLead: "lead",
		access.NotThisStep: "step", access.NotToDecide: "decide", access.TooLate: "late",
		access.NotToSettle: "settle",
	}
	sentences = map[access.Reason]string{
		access.Missing:     "This record is not yours: the office would keep the change for somebody there to admit.",
		access.NotToCreate: "Your roles do not make such a record here: the office would refuse it.",
		access.NotToWrite:  "Your roles do not change this record: the office would refuse it.",
		access.NotToLead:   "The team, the place and the removal of a visit are for its head or the office: the office would refuse this.",
		access.NotToDecide: "The team proposes how severe a finding is, the office decides: it would refuse this.",
		access.TooLate:     "The visit has ended: the office would keep the change for somebody there to admit.",
		access.NotThisStep: "{why}. The office would refuse this step.",
		access.NotToSettle: "Whether a comment is settled is for those who write comments: the office would refuse this.",
	}
	fieldsOf = map[access.Reason]string{
		access.NotToLead: "team", access.NotThisStep: "state", access.NotToDecide: "severity",
		access.NotToSettle: "settled",
	}
)

// flagOf warns of what the office would say. Of a step it says where the record stands on
// this device, and who could take it.
func flagOf(d access.Denial) Flag {
	code := "access-" + codes[d.Why]
	f := Flag{Code: code, Field: fieldsOf[d.Why], Text: sentences[d.Why], MessageKey: "rule." + code, Weight: WeightRemark}
	if f.Field == "" {
		f.Field = "id"
	}
	if d.Why == access.NotThisStep {
		f.Params = map[string]string{"why": d.String()}
		f.Text = record.Filled(f.Text, map[string]string{"why": capital(d.String())})
	}
	return f
}

// capital begins a sentence.
func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// denied judges what a save would write by the rules of the office.
func (c *Client) denied(b *localdb.Book, e localdb.Enrolment, m Message) (none access.Denial, err error) {
	m = proto.Clone(m).(Message)
	if err := record.FillIDs(m, c.idFor); err != nil {
		return none, err
	}
	kind, id, err := nameOf(m)
	if err != nil {
		return none, err
	}
	v, err := viewOf(b, kind, id)
	if err != nil {
		return none, err
	}
	c.lead(e, m, v)
	self, err := b.Self()
	if err != nil {
		return none, err
	}
	edits, _, err := record.Diff(m, v.state, record.Writer{ID: self.ID, Former: self.Former}, v.names, nil)
	if err != nil || len(edits) == 0 {
		return none, err
	}
	person, err := record.ParseID(e.Person)
	if err != nil {
		return none, err
	}
	author := exchange.Author{Person: person, Rights: c.rights(e), Made: func(w fold.WriterID) (bool, error) {
		return w == self.ID || slices.Contains(self.Former, w), nil
	}}
	// In the changes that Save makes of it.
	rest, alone := record.Split(kind, edits)
	before := v.state
	for _, part := range append([][]fold.Edit{rest}, alone...) {
		if len(part) == 0 {
			continue
		}
		_, _, denied, err := author.May(exchange.Case{
			Change: journal.Change{Records: []journal.RecordEdits{{Kind: kind, ID: id, Edits: part}}},
			Before: []exchange.Before{{Kind: kindIn(kind, before), State: before}},
			Record: func(id record.ID) (exchange.Before, error) {
				v, err := viewOf(b, 0, id)
				if err != nil {
					return exchange.Before{}, err
				}
				return exchange.Before{Kind: v.kind, State: v.state}, nil
			},
		})
		if err != nil || denied.Why != access.NoReason {
			return denied, err
		}
		before = before.Clone()
		before.Apply(fold.Stamp{Dot: fold.Dot{Writer: self.ID, Seq: self.Seq + 1}}, part)
	}
	return none, nil
}

func kindIn(kind Kind, s *fold.State) Kind {
	if s.Empty() {
		return 0
	}
	return kind
}

// lead makes whoever creates a visit its head, where that is what lets them create it.
func (c *Client) lead(e localdb.Enrolment, m Message, v *view) {
	visit, ok := m.(*daylightv1.Visit)
	reads := c.rights(e).Reads(KindVisit)
	if !ok || !v.state.Empty() || reads&access.Own == 0 || reads&access.All != 0 || e.Person == "" {
		return
	}
	i := slices.IndexFunc(visit.Team, func(t *daylightv1.TeamMember) bool { return t.GetId() == e.Person })
	if i < 0 {
		visit.Team = append(visit.Team, &daylightv1.TeamMember{Id: e.Person, Person: proto.String(e.PersonName)})
		i = len(visit.Team) - 1
	}
	if head := daylightv1.TeamRole_TEAM_ROLE_HEAD; !slices.Contains(visit.Team[i].Roles, head) {
		visit.Team[i].Roles = append(visit.Team[i].Roles, head)
	}
}

// rights are what the person may do now, as far as this device has heard.
func (c *Client) rights(e localdb.Enrolment) access.Rights {
	return access.At(c.config.Now().UnixMilli(), access.GrantsOf(e.Grants)...)
}

// readsKind reports whether the person reads records of the kind at all, as far as this
// device has heard; one that was never let in reads all.
func (c *Client) readsKind(k Kind) bool {
	e := c.enrolment.Load()
	return e == nil || c.rights(*e).Reads(k) != access.None
}

// hear keeps what the office says of this device's person.
func (s *syncing) hear(b *localdb.Book, p *daylightv1.Person) (*localdb.Enrolment, error) {
	now := s.enrolment.Load()
	if p == nil || now == nil || p.GetId() != now.Person {
		return nil, nil
	}
	e := *now
	e.PersonName, e.Grants = p.GetName(), p.GetGrants()
	return &e, b.PutEnrolment(e)
}

// rolesOf are the person's roles as words, with their region.
func rolesOf(e *localdb.Enrolment) (out []string) {
	for _, g := range access.GrantsOf(e.Grants) {
		name := g.Role.String()
		if g.Region != "" {
			name += " in " + g.Region
		}
		out = append(out, name)
	}
	return out
}
