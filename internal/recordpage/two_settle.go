package recordpage

import (
	"encoding/json"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Chosen is what a choice comes to; nothing of it where controls were refused.
type Chosen struct {
	// Take is the version that is to stand as it is, also where it stands in front already.
	Take *Version
	// Save are what is to be saved instead: the record with what is to stand, against the
	// token that showed all versions, and findings that are made of others.
	Save []record.Message
	// Left: both stand for now.
	Left bool
	// Comment says why beside the field, to be saved with it; nil for nothing said.
	Comment *daylightv1.ReviewComment
}

// Settle reads what was chosen. as is the record as it was shown, and is changed. newID
// makes the ids of findings, asked is what a person says who leaves it without a word.
func (p *TwoPage) Settle(as record.Message, newID func(record.Kind) string, asked string) (c Chosen, err error) {
	p.Refused = map[string]look.Text{}
	for _, name := range []string{WhyField, TextField} {
		if why := p.Typed.Error(name); len(why) > 0 {
			p.Refused[name] = why
		}
	}
	if len(p.Refused) > 0 {
		return c, nil
	}
	why, kind := p.Typed.Trimmed(WhyField), daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_REMARK
	switch choice := p.Typed.Value(ChoiceField); {
	case choice == ChooseCombined && p.IsText():
		err = p.settleText(&c, as)
	case choice == ChooseCombined:
		err = p.settleParts(&c, as)
	case choice == ChooseBoth:
		err = p.keepBoth(&c, as, newID)
	case choice == ChooseLeave && len(p.Leave) > 0:
		c.Left, kind = true, daylightv1.ReviewCommentKind_REVIEW_COMMENT_KIND_QUESTION
		if why == "" {
			why = asked
		}
	default:
		at := slices.IndexFunc(p.Versions, func(v Version) bool { return v.Digest() == choice })
		if at < 0 {
			p.Refused[ChoiceField] = p.say("field-two.choose")
			return c, nil
		}
		c.Take = &p.Versions[at]
	}
	c.Comment = p.Comment(as, why, kind)
	return c, err
}

// marked are the places that Combined and Joined leave to a person.
var marked = regexp.MustCompile(`\[[^\[\]]* / [^\[\]]*\]`)

// settleText lets a text stand that a person has written from both.
func (p *TwoPage) settleText(c *Chosen, as record.Message) error {
	text := p.Typed.Value(TextField)
	offered, _ := p.Combined()
	open := 0
	for _, mark := range marked.FindAllString(offered, -1) {
		inOne := slices.ContainsFunc(p.Versions, func(v Version) bool { return strings.Contains(Unquoted(v.JSON), mark) })
		if strings.Contains(text, mark) && !inOne {
			open++
		}
	}
	if open > 0 {
		p.Refused[TextField] = p.Words.Locale.StillOpen(open)
		return nil
	}
	return p.stand(c, as, Quoted(text))
}

// stand settles the field with a value as histories give it.
func (p *TwoPage) stand(c *Chosen, as record.Message, value string, more ...record.Message) error {
	for i, v := range p.Versions {
		if SameValue(v.JSON, value) && len(more) == 0 { // saving what is shown would change nothing
			c.Take = &p.Versions[i]
			return nil
		}
	}
	if err := LayValue(as, p.Kind, p.Field, p.Key, value); err != nil {
		return err
	}
	c.Save = append([]record.Message{as}, more...)
	return nil
}

// settleParts lets the element stand that was put together part by part.
func (p *TwoPage) settleParts(c *Chosen, as record.Message) error {
	parts := p.partings()
	if len(parts) < 2 {
		p.Refused[ChoiceField] = p.say("field-two.choose")
		return nil
	}
	one, other := p.MineAndTheirs()
	var mine, theirs map[string]json.RawMessage
	if json.Unmarshal([]byte(one.JSON), &mine) != nil || json.Unmarshal([]byte(other.JSON), &theirs) != nil {
		return ErrForm
	}
	for _, at := range parts {
		name := string(at.fd.Name())
		switch p.Typed.Value(partField + name) {
		case "mine":
		case "theirs":
			if value, has := theirs[name]; has {
				mine[name] = value
			} else {
				delete(mine, name)
			}
		default:
			p.Refused[partField+name] = p.say("field-two.choose")
		}
	}
	if len(p.Refused) > 0 {
		return nil
	}
	value, err := json.Marshal(mine)
	if err != nil {
		return err
	}
	return p.stand(c, as, string(value))
}

// keepBoth keeps every version: of what was found as findings that contradict each other, of
// other texts under each other with who says what.
func (p *TwoPage) keepBoth(c *Chosen, as record.Message, newID func(record.Kind) string) error {
	switch finding, is := as.(*daylightv1.Finding); {
	case is && p.asSecondFinding():
		return p.contradict(c, finding, newID)
	case p.asOneText():
		var b strings.Builder
		for _, v := range p.InOrder() {
			if v.JSON != "" {
				b.WriteString(p.author(v) + ":\n" + Unquoted(v.JSON) + "\n\n")
			}
		}
		return p.stand(c, as, Quoted(strings.TrimSpace(b.String())))
	}
	p.Refused[ChoiceField] = p.say("field-two.choose")
	return nil
}

// author names who wrote a version, to be written into a record.
func (p *TwoPage) author(v Version) string {
	if v.Person != "" {
		return v.Person
	}
	return p.Person(v).String()
}

// contradict lets one version stand and writes the others into findings of their own, all at
// once. The finding shows the version in front: it takes another, so that saving it settles.
func (p *TwoPage) contradict(c *Chosen, as *daylightv1.Finding, newID func(record.Kind) string) error {
	stays := slices.IndexFunc(p.InOrder(), func(v Version) bool { return v.JSON != "" && Unquoted(v.JSON) != as.GetNarrative() })
	if stays < 0 { // one of the two is empty: there are no two accounts
		p.Refused[ChoiceField] = p.say("field-two.no-accounts")
		return nil
	}
	var others []record.Message
	for i, v := range p.InOrder() {
		if i == stays || v.JSON == "" {
			continue
		}
		other := proto.Clone(as).(*daylightv1.Finding)
		other.Id, other.Seen, other.Removed, other.MergedInto = newID(record.Finding), nil, nil, nil
		other.ResponseId, other.AnswerKey = nil, nil
		other.Narrative = proto.String(Unquoted(v.JSON))
		other.NotedBy = proto.String(p.author(v))
		other.Contradicts = append(other.Contradicts, as.GetId())
		as.Contradicts = append(as.Contradicts, other.Id)
		others = append(others, other)
	}
	return p.stand(c, as, p.InOrder()[stays].JSON, others...)
}
