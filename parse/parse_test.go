package parse

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"fluxtrail/fixtures"
)

// Every row of the catalogue is understood by its own line, and by no row before it.
func TestCatalogue(t *testing.T) {
	t.Parallel()
	for i := range catalogue {
		w := &catalogue[i]
		lv := LevelInfo
		if w.level == onlyErrors {
			lv = LevelError
		}
		r := Record{Form: FormJSON, Level: lv, Msg: w.line}
		r.read()
		if r.Meaning != w.meaning {
			t.Errorf("%q: meaning %s, want %s", w.line, r.Meaning, w.meaning)
		}
		if (w.took != "") != (r.Took != 0) {
			t.Errorf("%q: took %d", w.line, r.Took)
		}
	}
}

// A line read by its layout says the same as one that is read key by key.
func TestFixedLayout(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		`{"level":"info","ts":"2026-11-20T10:22:54.690Z","msg":"server-side apply completed","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"api","namespace":"flux-system"},"namespace":"flux-system","name":"api","reconcileID":"6df0b0bd-0840-4d65-87ef-e42f8352f2f9","output":{"ConfigMap/default/api":"unchanged"},"revision":"main@sha1:719cad1f40d08a3b14eaf9e566e6f20242bf746f"}`,
		`{"level":"info","ts":"2026-11-20T10:22:54.690Z","msg":"release in-sync with desired state","controller":"helmrelease","controllerGroup":"helm.toolkit.fluxcd.io","controllerKind":"HelmRelease","HelmRelease":{"name":"shop","namespace":"team-a"},"namespace":"team-a","name":"shop","reconcileID":"6df0b0bd-0840-4d65-87ef-e42f8352f2f9"}`,
		`{"level":"error","ts":"2026-11-20T10:22:54.690+0530","msg":"Reconciler error","controller":"gitrepository","controllerGroup":"source.toolkit.fluxcd.io","controllerKind":"GitRepository","GitRepository":{"name":"a","namespace":"b"},"namespace":"b","name":"a","reconcileID":"x","error":"Get \"http://a\": refused","name":"twice"}`,
	} {
		var fast, slow Record
		text := []byte(line)
		if !fast.fixedLayout(text) {
			t.Errorf("not taken: %s", line)
		}
		if string(text) != line {
			t.Errorf("text changed: %s", text)
		}
		slow.parseJSON(line)
		if !same(fast, slow) {
			t.Errorf("%s\nby layout %+v\nby key    %+v", line, fast, slow)
		}
	}
}

// BenchmarkParse parses what current controllers write, and, for the slow ways, lines of all eras.
func BenchmarkParse(b *testing.B) {
	for _, set := range []struct {
		name  string
		lines [][]byte
	}{{"current", demo(b)}, {"eras", fixtures.Lines()}} {
		b.Run(set.name, func(b *testing.B) {
			n := 0
			for _, l := range set.lines {
				n += len(l) + 1
			}
			b.SetBytes(int64(n))
			b.ReportAllocs()
			var rec Record
			for b.Loop() {
				for _, l := range set.lines {
					Parse(l, 0, &rec)
				}
			}
		})
	}
}

// demo is the lines of the recorded demo, without the framing of the container runtime.
func demo(b *testing.B) [][]byte {
	paths, _ := filepath.Glob("../fixtures/demo/pods/*/manager/0.log")
	var lines [][]byte
	for _, p := range paths {
		data, err := os.ReadFile(p)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(data) {
			if _, text, ok := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte(" F ")); ok {
				lines = append(lines, text)
			}
		}
	}
	return lines
}
