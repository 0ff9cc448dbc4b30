package exchange

import (
	"crypto/ed25519"
	"math"
	"slices"

	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/journal"
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

	// Head is the position of the office's log as of the last answer.
	Head Position
	// Restored: the office's log is not its first one.
	Restored bool
	// Branches are chains of others that have a name of this device's making, because
	// the one that they came under was taken here. Oldest first.
	Branches []Branch

	// Open is the newest entry while it may still be amended; nil for none.
	Open *Open
}

// Branch is a chain that has left another.
type Branch struct {
	ID fold.WriterID
	// Parent is the last entry that both share, by its name at that Generation.
	Parent     fold.Dot
	Generation uint32
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
		d := s.now(fold.Dot{Writer: s.Renames[i].From, Seq: s.Renames[i].Above}, s.Renames[i].Generation)
		if n := len(out) - 1; d.Seq == below {
			out[n] = d
		} else {
			out = append(out, d)
		}
		w, below, before = d.Writer, d.Seq, i
	}
}

// lineage is ancestors, also of a chain that got its name from this device.
func (s *Self) lineage(w fold.WriterID) []fold.Dot {
	out := s.ancestors(w)
	if len(out) > 0 {
		w = out[len(out)-1].Writer
	}
	for below := fold.Seq(math.MaxUint64); ; {
		i := slices.IndexFunc(s.Branches, func(b Branch) bool { return b.ID == w && b.Parent.Seq < below })
		if i < 0 {
			return out
		}
		d := s.now(s.Branches[i].Parent, s.Branches[i].Generation)
		more := s.ancestors(d.Writer)
		out = append(append(out, d), more...)
		if w, below = d.Writer, d.Seq; len(more) > 0 {
			w = more[len(more)-1].Writer
		}
	}
}

// now is the present name of a dot that had this one at that generation.
func (s *Self) now(d fold.Dot, generation uint32) fold.Dot {
	for _, r := range s.Renames {
		if r.Generation > generation && r.From == d.Writer && d.Seq > r.Above {
			d.Writer = r.To
		}
	}
	return d
}

// mine reports whether this device writes, or wrote, under the id.
func (s *Self) mine(w fold.WriterID) bool { return w == s.ID || slices.Contains(s.Former, w) }

// undoes reports whether a restored office only gave entries back the name that
// they had before: that makes no branch.
func (s *Self) undoes(r record.Rename) bool {
	return slices.ContainsFunc(s.Renames, func(o record.Rename) bool {
		return o.Generation < r.Generation && o.From == r.To && o.To == r.From && o.Above == r.Above
	})
}

func (s *Self) generation() uint32 { return uint32(len(s.Renames)) }

func (s *Self) naming() record.Naming {
	return record.Naming{Generation: s.generation(), Clock: s.Clock, Renames: s.Renames}
}

// Noted is an entry as the device keeps it: an own one, or one that a team-mate's device
// wrote and that came in a bundle.
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
	// Suspect are the answer. Of an entry of somebody else without a decision, Position is
	// not 0 where the office has its hash under this name, and awaits the rest.
	Decision Decision
	Reason   Reason
	Position Position
	Suspect  bool

	// Peer is nil for an own entry.
	Peer *Peer
}

// awaited reports whether the office knows the entry by its name, and no more of it.
func (e Noted) awaited() bool { return e.Decision == 0 && e.Position != 0 }

// Peer is what else is kept of an entry that somebody else wrote, until the office has
// answered for it: it is passed on as it was signed.
type Peer struct {
	// Signed is the writer under which it is sealed, with the certificate of Serial.
	Signed fold.WriterID
	Serial journal.Serial
	// Seal is over this entry; nil where that of a later one vouches for it.
	Seal []byte
	// Hash is its payload's, which may be left out: then Payload and Records are empty.
	Hash journal.Hash
	// Based: the office has answered for what comes before it in its chain, as whoever
	// brought it was told.
	Based bool
	// Hidden: neither folded nor named until the office has answered. It may have
	// answered for it already, or will refuse it.
	Hidden bool
}

// View is a record as the device shows it: what the office sent last, with
// pending changes folded on top. State is encoded and not empty.
type View struct {
	Kind  record.Kind
	ID    record.ID
	State []byte
	// Round is Self.Round when the office sent the record last. When everything was
	// pulled anew and a record did not come, the office no longer has it. Lent: the office
	// has not sent it, or sent it empty, and all that is known of it is pending.
	Round uint64
}

// Lent is the round of a view that a device has from a team-mate alone. When nothing of
// it is pending any more and the office has not sent it, it is not for this device.
const Lent = math.MaxInt64

// Notebook is the device's memory within one transaction.
type Notebook interface {
	Selves
	Views
	Entries
	Chains
	Peers
	Vouchers
	Departures
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
	// Lent gives the views of that round.
	Lent() ([]record.ID, error)
	// States calls do for every view in the order of the ids.
	States(do func(record.ID, []byte) error) error
}

// Entries keeps entries: all own ones, and those of others while they are needed.
type Entries interface {
	// Append stores a new entry and gives its number, the next one.
	Append(Noted) (uint64, error)
	// Replace puts e in the place of the entry with its number.
	Replace(e Noted) error
	// Find gives an entry by its link; nil when it is not here.
	Find(fold.Link) (*Noted, error)
	// Unaccepted gives the entries that edit the record and that the office has not
	// accepted, in order, without hidden ones.
	Unaccepted(record.ID) ([]Noted, error)
	// Wrote reports whether an accepted own entry edits the record.
	Wrote(record.ID) (bool, error)
	// Unanswered calls do for every entry without a decision beyond a number, in order,
	// until do returns false. do must not use the notebook.
	Unanswered(after uint64, do func(Noted) bool) error
	// Since calls do for every entry beyond a number, likewise.
	Since(number uint64, do func(Noted) bool) error
}

// Chains changes many entries at once, of one writer by their present name.
type Chains interface {
	// Accept decides every own entry without a decision up to seq.
	Accept(w fold.WriterID, upTo fold.Seq, at Position) error
	// Reopen takes the decision back from one seq to another, whatever it was: they will be
	// sent again. It gives how many had one.
	Reopen(w fold.WriterID, from, to fold.Seq) (int, error)
	// Rename gives the entries beyond above to the writer to, and lists the records
	// that they edit.
	Rename(from fold.WriterID, above fold.Seq, to fold.WriterID) ([]record.ID, error)
	// Names lists the writer ids that own entries have now.
	Names() ([]fold.WriterID, error)
	// Last is the number of the newest entry, 0 for none.
	Last() (uint64, error)
}

// Peers keeps what concerns entries of others.
type Peers interface {
	// Known is the highest seq of the writer that the office is known to have answered
	// for; 0 when nothing was heard.
	Known(fold.WriterID) (fold.Seq, error)
	// PutKnown replaces it.
	PutKnown(fold.WriterID, fold.Seq) error
	// ForgetKnown forgets it of all writers.
	ForgetKnown() error
	// Run gives the entry of that link, of somebody else, and those that follow it in its
	// chain, up to the first that has a seal.
	Run(fold.Link) ([]Noted, error)
	// Drop deletes the entries of others that the office has answered for, but for those
	// that one without an answer may still name, or needs to be sent.
	Drop() error
}

// Departures puts away what the office has.
type Departures interface {
	// DropCovered deletes the accepted own entries up to a position, and counts them.
	DropCovered(upTo Position) (int, error)
	// DropSettled deletes the views of records that no entry here edits, and counts them.
	DropSettled() (int, error)
}

// Vouchers keeps the certificates of others.
type Vouchers interface {
	// Certificate gives one by its serial; nil when it is not here.
	Certificate(journal.Serial) (*journal.Certificate, error)
	// PutCertificate adds one; putting it again changes nothing.
	PutCertificate(*journal.Certificate) error
	// KeyOf is the key that the entries of others under that signed id were sealed with;
	// nil when there are none.
	KeyOf(fold.WriterID) (ed25519.PublicKey, error)
}
