package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/client-sync/forms"
)

func checklistCommand() command {
	return command{
		name: "checklist", args: "list|begin|show|answer|... ...", least: 1, most: 1 << 10,
		line: "fill the checklists of a visit",
		long: `A checklist of a visit is filled by the whole team at once, each on a device of their own.

  daylight checklist list [--place-type TYPE] [--all]   the forms
  daylight checklist list --visit VISIT                 how far those of a visit are
  daylight checklist begin VISIT CODE                   or open what a team-mate began
  daylight checklist show RESPONSE [KEY] [--all]        a question, a section, or all
  daylight checklist answer RESPONSE KEY VALUE...       several for a choice of several
  daylight checklist answer RESPONSE KEY --state not_asked --note "no time"
  daylight checklist answer RESPONSE KEY --clear
  daylight checklist add RESPONSE REPEAT [TURN]         one more room, interview, register
  daylight checklist drop RESPONSE TURN                 take such a turn away
  daylight checklist next RESPONSE [KEY]                the next open question
  daylight checklist progress RESPONSE                  by section
  daylight checklist finish RESPONSE [--reopen]
  daylight checklist carry RESPONSE [--version V]       over to a newer version
  daylight checklist offers RESPONSE [--all]            what may become a finding
  daylight checklist offers RESPONSE --take KEY         make it one

KEY is a question's name as show gives it; in a repeat with the number of the turn behind
it, as room_len/2. TURN is the repeat with that number, as rooms/2. Why there is no answer
(--state) is as good as an answer: not_asked, refused, not_applicable, not_allowed_in,
not_known. An answer that breaks a rule of the form is kept, and said.

In show, * stands before what must be answered, ! before what two people answered
differently, ? before what breaks a rule, + before what suggests a finding.
Exit code 3 when a finished checklist is not complete.`,
		prepare: prepareChecklist,
	}
}

// filling is the command with what it was told.
type filling struct {
	*call
	visit, placeType, version, state, note, take string
	all, clear, another, reopen                  bool
	noted                                        bool // --note was given, perhaps empty
}

func prepareChecklist(fs *flag.FlagSet) action {
	f := &filling{}
	language := fs.String("language", "", "labels in the language with this `TAG`, as ru or uk-UA")
	fs.StringVar(&f.visit, "visit", "", "list: the checklists of this `VISIT`")
	fs.StringVar(&f.placeType, "place-type", "", "list: the forms for places of this `TYPE`, as PEN_REMAND")
	fs.BoolVar(&f.all, "all", false, "list, show, offers: also what is not offered, asked or suggested")
	fs.StringVar(&f.version, "version", "", "begin, carry: this `VERSION` of the form, not the newest")
	fs.BoolVar(&f.another, "another", false, "begin: one more beside the first, as for another building")
	fs.StringVar(&f.state, "state", "", "answer: `STATE` says why there is none")
	fs.StringVar(&f.note, "note", "", "answer: `TEXT` is noted beside it")
	fs.BoolVar(&f.clear, "clear", false, "answer: take the answer away")
	fs.BoolVar(&f.reopen, "reopen", false, "finish: take the end back")
	fs.StringVar(&f.take, "take", "", "offers: make a finding of the answer with this `KEY`")
	return func(ctx context.Context, c *call, args []string) error {
		f.call, f.noted = c, given(fs)["note"]
		c.language = *language
		return f.do(ctx, args[0], args[1:])
	}
}

// verb is one word behind "checklist".
type verb struct {
	name        string
	least, most int
	use         string
	do          func(*filling, context.Context, []string) error
}

func verbs() []verb {
	return []verb{
		{"list", 0, 0, "list [--place-type TYPE] [--all], or list --visit VISIT", (*filling).list},
		{"begin", 2, 2, "begin VISIT CODE [--version V] [--another]", (*filling).begin},
		{"show", 1, 2, "show RESPONSE [KEY] [--all]", (*filling).show},
		{"answer", 2, 1 << 10, "answer RESPONSE KEY VALUE..., or with --state STATE, --note TEXT or --clear", (*filling).answer},
		{"add", 2, 3, "add RESPONSE REPEAT [TURN]", (*filling).add},
		{"drop", 2, 2, "drop RESPONSE TURN", (*filling).drop},
		{"next", 1, 2, "next RESPONSE [KEY]", (*filling).next},
		{"progress", 1, 1, "progress RESPONSE", (*filling).progress},
		{"finish", 1, 1, "finish RESPONSE [--reopen]", (*filling).finish},
		{"carry", 1, 1, "carry RESPONSE [--version V]", (*filling).carry},
		{"offers", 1, 1, "offers RESPONSE [--all] [--take KEY]", (*filling).offers},
	}
}

func (f *filling) do(ctx context.Context, name string, args []string) error {
	var names []string
	for _, v := range verbs() {
		if v.name != name {
			names = append(names, v.name)
			continue
		}
		if len(args) < v.least || len(args) > v.most {
			return wrongUse("checklist "+name+": something is missing or too much", "Use: daylight checklist "+v.use)
		}
		if _, err := f.open(ctx); err != nil {
			return err
		}
		return explainAnswer(v.do(f, ctx, args))
	}
	return wrongUse("checklist does not know "+quoted(name), didYouMean("daylight checklist ", name, names, "It knows "+strings.Join(names, ", ")+"."))
}

// explainAnswer puts why an answer was not taken into the library's form.
func explainAnswer(err error) error {
	var refused *forms.Error
	if errors.As(err, &refused) {
		return fail(clientsync.Invalid, refused.Text+"; nothing was changed", upper(refused.Cure))
	}
	return err
}

// response opens the one that an id names.
func (f *filling) response(ctx context.Context, id string) (*forms.Filling, error) {
	item, err := f.find(ctx, clientsync.KindChecklistResponse, id)
	if err != nil {
		return nil, err
	}
	return f.client.OpenChecklist(ctx, item.ID)
}

// keyIn reads a key as people type it: a question's name, and in a repeat the number of the
// turn behind it, or the end of its id. Of one turn alone the number may be left out.
func keyIn(x *forms.Filling, typed string) (forms.Key, error) {
	name, turn, _ := strings.Cut(typed, "/")
	q, err := questionIn(x.Form(), name)
	if err != nil {
		return forms.Key{}, err
	}
	repeat := q.Repeat
	if q.IsRepeat() && turn != "" {
		repeat = q
	}
	if repeat == nil {
		if turn != "" {
			return forms.Key{}, wrongUse(q.Name+" stands in no repeat", "Leave away what stands behind the slash.")
		}
		return forms.Key{Question: q.Name}, nil
	}
	turns := turnsOf(x, repeat)
	for i, id := range turns {
		if turn == fmt.Sprint(i+1) || turn == id || len(turn) >= 4 && strings.HasSuffix(id, turn) || turn == "" && len(turns) == 1 {
			return forms.Key{Question: q.Name, Turn: id}, nil
		}
	}
	return forms.Key{}, fail(clientsync.NotFound, fmt.Sprintf("%s has %s, and %s names none of them", repeat.Name, count(len(turns), "turn", "turns"), quoted(typed)),
		fmt.Sprintf("Say which, as %s/1; \"daylight checklist add RESPONSE %s\" adds one.", q.Name, repeat.Name))
}

func questionIn(form *forms.Form, name string) (*forms.Question, error) {
	if q, ok := form.Question(name); ok {
		return q, nil
	}
	var called []*forms.Question
	var names []string
	for _, q := range form.Questions() {
		if q.Called == name {
			called = append(called, q)
		}
		names = append(names, q.Name)
	}
	switch len(called) {
	case 0:
		return nil, fail(clientsync.NotFound, "the form has no question "+quoted(name), didYouMean("", name, names, `"daylight checklist show RESPONSE" names them.`))
	case 1:
		return called[0], nil
	}
	hint := "Say which:"
	for _, q := range called {
		hint += " " + q.Name
	}
	return nil, fail(clientsync.Invalid, fmt.Sprintf("the form has %d questions %s", len(called), quoted(name)), hint)
}

// turnsOf are the ids of all turns of a repeat, in order.
func turnsOf(x *forms.Filling, repeat *forms.Question) (out []string) {
	for _, it := range x.Items() {
		if it.Kind == forms.ItemTurn && it.Question == repeat {
			out = append(out, it.Key.Turn)
		}
	}
	return out
}

// keyWords writes keys as people type them.
type keyWords struct{ at map[string]int }

func wordsFor(x *forms.Filling) keyWords {
	k := keyWords{map[string]int{}}
	seen := map[*forms.Question]int{}
	for _, it := range x.Items() {
		if it.Kind == forms.ItemTurn {
			seen[it.Question]++
			k.at[it.Key.Turn] = seen[it.Question]
		}
	}
	return k
}

func (k keyWords) of(key forms.Key) string {
	switch n := k.at[key.Turn]; {
	case key.Turn == "":
		return key.Question
	case n > 0:
		return fmt.Sprintf("%s/%d", key.Question, n)
	}
	return key.Question + "/" + short(key.Turn)
}
