package sample

import (
	"iter"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
)

// Config says what office to make. The zero Config is a small one.
type Config struct {
	// Seed is where the dice begin.
	Seed uint64
	// Places counts the places of the register, a few of them twice; 0 means 60.
	Places int
	// Visits counts those that are planned within the time; 0 means 30.
	Visits int
	// Findings and Recommendations are how many a visit has on average; 0 means 20 and
	// 5. Visits that were refused or cancelled have none, and a recommendation comes
	// weeks after its visit: those of the last visits are not there yet.
	Findings, Recommendations int
	// Until is the day on which the history ends; zero means 30 June 2026. From is when
	// the office opened; zero means five years before.
	From, Until time.Time
	// Countries are those of the regions, of TM, UA, KZ and KG; none means all four.
	Countries []string
	// Persons are the ids that a directory gave to People, in their order. Those that
	// are missing are made from the seed.
	Persons []record.ID
}

func (c Config) withDefaults() Config {
	for _, n := range []struct {
		is   *int
		zero int
	}{{&c.Places, 60}, {&c.Visits, 30}, {&c.Findings, 20}, {&c.Recommendations, 5}} {
		if *n.is <= 0 {
			*n.is = n.zero
		}
	}
	if c.Until.IsZero() {
		c.Until = time.Date(2026, 6, 30, 18, 0, 0, 0, time.UTC)
	}
	if c.From.IsZero() || !c.From.Before(c.Until) {
		c.From = c.Until.AddDate(-5, 0, 0)
	}
	c.From, c.Until = c.From.UTC(), c.Until.UTC()
	if len(c.Countries) == 0 {
		c.Countries = []string{"UA", "KZ", "KG", "TM"}
	}
	return c
}

// Verdict is what the office makes of a step.
type Verdict int

// The verdicts.
const (
	// Taken: it is part of the record.
	Taken Verdict = iota
	// Refused: somebody else took the step before, or it is for others to take.
	Refused
	// Held: the author may not see the record any more; it waits for a person.
	Held
)

// Step is one thing that somebody wrote.
type Step struct {
	// By is the author, as an index into People.
	By int
	// At is when, by the clock of the author's device, which may be wrong.
	At time.Time
	// Message holds what was set, beside the id: of a record that is created all of
	// it, else the fields and elements that became something else. It is for reading.
	Message record.Message
	// Creates: the record is made by this step.
	Creates bool
	// Removes: the record is removed, and nothing is set.
	Removes bool
	// Verdict is what the office makes of it, where the author's role is what the
	// table of package access says.
	Verdict Verdict
}

// Batch is what came to the office at one time, device after device: see the package's
// comment.
type Batch struct {
	Sent  time.Time
	Steps []Step
}

// Start is when the office of the Config opens; its first batch comes after it.
func Start(c Config) time.Time { return c.withDefaults().From }

// Office plays the history. Each range over it begins anew.
func Office(c Config) iter.Seq[Batch] {
	return func(yield func(Batch) bool) { newWorld(c.withDefaults()).play(yield) }
}
