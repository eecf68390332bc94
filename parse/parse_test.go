package parse

import (
	"bytes"
	"os"
	"testing"
)

// Every row of the catalogue is understood by its own line, and by no row before it.
func TestCatalogue(t *testing.T) {
	for i := range catalogue {
		w := &catalogue[i]
		lv := LevelInfo
		if w.errs == yes {
			lv = LevelError
		}
		r := Record{Form: FormJSON, Level: lv, Msg: w.line}
		r.read()
		if r.Sign != w.sign {
			t.Errorf("%q: sign %d, want %d", w.line, r.Sign, w.sign)
		}
		if (w.took != "") != (r.Took != 0) {
			t.Errorf("%q: took %d", w.line, r.Took)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	data, err := os.ReadFile("/tmp/corpus/sample.txt")
	if err != nil {
		b.Skip(err)
	}
	lines := bytes.Split(bytes.TrimSpace(data), []byte("\n"))
	n := 0
	for _, l := range lines {
		n += len(l) + 1
	}
	b.SetBytes(int64(n))
	b.ReportAllocs()
	var rec Record
	for b.Loop() {
		for _, l := range lines {
			Parse(l, 0, &rec)
		}
	}
}
