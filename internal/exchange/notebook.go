package exchange

import (
	"math"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
)

// Self is what a device knows of itself. The zero value is a device that has not
// been set up.
type Self struct {
	// ID is the present writer id, Seq and Link its last entry, or that before its
	// first: the common part of a branch, the genesis of a new writer.
	ID   fold.WriterID
	Seq  fold.Seq
	Link fold.Link
	// Former are ids that this device had before it was found to be an older copy or
	// a branch, each once.
	Former []fold.WriterID
	// Renames are the branches that own entries were found to be, oldest first.
	Renames []record.Rename
	// Clock is the last time given or followed.
	Clock fold.Time

	// The office: which log, how far, what a backup there covers.
	Epoch    []byte
	Cursor   []byte
	BackedUp Position
	// Vouched: the office has the certificate.
	Vouched bool
	// Round counts how often everything was pulled anew, twice each time: it is odd
	// while that is under way. See View.Round. A store keeps both or neither.
	Round uint64

	// Open is the newest entry while it may still be amended; nil for none.
	Open *Open
}

// Open is the change that further saves of the same record amend.
type Open struct {
	Number uint64
	Record record.ID
	// Image is the record's view before the change, encoded.
	Image []byte
}

// ancestors are the entries that w's branch and those before it left from, nearest
// first, each by its present name.
func (s *Self) ancestors(w fold.WriterID) (out []fold.Dot) {
	below, before := fold.Seq(math.MaxUint64), len(s.Renames)
	for {
		i := len(s.Renames) - 1
		for ; i >= 0; i-- {
			// Each leaves from further down; or from the same place, and was left there
			// before it had an entry.
			r := s.Renames[i]
			if r.To == w && (r.Above < below || r.Above == below && i < before) && !s.undoes(r) {
				break
			}
		}
		if i < 0 {
			return out
		}
		d := fold.Dot{Writer: s.Renames[i].From, Seq: s.Renames[i].Above}
		for _, r := range s.Renames[i+1:] {
			if r.From == d.Writer && d.Seq > r.Above {
				d.Writer = r.To
			}
		}
		if n := len(out) - 1; d.Seq == below {
			out[n] = d
		} else {
			out = append(out, d)
		}
		w, below, before = d.Writer, d.Seq, i
	}
}

// undoes reports whether a restored office only gave entries back the name that
// they had before: that makes no branch.
func (s *Self) undoes(r record.Rename) bool {
	return slices.ContainsFunc(s.Renames, func(o record.Rename) bool {
		return o.Generation < r.Generation && o.From == r.To && o.To == r.From && o.Above == r.Above
	})
}

func (s *Self) generation() uint32 { return uint32(len(s.Renames)) }

func (s *Self) naming() record.Naming {
	return record.Naming{Generation: s.generation(), Renames: s.Renames}
}

func (s *Self) writer() record.Writer { return record.Writer{ID: s.ID, Former: s.Former} }

// Noted is an own entry as the device keeps it.
type Noted struct {
	// Number is its place in this device's own order: 1, 2, 3, ...
	Number uint64
	// Dot is its present name.
	fold.Dot
	Previous, Link fold.Link
	Payload        []byte
	Time           fold.Time
	Records        []record.ID

	// Decision is 0 while the office has not answered; then Reason, Position and
	// Suspect are the answer.
	Decision Decision
	Reason   Reason
	Position Position
	Suspect  bool
}

// View is a record as the device shows it: what the office sent last, with
// pending changes folded on top. State is encoded and not empty.
type View struct {
	Kind  record.Kind
	ID    record.ID
	State []byte
	// Round is Self.Round when the office sent the record last. When everything was
	// pulled anew and a record did not come, the office no longer has it.
	Round uint64
}

// Notebook is the device's memory within one transaction.
type Notebook interface {
	Selves
	Views
	Entries
}

// Selves keeps what the device knows of itself.
type Selves interface {
	Self() (Self, error)
	PutSelf(Self) error
}

// Views keeps what the user sees.
type Views interface {
	// View gives a record; nil when there is none.
	View(record.ID) (*View, error)
	// PutView adds or replaces one; s is what v.State encodes.
	PutView(v View, s *fold.State) error
	// DropView takes one away; one that is not there is no error.
	DropView(record.ID) error
	// Hanging gives the views of what hangs on a visit, see record.VisitOf.
	Hanging(visit record.ID) ([]record.ID, error)
	// Before gives the views of an earlier round, in the order of the ids.
	Before(round uint64) ([]record.ID, error)
	// States calls do for every view in the order of the ids.
	States(do func(record.ID, []byte) error) error
}

// Entries keeps own entries.
type Entries interface {
	// Append stores a new entry and gives its number, the next one.
	Append(Noted) (uint64, error)
	// Replace puts e in the place of the entry with its number.
	Replace(e Noted) error
	// Find gives an entry by its link; nil when it is not an own one.
	Find(fold.Link) (*Noted, error)
	// Unaccepted gives the entries that edit the record and that the office has not
	// accepted, in order.
	Unaccepted(record.ID) ([]Noted, error)
	// Wrote reports whether an accepted entry edits the record.
	Wrote(record.ID) (bool, error)
	// Unanswered calls do for every entry without a decision, in order, until do
	// returns false.
	Unanswered(do func(Noted) bool) error
	Chains
}

// Chains changes many entries at once, of one writer by their present name.
type Chains interface {
	// Accept decides every entry without a decision up to seq.
	Accept(w fold.WriterID, upTo fold.Seq, at Position) error
	// Reopen takes the decision back from seq on, whatever it was: they will be sent
	// again. It gives how many had one.
	Reopen(w fold.WriterID, from fold.Seq) (int, error)
	// Rename gives the entries beyond above to the writer to, and lists the records
	// that they edit.
	Rename(from fold.WriterID, above fold.Seq, to fold.WriterID) ([]record.ID, error)
	// Names lists the writer ids that own entries have.
	Names() ([]fold.WriterID, error)
	// Last is the number of the newest entry, 0 for none.
	Last() (uint64, error)
}
