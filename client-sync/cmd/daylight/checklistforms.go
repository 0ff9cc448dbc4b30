package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// formJSON is a form for scripts.
type formJSON struct {
	ID         string   `json:"id"`
	Code       string   `json:"code"`
	Version    string   `json:"version"`
	Title      string   `json:"title"`
	Language   string   `json:"language,omitempty"`
	Questions  int      `json:"questions"`
	PlaceTypes []string `json:"place_types"`
	Shipped    bool     `json:"shipped"`
	Offered    bool     `json:"offered"`
	Marks      []string `json:"marks"`
}

func (f *filling) list(ctx context.Context, _ []string) error {
	if f.visit != "" {
		return f.responses(ctx)
	}
	catalogue, err := f.client.Forms(ctx)
	if err != nil {
		return err
	}
	day := time.Now().Format(time.DateOnly)
	all := catalogue.Offered(f.placeType, day)
	if f.all {
		all = nil
		for _, code := range catalogue.Codes() {
			all = append(all, catalogue.Versions(code)...)
		}
	}
	out := []formJSON{}
	for _, o := range all {
		title, in := o.Title(f.language)
		out = append(out, formJSON{o.ID.String(), o.Code, o.Version, title, in, o.Questions, append([]string{}, o.PlaceTypes...), o.Shipped, o.OfferedOn(day), formMarks(o)})
	}
	if f.json {
		return writeJSON(f.out, out)
	}
	if len(out) == 0 {
		fmt.Fprintln(f.err, "No form is for that. --all shows every one.")
		return nil
	}
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "CODE\tVERSION\tQUESTIONS\tTITLE\tMARKS")
	for _, o := range out {
		fmt.Fprintf(table, "%s\t%s\t%d\t%s\t%s\n", clean(o.Code), clean(o.Version), o.Questions, dash(oneLine(o.Title)), dash(clean(strings.Join(o.Marks, ","))))
	}
	return table.Flush()
}

func formMarks(o forms.Offered) []string {
	out := []string{}
	for _, m := range []struct {
		mark string
		is   bool
	}{{"hidden", o.Hidden}, {"removed", o.Removed}, {"incomplete", !o.Whole}, {"changed", o.Changed}} {
		if m.is {
			out = append(out, m.mark)
		}
	}
	if o.RetiredOn != "" {
		out = append(out, "retired "+o.RetiredOn)
	}
	if o.Coming != "" {
		out = append(out, "version "+o.Coming+" is coming")
	}
	return out
}

// responseJSON is one checklist of a visit for scripts.
type responseJSON struct {
	ID        string `json:"id"`
	Code      string `json:"code"`
	Version   string `json:"version"`
	Asked     int    `json:"asked"`
	Done      int    `json:"done"`
	Missing   int    `json:"missing"`
	Contested int    `json:"contested"`
	Finished  bool   `json:"finished"`
	Problem   string `json:"problem,omitempty"`
}

func (f *filling) responses(ctx context.Context) error {
	visit, err := f.named(ctx, clientsync.KindVisit, f.visit)
	if err != nil {
		return err
	}
	report, err := f.client.CheckVisit(ctx, visit)
	if err != nil {
		return err
	}
	out := each(report.Checklists, toResponseJSON)
	if f.json {
		return writeJSON(f.out, out)
	}
	if len(out) == 0 {
		fmt.Fprintln(f.err, "Nobody has begun a checklist of this visit.")
		return nil
	}
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "RESPONSE\tCODE\tVERSION\tHOW FAR")
	for _, r := range out {
		far := farOf(forms.Count{Asked: r.Asked, Done: r.Done, Missing: r.Missing, Contested: r.Contested})
		if r.Finished {
			far += ", finished"
		}
		if r.Problem != "" {
			far = r.Problem
		}
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", short(r.ID), clean(r.Code), clean(r.Version), clean(far))
	}
	return table.Flush()
}

func toResponseJSON(r clientsync.ChecklistReport) responseJSON {
	n := r.Progress.All
	out := responseJSON{ID: r.Response, Code: r.Code, Version: r.Version, Asked: n.Asked, Done: n.Done, Missing: len(r.Missing), Contested: len(r.Contested), Finished: r.Finished}
	if r.Problem != nil {
		out.Problem = r.Problem.Error()
	}
	return out
}

// farOf says how far something is in one line.
func farOf(c forms.Count) string {
	out := fmt.Sprintf("%d of %d answered", c.Done, c.Asked)
	for _, part := range []struct {
		n    int
		what string
	}{{c.Missing, "must still be"}, {c.Contested, "contested"}, {c.Broken, "against a rule"}} {
		if part.n > 0 {
			out += fmt.Sprintf(", %d %s", part.n, part.what)
		}
	}
	return out
}

func (f *filling) begin(ctx context.Context, args []string) error {
	visit, err := f.named(ctx, clientsync.KindVisit, args[0])
	if err != nil {
		return err
	}
	o, err := f.form(ctx, args[1])
	if err != nil {
		return err
	}
	do := f.client.BeginChecklist
	if f.another {
		do = f.client.BeginAnotherChecklist
	}
	x, err := do(ctx, visit, o.ID.String())
	if err != nil {
		return err
	}
	return f.stands(x)
}

// form finds a form by its code: the version named, else the newest that is offered.
func (f *filling) form(ctx context.Context, code string) (forms.Offered, error) {
	catalogue, err := f.client.Forms(ctx)
	if err != nil {
		return forms.Offered{}, err
	}
	versions := catalogue.Versions(code)
	if len(versions) == 0 {
		return forms.Offered{}, fail(clientsync.NotFound, "there is no form "+quoted(code)+" on this device", didYouMean("", code, catalogue.Codes(), `"daylight checklist list" names the forms; "daylight sync" brings new ones.`))
	}
	if f.version == "" {
		if o, ok := catalogue.Newest(code, time.Now().Format(time.DateOnly)); ok {
			return o, nil
		}
		return forms.Offered{}, fail(clientsync.NotFound, "no version of "+code+" is offered today", "The office hid or retired it; with --version a version can be begun all the same.")
	}
	var names []string
	for _, o := range versions {
		if o.Version == f.version {
			return o, nil
		}
		names = append(names, o.Version)
	}
	return forms.Offered{}, fail(clientsync.NotFound, code+" has no version "+quoted(f.version)+" on this device", "Its versions are: "+strings.Join(names, ", ")+".")
}

// stands says which response it is and how far.
func (f *filling) stands(x *forms.Filling) error {
	r := x.Response()
	n := x.Progress().All
	if f.json {
		return writeJSON(f.out, responseJSON{r.GetId(), r.GetChecklistCode(), r.GetChecklistVersion(), n.Asked, n.Done, n.Missing, n.Contested, r.GetFinishedAt() != "", ""})
	}
	f.heading(x)
	return nil
}

func (f *filling) heading(x *forms.Filling) {
	r := x.Response()
	title := x.Form().Title(x.Language())
	fmt.Fprintf(f.out, "%s  %s version %s  response %s\n", oneLine(title.Text), clean(r.GetChecklistCode()), clean(r.GetChecklistVersion()), short(r.GetId()))
	far := farOf(x.Progress().All)
	if r.GetFinishedAt() != "" {
		far += ", finished"
	}
	fmt.Fprintln(f.out, far)
}

// sectionJSON is one section for scripts.
type sectionJSON struct {
	Section   string `json:"section"`
	Label     string `json:"label"`
	Asked     int    `json:"asked"`
	Done      int    `json:"done"`
	Missing   int    `json:"missing"`
	Contested int    `json:"contested"`
	Broken    int    `json:"broken"`
}

func (f *filling) progress(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	out := each(x.Progress().Sections, func(s forms.SectionProgress) sectionJSON {
		return sectionJSON{s.Section.Name, s.Label.Text, s.Asked, s.Done, s.Missing, s.Contested, s.Broken}
	})
	if f.json {
		return writeJSON(f.out, out)
	}
	f.heading(x)
	table := tabwriter.NewWriter(f.out, 0, 0, 2, ' ', 0)
	for _, s := range out {
		fmt.Fprintf(table, "  %s\t%s\t%s\n", clean(s.Section), oneLine(s.Label), farOf(forms.Count{Asked: s.Asked, Done: s.Done, Missing: s.Missing, Contested: s.Contested, Broken: s.Broken}))
	}
	return table.Flush()
}

func (f *filling) finish(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	if f.reopen {
		x.Reopen()
	} else {
		x.Finish(time.Now())
	}
	if err := f.client.SaveChecklist(ctx, x); err != nil {
		return err
	}
	if err := f.stands(x); err != nil || f.reopen {
		return err
	}
	if n := x.Progress().All; n.Missing+n.Contested > 0 {
		fmt.Fprintln(f.err, `It counts as finished, and is not complete: "daylight checklist next" shows what is open.`)
		return errAttention
	}
	return nil
}

// misfitJSON is an answer that does not fit a newer version, for scripts.
type misfitJSON struct {
	Key      string            `json:"key"`
	To       string            `json:"to,omitempty"`
	Code     string            `json:"code"`
	Carried  bool              `json:"carried"`
	Question string            `json:"question"`
	Text     string            `json:"text"`
	Params   map[string]string `json:"params,omitempty"`
}

func (f *filling) carry(ctx context.Context, args []string) error {
	old, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	o, err := f.form(ctx, old.Form().Code())
	if err != nil {
		return err
	}
	x, misfits, err := f.client.CarryChecklist(ctx, old.Response().GetId(), o.ID.String())
	if err != nil {
		return err
	}
	words := wordsFor(old)
	out := each(misfits, func(m forms.Misfit) misfitJSON {
		to := ""
		if m.To.Question != "" {
			to = m.To.String()
		}
		return misfitJSON{m.Key.String(), to, string(m.Code), m.Carried, m.Question.Text, m.Text, m.Params}
	})
	if f.json {
		return writeJSON(f.out, map[string]any{"response": x.Response().GetId(), "continues": old.Response().GetId(), "misfits": out})
	}
	f.heading(x)
	for i, m := range out {
		fmt.Fprintf(f.out, "  %s  %s\n    %s\n", clean(words.of(misfits[i].Key)), oneLine(m.Question), clean(m.Text))
	}
	fmt.Fprintf(f.err, "The older response %s is kept as it is.\n", short(old.Response().GetId()))
	return nil
}

// offerJSON is what may become a finding, for scripts.
type offerJSON struct {
	Key       string   `json:"key"`
	Suggested bool     `json:"suggested"`
	Topic     string   `json:"topic"`
	Standards []string `json:"standards"`
	Question  string   `json:"question"`
	Answer    string   `json:"answer"`
}

func (f *filling) offers(ctx context.Context, args []string) error {
	x, err := f.response(ctx, args[0])
	if err != nil {
		return err
	}
	var findings []*daylightv1.Finding
	for item, err := range f.client.List(ctx, clientsync.Filter{Kind: clientsync.KindFinding, Visit: x.Response().GetVisitId()}) {
		if err != nil {
			return err
		}
		findings = append(findings, item.Message.(*daylightv1.Finding))
	}
	left := forms.Untaken(x.Offers(), findings)
	if f.take != "" {
		return f.takeOffer(ctx, x, left)
	}
	words := wordsFor(x)
	out := []offerJSON{}
	for _, o := range left {
		if o.Suggested || f.all {
			out = append(out, toOfferJSON(o))
			if !f.json {
				f.showOffer(words.of(o.Key), o)
			}
		}
	}
	switch {
	case f.json:
		return writeJSON(f.out, out)
	case len(out) == 0:
		fmt.Fprintln(f.err, "No answer suggests a finding that is not there yet. --all shows what every answer offers.")
	}
	return nil
}

func toOfferJSON(o forms.Offer) offerJSON {
	return offerJSON{o.Key.String(), o.Suggested, o.Finding.GetTopic(), append([]string{}, o.Finding.GetStandards()...), o.Question.Text, o.Answer}
}

func (f *filling) showOffer(key string, o forms.Offer) {
	mark := " "
	if o.Suggested {
		mark = "+"
	}
	fmt.Fprintf(f.out, "%s %s  %s: %s\n    %s  %s\n", mark, clean(key), oneLine(o.Question.Text), dash(oneLine(o.Answer)), clean(o.Finding.GetTopic()), clean(strings.Join(o.Finding.GetStandards(), " ")))
}

// takeOffer makes a finding of one answer. What it says, a person writes.
func (f *filling) takeOffer(ctx context.Context, x *forms.Filling, left []forms.Offer) error {
	key, err := keyIn(x, f.take)
	if err != nil {
		return err
	}
	for _, o := range left {
		if o.Key != key {
			continue
		}
		if err := f.client.Save(ctx, o.Finding); err != nil {
			return err
		}
		if f.json {
			return writeJSON(f.out, map[string]string{"finding": o.Finding.GetId()})
		}
		fmt.Fprintf(f.out, "finding %s  %s\n", short(o.Finding.GetId()), clean(o.Finding.GetTopic()))
		fmt.Fprintf(f.err, "It says nothing yet: write it with \"daylight save finding\", id %s.\n", o.Finding.GetId())
		return nil
	}
	return fail(clientsync.NotFound, "the answer to "+key.Question+" offers no finding, or one rests on it already; nothing was saved",
		`"daylight checklist offers RESPONSE --all" shows those that do.`)
}
