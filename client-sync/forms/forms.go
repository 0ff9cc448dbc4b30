// Package forms has the checklists of a visit as an app shows and fills them: which there
// are, a response under its form, what stands on the page, what is missing. It promises
// that a team fills one checklist together without a network, that nothing which was
// answered disappears when another answer makes it irrelevant or the form is updated, and
// that an old response is shown under the version that it was filled with, for ever.
//
// # The idea
//
// A form is what a field team has in Kobo or ODK: an XLSForm, which the office imports. A
// response is one checklist of one visit; every answer in it is an element of its own, so
// two monitors fill it at once, and where both answered one question differently both
// answers stand until somebody settles it. A Filling is a response under its form, and
// knows after each answer what is asked now, what was calculated and what is missing:
//
//	Client.Checklists      what may be begun at a place of a type
//	Client.BeginChecklist  begins it, or opens what a team-mate began
//	Filling.Items          what stands on the page now, in order
//	Filling.Set            one answer, or a state: why there is none
//	Client.SaveChecklist   what was answered is safe, and a team-mate's answers are there
//	Filling.Progress       done, missing and contested, by section
//	Filling.Offers         what may become a finding
//	Client.CarryChecklist  over to a newer version, with what does not fit
//
// Why there is no answer (not asked, refused, not applicable, not allowed in, not known)
// is as good as an answer. Set refuses only what can be no answer of its type; whatever
// breaks a rule of the form is kept and flagged.
//
// A Filling is for one goroutine at a time. Everything else here never changes.
package forms

import (
	"github.com/daylight-npm/daylight/internal/checklist"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Which forms there are, and what is in one.
type (
	// Catalogue is all forms of one office at one time.
	Catalogue = checklist.Catalogue
	// Offered is what people see of one version of a form before they open it.
	Offered = checklist.Offered
	// Form is one version of a form, made ready.
	Form = checklist.Form
	// Question is one row of a form: a question, a note, a calculation, a group, a repeat.
	Question = checklist.Question
	// Type is a question's type, as XLSForm calls it.
	Type = checklist.Type
	// Choice is one choice of a list.
	Choice = checklist.Choice
	// Text is a text with the tag of the language that it is in.
	Text = checklist.Text
	// Problem is what is wrong with a form, for the one who wrote it.
	Problem = checklist.Problem
)

// A response under its form.
type (
	// Filling is a response under its form. It is for one goroutine at a time.
	Filling = checklist.Filling
	// Options are what a filling takes from outside; the Client's are its clock, its ids
	// and Config.Language.
	Options = checklist.Options
	// Key names one answer, or one turn of a repeat.
	Key = checklist.Key
	// Given is an answer as a person gives it.
	Given = checklist.Given
	// Changed says what a change did.
	Changed = checklist.Changed
	// Error says why a value was not taken.
	Error = checklist.Error
	// Item is what a page shows of one row.
	Item = checklist.Item
	// ItemKind says what an item is on a page.
	ItemKind = checklist.ItemKind
	// Candidate is one of several answers that stand beside each other.
	Candidate = checklist.Candidate
	// Progress is how far a response is, Count how far a part of it.
	Progress = checklist.Progress
	// SectionProgress is how far one section is.
	SectionProgress = checklist.SectionProgress
	// Count says how far a form, or a part of it, is.
	Count = checklist.Count
	// Table is the answers of one level of a form, for reports.
	Table = checklist.Table
	// Row is one turn of a repeat, or the top of a response.
	Row = checklist.Row
	// Cell is what a report shows of one answer.
	Cell = checklist.Cell
	// Offer is a finding that an answer may become.
	Offer = checklist.Offer
	// Misfit is one answer that does not fit a newer version, or is to be looked at there.
	Misfit = checklist.Misfit
	// MisfitCode says why.
	MisfitCode = checklist.MisfitCode
)

// The kinds of items.
const (
	ItemGroup    = checklist.ItemGroup
	ItemRepeat   = checklist.ItemRepeat
	ItemTurn     = checklist.ItemTurn
	ItemQuestion = checklist.ItemQuestion
	ItemNote     = checklist.ItemNote
)

// The states that say why there is no answer, besides ANSWER_STATE_ANSWERED.
const (
	NotAsked      = daylightv1.AnswerState_ANSWER_STATE_NOT_ASKED
	Refused       = daylightv1.AnswerState_ANSWER_STATE_REFUSED
	NotApplicable = daylightv1.AnswerState_ANSWER_STATE_NOT_APPLICABLE
	NotAllowedIn  = daylightv1.AnswerState_ANSWER_STATE_NOT_ALLOWED_IN
	NotKnown      = daylightv1.AnswerState_ANSWER_STATE_NOT_KNOWN
)

// StateName is the name of a state as forms have it: not_asked. Empty for an answer.
func StateName(s daylightv1.AnswerState) string { return checklist.StateName(s) }

// ParseKey reads what Key's String writes.
func ParseKey(s string) Key { return checklist.ParseKey(s) }

// Shipped gives the forms that came with the program, with nothing of an office.
func Shipped() *Catalogue { return checklist.NewCatalogue(nil) }

// Begin makes a response with what the form says by default, without a Client, which
// saves it as well: the id of the response, then that of the visit.
func Begin(f *Form, response, visit [16]byte, o Options) *daylightv1.ChecklistResponse {
	return checklist.Begin(f, response, visit, o)
}

// Open puts a response under its form, without a Client: to show it, not to save it.
func Open(f *Form, r *daylightv1.ChecklistResponse, o Options) *Filling {
	return checklist.Open(f, r, o)
}

// Compile makes a form ready. The form is nil where one of the problems is fatal.
func Compile(c *daylightv1.Checklist) (*Form, []Problem) { return checklist.Compile(c) }

// Untaken leaves out the offers on whose answer one of the findings rests.
func Untaken(offers []Offer, findings []*daylightv1.Finding) []Offer {
	return checklist.Untaken(offers, findings)
}

// FlagTexts are the sentences of the flags of responses by message key, MisfitTexts those
// of what does not fit a newer version by its code, in English with {name} where a param
// stands: for catalogues.
func FlagTexts() map[string]string { return checklist.FlagTexts() }

// MisfitTexts see FlagTexts.
func MisfitTexts() map[MisfitCode]string { return checklist.MisfitTexts() }

// CompareVersions orders versions of a form as people read them: 9 before 10.
func CompareVersions(a, b string) int { return checklist.CompareVersions(a, b) }
