package checklist

import (
	"fmt"
	"testing"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// form500 has 500 questions, 200 of them with a relevance rule, in ten sections; every
// fifth rule reads a calculation over its section.
func form500() *daylightv1.Checklist {
	var rows []row
	for i := range 500 {
		if i%50 == 0 {
			if i > 0 {
				rows = append(rows, row{"end"})
			}
			rows = append(rows, row{"begin_group", fmt.Sprintf("s%d", i/50), "label", "Section"})
		}
		r := row{"integer", fmt.Sprintf("q%d", i), "label", "Question", "required", "yes", "constraint", ". >= 0 and . < 1000"}
		switch {
		case i%50 == 9:
			r = row{"calculate", fmt.Sprintf("q%d", i), "calculation", fmt.Sprintf("coalesce(${q%d}, 0) + coalesce(${q%d}, 0) + coalesce(${q%d}, 0)", i-9, i-8, i-7)}
		case i%5 >= 3:
			of := i - i%50
			if i%50 > 9 && i%10 == 4 {
				of += 9
			}
			r = append(r, "relevant", fmt.Sprintf("${q%d} > %d or ${q%d} = ''", of, i%3, of+1))
		}
		rows = append(rows, r)
	}
	return sheet(append(rows, row{"end"}))
}

func BenchmarkAnswer500(b *testing.B) {
	c := form500()
	f, problems := Compile(c)
	if f == nil {
		b.Fatal(problems)
	}
	x := begun(b, f)
	for i := range 500 {
		x.Set(Key{Question: fmt.Sprintf("q%d", i)}, Given{Value: "5"})
	}
	b.Run("set", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			x.Set(Key{Question: fmt.Sprintf("q%d", i%500)}, Given{Value: fmt.Sprint(i % 7)})
		}
	})
	b.Run("set what most rules read", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			x.Set(Key{Question: "q0"}, Given{Value: fmt.Sprint(i % 7)})
			x.Progress()
		}
	})
	b.Run("set and progress", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			x.Set(Key{Question: fmt.Sprintf("q%d", i%500)}, Given{Value: fmt.Sprint(i % 7)})
			x.Progress()
		}
	})
	b.Run("set and the whole page", func(b *testing.B) {
		b.ReportAllocs()
		for i := range b.N {
			x.Set(Key{Question: fmt.Sprintf("q%d", i%500)}, Given{Value: fmt.Sprint(i % 7)})
			x.Items()
		}
	})
	b.Run("compile", func(b *testing.B) {
		for range b.N {
			Compile(c)
		}
	})
}

// BenchmarkOpen80 opens the shipped form for prisons, 79 questions with 38 control rows.
func BenchmarkOpen80(b *testing.B) {
	var c *daylightv1.Checklist
	for _, s := range Shipped() {
		if s.GetCode() == "npm_prison" {
			c = s
		}
	}
	f, problems := Compile(c)
	if f == nil {
		b.Fatal(problems)
	}
	r := Begin(f, ResponseID(visit, f.ID()), visit, options())
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			Open(f, r, options()).Items()
		}
	})
	b.Run("compile and open", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			f, _ := Compile(c)
			Open(f, r, options()).Items()
		}
	})
}

func BenchmarkRepeat40(b *testing.B) { benchmarkRepeat(b, 40) }

func BenchmarkRepeat1000(b *testing.B) { benchmarkRepeat(b, 999) }

// benchmarkRepeat sets answers in a repeat with six questions and four calculations a
// turn, and sums over all of them.
func benchmarkRepeat(b *testing.B, turns int) {
	f := compiled(b, []row{
		{"begin_repeat", "cell", "label", "Cell ${name}"}, {"text", "name"}, {"integer", "persons"}, {"decimal", "area"}, {"integer", "beds"},
		{"integer", "windows", "relevant", "${persons} > 0"}, {"text", "remark"},
		{"calculate", "at", "calculation", "position(..)"},
		{"calculate", "each", "calculation", "if(${persons} > 0, round(${area} div ${persons}, 1), '')"},
		{"calculate", "low", "calculation", "if(${each} != '' and ${each} < 4, 1, 0)"},
		{"calculate", "lacking", "calculation", "${persons} - ${beds}"}, {"end"},
		{"calculate", "all", "calculation", "sum(${persons})"}, {"calculate", "lows", "calculation", "sum(${low})"},
		{"calculate", "full", "calculation", "count(${cell}[persons > beds])"},
	})
	r := Begin(f, ResponseID(visit, f.ID()), visit, options())
	o := options()
	var ids []string
	for i := range turns {
		id := o.NewID().String()
		ids = append(ids, id)
		r.Instances = append(r.Instances, &daylightv1.RepeatInstance{Id: id, Repeat: proto.String("cell"), Order: proto.Uint32(uint32(i))})
		for q, v := range map[string]string{"persons": fmt.Sprint(i % 9), "area": "12.5", "beds": "4"} {
			r.Answers = append(r.Answers, &daylightv1.Answer{Key: q + "/" + id, State: answered.Enum(), Value: proto.String(v)})
		}
	}
	b.Run("open", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			Open(f, r, o)
		}
	})
	x := Open(f, r, o)
	b.Run("add", func(b *testing.B) {
		b.ReportAllocs()
		for range b.N {
			id, _, err := x.AddInstance("cell", "")
			if err != nil {
				b.Fatal(err)
			}
			x.RemoveInstance(id)
			delete(x.removed, id)
		}
	})
	b.Run("set", func(b *testing.B) { benchmarkSet(b, x, ids) })
}

func benchmarkSet(b *testing.B, x *Filling, ids []string) {
	turns := len(ids)
	b.ReportAllocs()
	for i := range b.N {
		x.Set(Key{"persons", ids[i%turns]}, Given{Value: fmt.Sprint(i % 7)})
	}
}
