package report_test

import (
	"bytes"
	"runtime"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/checklist"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server/report"
)

// many is a source that makes as many responses as it is asked for, and keeps none.
type many struct {
	shelf
	one *daylightv1.ChecklistResponse
	n   int
	// peak is the most memory that was in use between two of them, in bytes.
	peak *uint64
}

func (m many) Each(k record.Kind, do func(report.Row) error) error {
	if k != record.ChecklistResponse {
		return m.shelf.Each(k, do)
	}
	for i := range m.n {
		if m.peak != nil && i%500 == 0 {
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			*m.peak = max(*m.peak, s.HeapInuse)
		}
		r := proto.CloneOf(m.one)
		r.Id = record.ID{1, 6: 0x50, 8: 0x80, 14: byte(i >> 8), 15: byte(i)}.String()
		if err := do(report.Row{Message: r, Status: &daylightv1.RecordStatus{}}); err != nil {
			return err
		}
	}
	return nil
}

// answeredPrison is a response to the shipped form for prisons, with all that it asks.
func answeredPrison(t testing.TB, visit string) (*checklist.Form, *daylightv1.ChecklistResponse) {
	t.Helper()
	var f *checklist.Form
	for _, m := range checklist.Shipped() {
		if m.GetCode() == "npm_prison" {
			f = compiled(t, m)
		}
	}
	n := byte(0)
	o := checklist.Options{Now: clock, NewID: func() record.ID {
		n++
		return record.ID{2, 6: 0x40, 8: 0x80, 15: n}
	}}
	id, err := record.ParseID(visit)
	if err != nil {
		t.Fatal(err)
	}
	x := checklist.Open(f, checklist.Begin(f, record.ID{1}, id, o), o)
	for range 4 {
		for _, i := range x.Items() {
			switch {
			case i.Kind == checklist.ItemRepeat && i.CanAdd && i.Turns < 2:
				if _, _, err := x.AddInstance(i.Question.Name, i.Key.Turn); err != nil {
					t.Fatal(err)
				}
			case i.Kind == checklist.ItemQuestion && !i.Done && !i.ReadOnly:
				value := map[checklist.Type]string{checklist.TypeInteger: "7", checklist.TypeDecimal: "3.5", checklist.TypeText: "R-1",
					checklist.TypeDate: "2026-11-20", checklist.TypeDateTime: "2026-11-20T10:00:00.000+05:00"}[i.Question.Type]
				if len(i.Choices) > 0 {
					value = i.Choices[0].Name
				}
				if _, err := x.Set(i.Key, checklist.Given{Value: value}); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	return f, x.Response()
}

// discarded are sheets that nobody keeps.
type discarded struct{ rows *int }

func (d discarded) Begin(string, []string, bool) (report.Sheet, error) { return d, nil }
func (d discarded) Write([]any) error                                  { *d.rows++; return nil }
func (d discarded) End() error                                         { return nil }

// One response is held at a time: ten times as many take no more memory.
func TestAnswersAreWrittenOneAtATime(t *testing.T) {
	var s shelf
	f, one := answeredPrison(t, visitedHouse(&s))
	if len(one.Answers) < 100 {
		t.Fatalf("it has %d answers", len(one.Answers))
	}
	peak := func(n int) uint64 {
		var most uint64
		rows := 0
		if _, err := report.Answers(many{s, one, n, &most}, report.AnswersOptions{Code: f.Code(), Forms: []*checklist.Form{f}, Now: clock}, discarded{&rows}); err != nil || rows < n {
			t.Fatal(rows, err)
		}
		return most
	}
	few := peak(300)
	if lots := peak(1500); lots > few+24<<20 {
		t.Errorf("300 responses take %d MiB, 1,500 take %d", few>>20, lots>>20)
	}
}

func BenchmarkAnswers3000(b *testing.B) {
	var s shelf
	f, one := answeredPrison(b, visitedHouse(&s))
	o := report.AnswersOptions{Code: f.Code(), Forms: []*checklist.Form{f}, Now: clock}
	for _, form := range []string{"csv", "xlsx"} {
		b.Run(form, func(b *testing.B) {
			for b.Loop() {
				var peak uint64
				from := many{s, one, 3000, &peak}
				began := time.Now()
				var err error
				if form == "csv" {
					_, err = report.Answers(from, o, report.CSV{Dir: b.TempDir()})
				} else {
					book := report.NewWorkbook(b.TempDir())
					if _, err = report.Answers(from, o, book); err == nil {
						err = book.WriteTo(&bytes.Buffer{})
					}
					_ = book.Close()
				}
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(time.Since(began).Seconds(), "s")
				b.ReportMetric(float64(peak>>20), "MiB")
				b.ReportMetric(float64(len(one.Answers)), "answers")
			}
		})
	}
}
