package files

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dustin/go-humanize/english"
	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/tsdb"

	"fluxtrail/conditions/conditionstest"
)

const hour = int64(3_600_000)

// start is the first sample of the tests' database, in milliseconds: an hour after the begin of a
// block.
const start = 1795564800_000 + hour

// newDatabase makes a database with a sample of each object every minute for five hours: blocks
// for the first of them, and a write-ahead log for the rest. Between hours 1 and 4 web fails.
func newDatabase(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	db, err := tsdb.Open(dir, nil, nil, tsdb.DefaultOptions(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for at := int64(start); at < start+5*hour; at += 60_000 {
		failing := at >= start+hour && at < start+4*hour
		app := db.Appender(t.Context())
		for _, status := range []string{"True", "False", "Unknown"} {
			value := 0.0
			if failing && status == "False" || !failing && status == "True" {
				value = 1
			}
			series := labels.FromStrings("__name__", "gotk_reconcile_condition", "kind", "Kustomization", "exported_namespace", "apps",
				"namespace", "flux-system", "name", "web", "type", "Ready", "status", status, "instance", "1")
			if _, err := app.Append(0, series, at, value); err != nil {
				t.Fatal(err)
			}
		}
		for name, value := range map[string]float64{"up": 1, "controller_runtime_reconcile_panics_total": float64((at - start) / hour)} {
			series := labels.FromStrings("__name__", name, "instance", "1", "controller", "kustomization")
			if _, err := app.Append(0, series, at, value); err != nil {
				t.Fatal(err)
			}
		}
		if err := app.Commit(); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Compact(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return dir
}

// fingerprints are the sums of all files and the names and times of all directories.
func fingerprints(t *testing.T, dir string) map[string]string {
	t.Helper()
	sums := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := d.Info()
		if err == nil && !d.IsDir() {
			var text []byte
			text, err = os.ReadFile(path)
			sums[path] = fmt.Sprintf("%x", sha256.Sum256(text))
		}
		sums[path] += info.ModTime().String()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return sums
}

func changesOf(t *testing.T, dir string, from, to int64) (changes []string) {
	t.Helper()
	e, err := Read([]string{dir}, Options{Redact: redactor(t), From: from * 1e6, To: to * 1e6})
	if err != nil {
		t.Fatal(err)
	}
	conditionstest.Check(t, e.Observations)
	for i := range e.Observations {
		o := &e.Observations[i]
		if i == 0 || o.Ready() != e.Observations[i-1].Ready() {
			changes = append(changes, fmt.Sprintf("%s %s after %d min", o.Ref, o.Ready(), (o.At/1e6-start)/60_000))
		}
	}
	if last := e.Observations[len(e.Observations)-1]; to == 0 && last.At/1e6 != start+5*hour-60_000 {
		t.Errorf("the last observation is %d min after the start", (last.At/1e6-start)/60_000)
	}
	panics := []string{"kustomization: 4 panics"}
	if to != 0 {
		panics = []string{fmt.Sprintf("kustomization: %s", english.Plural(int((to-start)/hour), "panic", ""))}
	}
	if d := cmp.Diff(panics, e.Health[0].Troubles); d != "" || len(e.Health) != 1 {
		t.Errorf("%d processes (-want +got):\n%s", len(e.Health), d)
	}
	if e.Inputs[0].Err != nil || e.Inputs[0].Form != "Prometheus TSDB" || len(e.Inputs) != 1 {
		t.Errorf("got %+v", e.Inputs)
	}
	return changes
}

// TestDatabase reads blocks and write-ahead log, in all or a span of it, and leaves every file and
// directory as it was.
func TestDatabase(t *testing.T) {
	t.Parallel()
	dir := newDatabase(t)
	if blocks, _ := filepath.Glob(filepath.Join(dir, "*", "meta.json")); len(blocks) == 0 {
		t.Fatal("no block")
	}
	before := fingerprints(t, dir)
	const ref = "Kustomization/apps/web "
	want := []string{ref + "True after 0 min", ref + "False after 60 min", ref + "True after 240 min"}
	if d := cmp.Diff(want, changesOf(t, dir, 0, 0)); d != "" {
		t.Errorf("all of it (-want +got):\n%s", d)
	}
	want = []string{ref + "True after 55 min", ref + "False after 60 min"}
	if d := cmp.Diff(want, changesOf(t, dir, start+hour, start+2*hour)); d != "" {
		t.Errorf("a span (-want +got):\n%s", d)
	}
	if d := cmp.Diff(before, fingerprints(t, dir)); d != "" {
		t.Errorf("something was written (-before +after):\n%s", d)
	}
}

// TestDamagedDatabase: what can be read is read, and what cannot is told.
func TestDamagedDatabase(t *testing.T) {
	t.Parallel()
	dir := newDatabase(t)
	wal, _ := filepath.Glob(filepath.Join(dir, "wal", "0*"))
	for _, segment := range wal {
		text, err := os.ReadFile(segment)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.TrimRight(text, "\x00") // the rest of the page
		if err := os.WriteFile(segment, text[:max(len(text)-7, 0)], 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bad := filepath.Join(dir, "01HZZZZZZZZZZZZZZZZZZZZZZZ")
	if err := os.MkdirAll(filepath.Join(bad, "chunks"), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"meta.json", "index"} {
		if err := os.WriteFile(filepath.Join(bad, name), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	e, err := Read([]string{dir}, Options{Redact: redactor(t)})
	if err != nil {
		t.Fatal(err)
	}
	told := fmt.Sprint(e.Inputs[0].Err)
	if len(e.Observations) < 5 || !strings.Contains(told, "wal: read only in part") || !strings.Contains(told, "block 01HZZ") {
		t.Errorf("%d observations, %s", len(e.Observations), told)
	}
}
