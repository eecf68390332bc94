package replay

import (
	"context"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/derive"
)

// reportOf runs a replay and gives its report to look, which is called once.
func reportOf(t *testing.T, opt Options, look func(*api.Report)) {
	t.Helper()
	calls := 0
	err := Run(t.Context(), opt, func(_ context.Context, rep *api.Report) error {
		calls++
		look(rep)
		return nil
	})
	if err != nil || calls != 1 {
		t.Errorf("%d reports, %v", calls, err)
	}
}

// TestRunNeedsPaths wants paths that cannot be used at all to be errors that name them.
func TestRunNeedsPaths(t *testing.T) {
	t.Parallel()
	good := writeFiles(t, map[string]string{"a.log": logLine(1, "x")})
	for path, want := range map[string]string{
		filepath.Join(good, "nothing"):   "nothing",
		t.TempDir():                      "no log files",
		filepath.Join(good, "*.missing"): "*.missing",
	} {
		err := Run(t.Context(), Options{Paths: []string{path}}, func(context.Context, *api.Report) error {
			t.Errorf("%s: there is a report", path)
			return nil
		})
		var bad *PathError
		if !errors.As(err, &bad) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

// TestRunGoesOnWithoutWhatItCannotRead has a link to nothing beside a log. The log is read, and the
// report names the link.
func TestRunGoesOnWithoutWhatItCannotRead(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.log": logLine(1, "x")})
	if err := os.Symlink(filepath.Join(dir, "gone"), filepath.Join(dir, "b.log")); err != nil {
		t.Fatal(err)
	}
	reportOf(t, Options{Paths: []string{dir}}, func(rep *api.Report) {
		files := rep.Input.Files
		if len(files) != 2 || files[0].Error != nil || files[1].Error == nil || rep.Input.Records != 1 {
			t.Errorf("%+v", rep.Input)
		}
	})
}

// TestRunPassesTheErrorOn fails to write the report.
func TestRunPassesTheErrorOn(t *testing.T) {
	t.Parallel()
	full := errors.New("disk full")
	dir := writeFiles(t, map[string]string{"a.log": logLine(1, "x")})
	if err := Run(t.Context(), Options{Paths: []string{dir}}, func(context.Context, *api.Report) error { return full }); !errors.Is(err, full) {
		t.Error(err)
	}
}

// TestProgressIsWhole wants the size of the files first, then all that was read, then the end.
func TestProgressIsWhole(t *testing.T) {
	t.Parallel()
	dir := writeFiles(t, map[string]string{"a.log": logLine(1, "x")})
	var total, read, ends int64
	opt := Options{Paths: []string{dir}, Progress: func(n int64) (func(int64), func()) {
		total = n
		return func(n int64) { read += n }, func() { ends++ }
	}}
	reportOf(t, opt, func(*api.Report) {})
	if size := int64(len(logLine(1, "x"))); total != size || read != size-1 || ends != 1 {
		t.Errorf("%d of %d bytes, %d ends", read, total, ends)
	}
}

// TestRunKnowsTheBaseline marks the errors that the baseline does not have, and names it. Without a
// baseline no error is new.
func TestRunKnowsTheBaseline(t *testing.T) {
	t.Parallel()
	opt := Options{Paths: []string{demo}}
	known := map[string]bool{}
	reportOf(t, opt, func(rep *api.Report) {
		for i, g := range rep.Errors {
			if g.New {
				t.Error("new without a baseline:", g.Fingerprint)
			}
			if i > 0 {
				known[g.Fingerprint] = true
			}
		}
	})
	opt.Baseline, opt.BaselineName = known, "before.json"
	reportOf(t, opt, func(rep *api.Report) {
		for i, g := range rep.Errors {
			if g.New != (i == 0) {
				t.Errorf("error %d is new: %v", i, g.New)
			}
		}
		if len(known) == 0 || rep.Settings.Baseline != "before.json" {
			t.Errorf("%d known errors, baseline %q", len(known), rep.Settings.Baseline)
		}
	})
}

// demo is the recorded story that comes with the project.
const demo = "../fixtures/demo/pods"

// TestTotalsAreThoseOfTheSequences counts what the report yields. Transitions are counted also
// where they are not kept.
func TestTotalsAreThoseOfTheSequences(t *testing.T) {
	t.Parallel()
	var totals [2]api.Totals
	for i, keep := range []bool{true, false} {
		reportOf(t, Options{Paths: []string{demo}, Transitions: keep, Rules: derive.Config{}}, func(rep *api.Report) {
			totals[i] = rep.Totals
			states, n := map[string]int64{}, 0
			for x := range rep.Incidents {
				states[x.State]++
			}
			for range rep.Transitions {
				n++
			}
			if !maps.Equal(states, rep.Totals.ByState) || keep && int64(n) != rep.Totals.Transitions || !keep && n != 0 {
				t.Errorf("%v and %d transitions, totals %+v", states, n, rep.Totals)
			}
		})
	}
	if totals[0].Transitions == 0 {
		t.Error("the demo has no transitions")
	}
}

// TestLeanReportsTellTheSame compares reports for which everything is kept with ones for which only
// that is kept which text shows, at several ends of the log: with and without open incidents. What
// has ended keeps no evidence, and its memory serves others.
func TestLeanReportsTellTheSame(t *testing.T) {
	t.Parallel()
	var from, to time.Time
	reportOf(t, Options{Paths: []string{demo}}, func(rep *api.Report) { from, to = rep.Window.From.Time, rep.Window.To.Time })
	withEvidence := 0
	for i := range 12 {
		var told [2]api.Report
		var incidents [2][]api.Incident
		for lean, opt := range []Options{{Transitions: true, Durations: true, EvidenceText: true}, {EvidenceText: true}} {
			opt.Paths, opt.Filter.Until = []string{demo}, Instant{At: from.Add(to.Sub(from) * time.Duration(i+1) / 12).UnixNano()}
			reportOf(t, opt, func(rep *api.Report) {
				incidents[lean] = slices.Collect(rep.Incidents)
				told[lean] = *rep
			})
			told[lean].Incidents, told[lean].Transitions, told[lean].Durations, told[lean].Totals.Transitions = nil, nil, nil, 0
			for n := range told[lean].Objects {
				told[lean].Objects[n].Duration = nil
			}
			for n := range incidents[lean] {
				incidents[lean][n].Evidence = nil
			}
		}
		if d := cmp.Diff(told[0], told[1]); d != "" {
			t.Errorf("after %d of 12 parts (-full +lean):\n%s", i+1, d)
		}
		if d := cmp.Diff(incidents[0], incidents[1]); d != "" {
			t.Errorf("incidents after %d of 12 parts (-full +lean):\n%s", i+1, d)
		}
		for _, o := range told[1].Objects {
			if o.Incident != nil && len(o.Incident.Evidence) > 0 {
				withEvidence++
			}
		}
	}
	if withEvidence == 0 {
		t.Error("no open incident was compared")
	}
}

// TestReportsAreInOrder looks at the order that package api promises, and at the sequences a second
// time.
func TestReportsAreInOrder(t *testing.T) {
	t.Parallel()
	reportOf(t, Options{Paths: []string{demo}, Transitions: true, Durations: true}, func(rep *api.Report) {
		for range 2 {
			var opened, changed []int64
			for x := range rep.Incidents {
				opened = append(opened, x.OpenedAt.UnixNano())
			}
			for x := range rep.Transitions {
				changed = append(changed, x.At.UnixNano())
			}
			if len(opened) == 0 || !slices.IsSorted(opened) || len(changed) == 0 || !slices.IsSorted(changed) {
				t.Errorf("opened at %v, changed at %v", opened, changed)
			}
		}
		names := func(a, b api.Object) int { return strings.Compare(a.Ref.String(), b.Ref.String()) }
		if !slices.IsSortedFunc(rep.Objects, names) {
			t.Error("objects are not in order")
		}
		for _, d := range rep.Durations {
			if d.Count <= 0 || d.P50 > d.P95 || d.P95 > d.Max {
				t.Errorf("%s: %+v", d.Kind, d.Duration)
			}
		}
	})
}

// TestRunDoesNotDateWhatHasNoTime promises nothing from 1970 on where a line does not say when it was
// written, or says what no clock can have.
func TestRunDoesNotDateWhatHasNoTime(t *testing.T) {
	t.Parallel()
	line := func(at, name string) string {
		return `{"level":"info","ts":"` + at + `","msg":"Reconciliation finished in 1s, next run in 10m0s",` +
			`"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization",` +
			`"Kustomization":{"name":"` + name + `","namespace":"apps"},"namespace":"apps","name":"` + name + `",` +
			`"reconcileID":"00000000-0000-4000-8000-00000000000` + name + `"}` + "\n"
	}
	for _, undated := range []string{"", "0001-01-01T00:00:00.000Z", "9999-12-31T23:59:59.000Z"} {
		for _, dated := range []string{"", line("2026-11-27T10:00:00.000Z", "2")} {
			path := filepath.Join(t.TempDir(), "manager.log")
			if err := os.WriteFile(path, []byte(line(undated, "1")+dated), 0o600); err != nil {
				t.Fatal(err)
			}
			reportOf(t, Options{Paths: []string{path}}, func(rep *api.Report) {
				if len(rep.Objects) == 0 {
					t.Fatalf("%q: no objects", undated)
				}
				if o := rep.Objects[0]; o.Name != "1" || !o.NextRun.IsZero() || len(rep.Silences) > 0 || o.Status != "ready" {
					t.Errorf("%q, %t: %+v, %d silences", undated, dated == "", o, len(rep.Silences))
				}
			})
		}
	}
}
