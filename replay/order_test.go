package replay

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/tail"
	"fluxtrail/tail/discover"
)

// reconciled is a line of kustomize-controller about an object, seconds after a fixed time.
func reconciled(second int, name string, failed bool) string {
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC).Add(time.Duration(second) * time.Second)
	rest := `"level":"info","msg":"Reconciliation finished in 1s, next run in 10m0s"`
	if failed {
		rest = `"level":"error","msg":"Reconciliation failed after 1s, next try in 1m0s","error":"kustomize build failed: x"`
	}
	level, rest, _ := strings.Cut(rest, ",")
	return fmt.Sprintf(`{%s,"ts":%q,%s,"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io",`+
		`"controllerKind":"Kustomization","Kustomization":{"name":%q,"namespace":"apps"},"namespace":"apps","name":%q,`+
		`"reconcileID":"00000000-0000-4000-8000-%012d"}`, level, at.Format("2006-01-02T15:04:05.000Z"), rest, name, name, second)
}

// story is a minute of three objects: a fails and recovers, b fails to the end, c is well.
func story() []string {
	var lines []string
	for s := range 20 {
		lines = append(lines, reconciled(3*s, "a", s >= 5 && s < 15), reconciled(3*s+1, "b", s >= 10), reconciled(3*s+2, "c", false))
	}
	return lines
}

// replayed replays a file with these lines and gives the statuses of its objects, and how it was
// put in order.
func replayed(t *testing.T, lines []string) (statuses []string, order string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "x.log")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Run(t.Context(), Options{Paths: []string{path}}, func(_ context.Context, rep *api.Report) error {
		for _, o := range rep.Objects {
			statuses = append(statuses, fmt.Sprint(o.Name, " ", o.Status, " ", o.Attempts.Succeeded, "/", o.Attempts.Failed))
		}
		if n := int64(len(lines)); rep.Input.Lines != n {
			t.Errorf("%d lines were read, %d are there", rep.Input.Lines, n)
		}
		order = rep.Input.Files[0].Order
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return statuses, order
}

// TestOrderDoesNotMatter replays the same lines in several orders.
func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	lines := story()
	want, order := replayed(t, lines)
	if order != "" || len(want) != 3 {
		t.Fatal(want, order)
	}
	back := slices.Clone(lines)
	slices.Reverse(back)
	byName := slices.Clone(lines)
	slices.SortStableFunc(byName, func(a, b string) int { return strings.Compare(field(a, `"name":"`), field(b, `"name":"`)) })
	shuffled := slices.Clone(lines)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	for _, c := range []struct {
		name  string
		lines []string
		order string
	}{
		{"newest first", back, orderReversed},
		{"one object after the other", byName, orderByTime},
		{"shuffled", shuffled, ""},
		{"behind pods, one after the other", prefixed(byName), orderByTime},
		{"behind pods, newest first", prefixed(back), orderReversed},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, order := replayed(t, c.lines)
			if d := cmp.Diff(want, got); d != "" {
				t.Errorf("(-in order +%s)\n%s", c.name, d)
			}
			if c.order != "" && order != c.order {
				t.Errorf("order is %q, want %q", order, c.order)
			}
		})
	}
}

func field(line, key string) string {
	_, rest, _ := strings.Cut(line, key)
	value, _, _ := strings.Cut(rest, `"`)
	return value
}

// prefixed puts a pod's name before each line, one pod for each object.
func prefixed(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = fmt.Sprintf("[pod/kustomize-controller-7d4f8b9c6d-%sbcdf/manager] %s", map[string]string{"a": "x", "b": "z", "c": "q"}[field(l, `"name":"`)], l)
	}
	return out
}

// TestOrderOfLinesWithoutTime keeps a stack trace behind its panic, whichever way the file goes.
func TestOrderOfLinesWithoutTime(t *testing.T) {
	t.Parallel()
	lines := []string{reconciled(0, "a", false), "panic: runtime error", "goroutine 1 [running]:", reconciled(10, "a", false), reconciled(20, "a", false)}
	slices.Reverse(lines)
	path := filepath.Join(t.TempDir(), "x.log")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	sources, _ := discover.Find([]string{path}, nil)
	o, err := order(t.Context(), func() *tail.Reader { return tail.NewReader(sources[0], tail.Options{}) })
	if err != nil {
		t.Fatal(err)
	}
	defer o.Close()
	var got []string
	for o.Next() {
		got = append(got, string(o.Line().Text))
	}
	slices.Reverse(lines)
	if d := cmp.Diff(lines, got); d != "" {
		t.Error(d)
	}
}

// TestSmallStepsBackAreNoDisorder leaves alone what programs do that write at the same time.
func TestSmallStepsBackAreNoDisorder(t *testing.T) {
	t.Parallel()
	lines := story()
	for i := 0; i+1 < len(lines); i += 2 {
		lines[i], lines[i+1] = lines[i+1], lines[i]
	}
	if _, order := replayed(t, lines); order != "" {
		t.Error(order)
	}
}

// TestPipesAreReadAgain replays what can be read only once.
func TestPipesAreReadAgain(t *testing.T) {
	t.Parallel()
	lines := story()
	slices.Reverse(lines)
	pipe := bytes.NewBufferString(strings.Join(lines, "\n"))
	err := Run(t.Context(), Options{Paths: []string{"-"}, Stdin: pipe}, func(_ context.Context, rep *api.Report) error {
		if len(rep.Objects) != 3 || rep.Input.Files[0].Order != orderReversed {
			t.Error(rep.Objects, rep.Input)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestSpansCountFromTheTrueEnd wants the end of a log that begins with the pod that ended first.
func TestSpansCountFromTheTrueEnd(t *testing.T) {
	t.Parallel()
	lines := story()
	var parts []string
	for _, name := range []string{"a", "b", "c"} {
		for i, l := range lines {
			if field(l, `"name":"`) == name && (name != "a" || i < len(lines)/2) {
				parts = append(parts, l)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "x.log")
	if err := os.WriteFile(path, []byte(strings.Join(parts, "\n")), 0o600); err != nil {
		t.Fatal(err)
	}
	opt := Options{Paths: []string{path}, Filter: Filter{Since: Instant{Before: 10 * time.Second}}}
	err := Run(t.Context(), opt, func(_ context.Context, rep *api.Report) error {
		if from, want := rep.Window.From.Time, rep.Window.To.Add(-10*time.Second); !from.Equal(want) {
			t.Errorf("the window begins at %v, ten seconds before its end is %v", from, want)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
