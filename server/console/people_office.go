package console

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/look"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/directory"
)

// What the whole office agrees on, and the bodies that carry the mandate.

var changesOffice = may(access.ChangeOffice)

func (c *Console) officeRoutes() {
	c.page("/office", seesDirectory, (*turn).showOffice)
	c.freshPage("/office/change", changesOffice, func(t *turn) error { return t.showOfficeForm(nil, nil) })
	c.freshPost("/office/change", changesOffice, (*turn).saveOffice)
	c.page("/office/bodies", seesDirectory, (*turn).showBodies)
	c.freshPage("/office/bodies/new", changesOffice, func(t *turn) error { return t.showBodyForm(&daylightv1.Body{}, nil, nil) })
	c.freshPost("/office/bodies/new", changesOffice, (*turn).saveBody)
	c.freshPage("/office/bodies/{id}", changesOffice, (*turn).showBody)
	c.freshPost("/office/bodies/{id}", changesOffice, (*turn).saveBody)
}

var officeDone = map[string]look.Key{"changed": "office-office.done-changed", "body": "office-office.done-body"}

// models are how a State has set its mechanism up, by number.
const models = 5

func (t *turn) model(m daylightv1.NpmModel) look.Text {
	if m < 1 || m > models {
		return t.say("office-office.model-unset")
	}
	return t.say(look.Key("office-office.model-" + strconv.Itoa(int(m))))
}

func (t *turn) showOffice() error {
	o, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	_, version, err := t.directory.Readers(t.ctx())
	if err != nil {
		return err
	}
	second := t.say("office-office.second-no")
	if o.GetSecondApproval() {
		second = t.say("office-office.second-yes")
	}
	readers := t.say("office-office.readers-none")
	if version > 0 {
		readers = t.say("office-office.readers-version", "n", int(version))
	}
	body := append([]look.Part{t.peopleTabs("/office")}, t.done(officeDone)...)
	body = append(body, look.Facts{Leaf: true, Items: []look.Fact{{Name: t.say("office-office.name"), Value: look.Typed(o.GetName())}, {Name: t.say("office-office.model"), Value: t.model(o.GetModel())},
		{Name: t.say("office-office.second"), Value: second}, {Name: t.say("office-office.days"), Value: t.locale.Long(time.Duration(certificateDays(o)) * 24 * time.Hour)}, {Name: t.say("office-office.readers"), Value: readers}}},
		look.Section{Heading: t.say("office-office.keys"), Body: t.officeKeys(o)}, look.Section{Heading: t.say("office-office.addresses"), Body: t.addresses()})
	s := sheet{title: t.say("office-office.title"), here: "/people", lede: t.say("office-office.lede"), body: body}
	if changesOffice(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-office.change"), Icon: look.IconPen, Href: "/office/change", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

// certificateDays is how long a certificate lasts, also where the office does not say.
func certificateDays(o *daylightv1.Office) int {
	if o.GetCertificateDays() == 0 {
		return 90
	}
	return int(o.GetCertificateDays())
}

// officeKeys are the public halves of the office's keys: the fingerprint of what signs, and to
// whom something is encrypted.
func (t *turn) officeKeys(o *daylightv1.Office) []look.Part {
	items := []look.Fact{{Name: t.say("office-office.root-key"), Value: fingerprint(o.GetRootKey())}, {Name: t.say("office-office.enrolment-key"), Value: fingerprint(o.GetEnrolmentKey())}}
	for _, r := range []struct {
		name look.Text
		to   string
	}{{t.say("office-office.recovery"), o.GetRecoveryRecipient()}, {t.say("office-office.bundle"), o.GetBundleRecipient()}} {
		value := look.Soft(t.say("office-office.key-none"))
		if r.to != "" {
			value = look.Mono(r.to)
		}
		items = append(items, look.Fact{Name: r.name, Value: value})
	}
	return []look.Part{look.Pairs{Items: items}, look.Para{Soft: true, Small: true, Text: t.say("office-office.keys-body")}}
}

// fingerprint is the SHA-256 of a key in groups of four, to be compared sign by sign.
func fingerprint(key []byte) look.Text {
	if len(key) == 0 {
		return look.Plain("—")
	}
	sum := sha256.Sum256(key)
	return look.Mono(strings.TrimSpace(spaced(hex.EncodeToString(sum[:]))))
}

func (t *turn) addresses() []look.Part {
	endpoints, pins := t.office().Addresses()
	if len(endpoints) == 0 {
		return []look.Part{look.Para{Text: t.say("office-devices.no-address")}}
	}
	var items []look.Fact
	for _, e := range endpoints {
		items = append(items, look.Fact{Name: t.say("office-office.address"), Value: look.Mono(e)})
	}
	for _, p := range pins {
		items = append(items, look.Fact{Name: t.say("office-office.pin"), Value: look.Mono(p)})
	}
	return []look.Part{look.Pairs{Items: items}}
}

func (t *turn) showOfficeForm(f *look.Form, why look.Text) error {
	o, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	t.refused(f)
	model := look.Choices{Name: "model", Legend: t.say("office-office.model")}
	for n := daylightv1.NpmModel(1); n <= models; n++ {
		model.Options = append(model.Options, look.Choice{Value: strconv.Itoa(int(n)), Text: t.model(n), Checked: typed(f, "model", strconv.Itoa(int(o.GetModel()))) == strconv.Itoa(int(n))})
	}
	second := o.GetSecondApproval()
	if f != nil {
		second = f.Ticked("second", "yes")
	}
	labels := map[string]look.Text{"name": t.say("office-office.name"), "days": t.say("office-office.days")}
	body := append(t.failure(why), t.problems(f, labels)...)
	body = append(body, look.Questions{Action: "/office/change", Hidden: []look.Hidden{{Name: "revision", Value: typed(f, "revision", strconv.FormatUint(o.GetRevision(), 10))}}, Body: []look.Part{
		look.Input{Name: "name", Label: labels["name"], Value: typed(f, "name", o.GetName()), Required: true, Error: wrong(f, "name")}, model,
		look.Check{Name: "second", Value: "yes", Text: t.say("office-office.second-ask"), Under: t.say("office-office.second-hint"), Checked: second},
		look.Input{Name: "days", Label: labels["days"], Hint: t.say("office-office.days-hint"), Numeric: true, Unit: t.say("office-office.days-unit"), Value: typed(f, "days", strconv.Itoa(certificateDays(o))), Error: wrong(f, "days")},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-people.leave"), Href: "/office"}}}}})
	title := t.say("office-office.change")
	return t.show(sheet{title: title, here: "/people", crumbs: []look.Link{{Href: "/office", Text: t.say("office-office.title")}, {Text: title}}, body: body})
}

// saveOffice changes what the form asks for and nothing else, from the revision that it was
// made from.
func (t *turn) saveOffice(f *look.Form) error {
	o, err := t.directory.Office(t.ctx())
	if err != nil {
		return err
	}
	o = proto.CloneOf(o)
	o.Name, o.SecondApproval = f.Trimmed("name"), f.Ticked("second", "yes")
	if n, err := strconv.Atoi(f.Value("model")); err == nil && n >= 1 && n <= models {
		o.Model = daylightv1.NpmModel(n)
	}
	if o.Name == "" {
		f.Refuse("name", t.say("office-people.name-missing"))
	}
	if n, given := f.Number("days"); given && n >= 1 && n <= 3650 {
		o.CertificateDays = uint32(n)
	} else {
		f.Refuse("days", t.say("office-office.days-wrong"))
	}
	if !f.OK() {
		return t.showOfficeForm(f, nil)
	}
	o.Revision, _ = strconv.ParseUint(f.Value("revision"), 10, 64)
	if _, err := t.directory.SaveOffice(t.ctx(), o, t.session.By("console office")); err != nil {
		if why, ok := t.directorySays(err); ok {
			return t.showOfficeForm(f, why)
		}
		return err
	}
	return t.to("/office?done=changed")
}

func (t *turn) showBodies() error {
	bodies, err := t.directory.Bodies(t.ctx())
	if err != nil {
		return err
	}
	body := append([]look.Part{t.peopleTabs("/office/bodies")}, t.done(officeDone)...)
	table := look.Ledger{Stack: true, Caption: t.say("office-office.bodies"), Head: []look.Column{{Text: t.say("office-office.body")}, {Text: t.say("office-office.code")}}}
	for _, b := range bodies {
		line := look.Line{Cells: []look.Cell{{Text: look.Typed(b.GetName())}, {Text: look.Mono(b.GetCode())}}}
		if changesOffice(t.rights) {
			line.Href = "/office/bodies/" + b.GetId()
		}
		table.Rows = append(table.Rows, line)
	}
	if len(bodies) == 0 {
		body = append(body, look.Empty{Text: t.say("office-office.bodies-none"), Under: t.say("office-office.bodies-none-body")})
	} else {
		body = append(body, table)
	}
	s := sheet{title: t.say("office-office.bodies"), here: "/people", lede: t.say("office-office.bodies-lede"), body: body}
	if changesOffice(t.rights) {
		s.actions = []look.Part{look.Button{Text: t.say("office-office.body-add"), Icon: look.IconPlus, Href: "/office/bodies/new", Kind: look.ButtonMain}}
	}
	return t.show(s)
}

// body is the one that the address names; a new one where it names none.
func (t *turn) body() (*daylightv1.Body, error) {
	if t.r.PathValue("id") == "" {
		return &daylightv1.Body{}, nil
	}
	bodies, err := t.directory.Bodies(t.ctx())
	if err != nil {
		return nil, err
	}
	for _, b := range bodies {
		if b.GetId() == t.r.PathValue("id") {
			return b, nil
		}
	}
	return nil, errNotFound
}

func (t *turn) showBody() error {
	b, err := t.body()
	if err != nil {
		return err
	}
	return t.showBodyForm(b, nil, nil)
}

func (t *turn) showBodyForm(b *daylightv1.Body, f *look.Form, why look.Text) error {
	t.refused(f)
	title, at := t.say("office-office.body-add"), "/office/bodies/new"
	if b.GetId() != "" {
		title, at = t.say("office-office.body-change"), "/office/bodies/"+b.GetId()
	}
	labels := map[string]look.Text{"name": t.say("office-office.body-name"), "code": t.say("office-office.code")}
	body := append(t.failure(why), t.problems(f, labels)...)
	body = append(body, look.Questions{Action: at, Hidden: []look.Hidden{{Name: "revision", Value: typed(f, "revision", strconv.FormatUint(b.GetRevision(), 10))}}, Body: []look.Part{
		look.Input{Name: "name", Label: labels["name"], Value: typed(f, "name", b.GetName()), Required: true, Error: wrong(f, "name")},
		look.Input{Name: "code", Label: labels["code"], Hint: t.say("office-office.code-hint"), Value: typed(f, "code", b.GetCode()), Mono: true, Required: true, Error: wrong(f, "code")},
		look.Cluster{Body: []look.Part{look.Button{Text: t.say("office-people.save"), Kind: look.ButtonMain}, look.Button{Text: t.say("office-people.leave"), Href: "/office/bodies"}}}}})
	return t.show(sheet{title: title, here: "/people", crumbs: []look.Link{{Href: "/office/bodies", Text: t.say("office-office.bodies")}, {Text: title}}, body: body})
}

func (t *turn) saveBody(f *look.Form) error {
	now, err := t.body()
	if err != nil {
		return err
	}
	to := proto.CloneOf(now)
	to.Name, to.Code = f.Trimmed("name"), f.Trimmed("code")
	for _, name := range []string{"name", "code"} {
		if f.Trimmed(name) == "" {
			f.Refuse(name, t.say("office-people.name-missing"))
		}
	}
	if !f.OK() {
		return t.showBodyForm(now, f, nil)
	}
	to.Revision, _ = strconv.ParseUint(f.Value("revision"), 10, 64)
	_, err = t.directory.SaveBody(t.ctx(), to, t.session.By("console office"))
	if errors.Is(err, directory.ErrTaken) {
		f.Refuse("code", t.say("office-office.code-taken"))
		return t.showBodyForm(now, f, nil)
	}
	if err != nil {
		if why, ok := t.directorySays(err); ok {
			return t.showBodyForm(now, f, why)
		}
		return err
	}
	return t.to("/office/bodies?done=body")
}
