package derive

import "testing"

// BenchmarkEngine feeds the recorded demo, again and again as if time went on, to one engine: the
// steady state of a few objects. The price for thousands of objects is that of main memory, which
// the benchmark of a whole replay shows.
func BenchmarkEngine(b *testing.B) {
	lines := records(b)
	size := 0
	for _, l := range lines {
		size += len(l.text)
	}
	span := lines[len(lines)-1].rec.Time - lines[0].rec.Time + 1e9
	e := New(Config{NoTransitions: true})
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for i := range lines {
			lines[i].rec.Time += span
			e.Add(&lines[i].rec, lines[i].at)
		}
		e.Take()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(lines)), "ns/line")
}

// BenchmarkSave is what a checkpoint of the agent costs for the demo's objects.
func BenchmarkSave(b *testing.B) {
	e := New(Config{})
	for _, l := range records(b) {
		e.Add(&l.rec, l.at)
	}
	b.ReportAllocs()
	for b.Loop() {
		saved, err := e.MarshalJSON()
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(saved)))
	}
}
