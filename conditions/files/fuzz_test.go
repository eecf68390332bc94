package files

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/conditions"
	"fluxtrail/conditions/conditionstest"
	"fluxtrail/derive"
)

// FuzzRead reads anything as a file that was saved at some time.
func FuzzRead(f *testing.F) {
	cases, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, path := range cases {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range archive.Files {
			f.Add(bytes.ReplaceAll(file.Data, []byte(conditionstest.Secret), []byte("x")))
		}
	}
	redact := redactor(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		if bytes.Contains(text, []byte(conditionstest.Secret)) {
			return // in places where it cannot be known as one
		}
		in := &input{path: "x", reader: conditions.NewReader(redact), at: 1}
		_ = in.read(bytes.NewReader(text))
		if err := in.date(); err != nil {
			t.Error(err)
		}
		all := slices.DeleteFunc(in.observations, func(o derive.Observation) bool { return o.At < 0 })
		slices.SortFunc(all, func(a, b derive.Observation) int { return a.Compare(&b) })
		conditionstest.Check(t, all)
	})
}
