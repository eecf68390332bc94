package derive

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/fixtures"
	"fluxtrail/parse"
)

// script plays runs of objects that are written as text, one step a line: a time since the start,
// an object, what happens to it, and more. See step.
type script struct {
	t *testing.T
	e *Engine
	n uint64 // counts runs: each step is a run of its own, unless it names one with id=
	*replayed
}

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).UnixNano()

func play(t *testing.T, cfg Config, steps string) *script {
	t.Helper()
	s := &script{t: t, e: New(cfg), replayed: &replayed{}}
	s.cfg = s.e.Config()
	s.more(steps)
	return s
}

func (s *script) more(steps string) {
	s.t.Helper()
	for line := range strings.Lines(steps) {
		if words := strings.Fields(line); len(words) > 0 {
			s.step(words)
		}
	}
}

// view takes what came out so far.
func (s *script) view() *replayed {
	s.take(s.e)
	s.View = s.e.View()
	return s.replayed
}

var verbs = map[string]parse.Record{
	"ok":           {Meaning: parse.Finished, Kind: "Kustomization", Level: parse.LevelInfo, Took: 1e9, Next: 600e9, Msg: "Reconciliation finished in 1s, next run in 10m0s"},
	"fails":        {Meaning: parse.Failed, Kind: "Kustomization", Level: parse.LevelError, Took: 1e9, Next: 60e9, Error: "kustomize build failed: x"},
	"errs":         {Meaning: parse.ReconcilerError, Kind: "Kustomization", Level: parse.LevelError, Msg: "Reconciler error", Error: "kustomize build failed: x"},
	"stalls":       {Meaning: parse.Stalled, Kind: "Kustomization", Level: parse.LevelError, Error: "terminal error: x"},
	"waits":        {Meaning: parse.WaitSource, Kind: "Kustomization", Level: parse.LevelInfo, Next: 30e9, Msg: "Source artifact not found, retrying in 30s"},
	"depends":      {Meaning: parse.WaitDependency, Kind: "Kustomization", Level: parse.LevelInfo, Next: 30e9, Msg: "Dependencies do not meet ready condition, retrying in 30s"},
	"works":        {Meaning: parse.Progress, Kind: "Kustomization", Level: parse.LevelInfo, Msg: "server-side apply completed"},
	"is-ready":     {Meaning: parse.DepsReady, Kind: "Kustomization", Level: parse.LevelInfo, Msg: "All dependencies are ready, proceeding with reconciliation"},
	"cancels":      {Meaning: parse.Canceled, Kind: "Kustomization", Level: parse.LevelInfo},
	"is-suspended": {Meaning: parse.Suspended, Kind: "Kustomization", Level: parse.LevelInfo},
	"is-created":   {Meaning: parse.Created, Kind: "Kustomization", Level: parse.LevelInfo},
	"is-deleted":   {Meaning: parse.Deleted, Kind: "Kustomization", Level: parse.LevelInfo},
	"says":         {Meaning: parse.None, Kind: "Kustomization", Level: parse.LevelInfo, Msg: "something"},
	"fetched":      {Meaning: parse.Succeeded, Kind: "GitRepository", Level: parse.LevelInfo, Msg: "artifact up-to-date"},
	"unfetched":    {Meaning: parse.ReconcilerError, Kind: "GitRepository", Level: parse.LevelError, Msg: "Reconciler error", Error: "failed to checkout and determine revision: x"},
	"finished":     {Meaning: parse.Finished, Kind: "HelmRelease", Level: parse.LevelInfo, Took: 1e9, Next: 300e9, Msg: "reconcilation finished in 1s, next run in 5m0s"},
	"is-failed":    {Meaning: parse.FailedState, Kind: "HelmRelease", Level: parse.LevelInfo, Msg: "release is in a failed state"},
	"erred":        {Meaning: parse.ReconcilerError, Kind: "HelmRelease", Level: parse.LevelError, Msg: "Reconciler error", Error: "Helm upgrade failed: x"},
	"starts":       {Meaning: parse.Start, Kind: "Kustomization", Level: parse.LevelInfo, Msg: "starting manager"},
	"stops":        {Meaning: parse.Shutdown, Kind: "Kustomization", Level: parse.LevelInfo, Msg: "Shutdown signal received"},
	"awaits":       {Meaning: parse.WaitDependency, Kind: "HelmRelease", Level: parse.LevelInfo, Next: 30e9},
}

// step is "TIME NAME VERB [key=value…]", or "TIME now" to let time pass, "TIME window", or "TIME
// rewind". TIME is a duration since the start. Keys: id of the run ("-" for none, as before 2022), rev, error, next,
// kind, on (the dependency that is awaited).
func (s *script) step(words []string) {
	s.t.Helper()
	d, err := time.ParseDuration(words[0])
	if err != nil {
		s.t.Fatal(err)
	}
	at := noon + int64(d)
	switch words[1] {
	case "now":
		s.e.Advance(at)
		return
	case "rewind":
		s.e.Rewind(at)
		return
	case "window":
		s.e.Advance(at)
		s.e.BeginWindow()
		return
	}
	r, ok := verbs[words[2]]
	if !ok {
		s.t.Fatalf("what is %q?", words[2])
	}
	s.n++
	r.Time, r.Namespace, r.Name, r.IDHash = at, "apps", words[1], s.n
	for _, w := range words[3:] {
		s.set(&r, w)
	}
	if r.IDHash != 0 {
		r.ID = fmt.Sprint(r.IDHash)
	}
	s.e.Add(&r, Place{Line: int64(s.n)})
}

func (s *script) set(r *parse.Record, word string) {
	s.t.Helper()
	key, value, _ := strings.Cut(word, "=")
	switch key {
	case "id":
		r.IDHash = map[bool]uint64{false: 1000, true: 0}[value == "-"]
		for _, c := range strings.TrimPrefix(value, "-") {
			r.IDHash = r.IDHash*31 + uint64(c)
		}
	case "rev":
		r.Revision = "main@sha1:" + strings.Repeat(value, 40)
	case "error":
		r.Error = strings.ReplaceAll(value, "_", " ")
	case "kind":
		r.Kind = value
	case "on":
		r.Msg = fmt.Sprintf("dependencies do not meet ready condition (dependency 'apps/%s' is not ready): retrying in 30s", value)
	case "next":
		d, err := time.ParseDuration(value)
		if err != nil {
			s.t.Fatal(err)
		}
		r.Next = int64(d)
	default:
		s.t.Fatalf("what is %q?", word)
	}
}

// brief says in one line what came out: objects, then incidents.
func (s *script) brief() string {
	v := s.view()
	var words []string
	for _, o := range v.Objects {
		words = append(words, o.Name+" "+o.Status.String())
	}
	for _, i := range append(v.ended, v.Open...) {
		w := fmt.Sprintf("| %s %s %v..", i.Object.Name, i.State(), time.Duration(i.OpenedAt-noon))
		if i.ResolvedAt != 0 {
			w += time.Duration(i.ResolvedAt - noon).String()
		}
		words = append(words, strings.TrimSpace(fmt.Sprintf("%s runs=%d flaps=%d %s", w, i.Attempts, i.Flaps, i.ClosedReason)))
	}
	return strings.Join(words, " ")
}

func TestIncident(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"pending until the hold", "0s a fails\n59.999s now", "a failing | a pending 0s.. runs=1 flaps=0"},
		{"firing from the hold on", "0s a fails\n60s now", "a failing | a firing 0s.. runs=1 flaps=0"},
		{"one incident for many failures", "0s a fails\n1m a fails\n2m a fails rev=2", "a failing | a firing 0s.. runs=3 flaps=0"},
		{"healing is not resolved", "0s a fails\n1m a ok\n5m59.999s now", "a ready | a firing 0s.. runs=1 flaps=0"},
		{"a success that held", "0s a fails\n1m a ok\n6m now", "a ready | a resolved 0s..1m0s runs=1 flaps=0"},
		{"more successes do not put it off", "0s a fails\n1m a ok\n3m a ok\n6m now", "a ready | a resolved 0s..1m0s runs=1 flaps=0"},
		{"a flap", "0s a fails\n1m a ok\n5m59s a fails\n7m a ok\n12m now", "a ready | a resolved 0s..7m0s runs=2 flaps=1"},
		{"a new incident at the instant that the success has held", "0s a fails\n1m a ok\n6m a fails", "a failing | a resolved 0s..1m0s runs=1 flaps=0 | a pending 6m0s.. runs=1 flaps=0"},
		{"short, but resolved", "0s a fails\n1s a ok\n6m now", "a ready | a resolved 0s..1s runs=1 flaps=0"},
		{"progress does not end it", "0s a fails\n1m a works id=x\n1m5s now", "a failing | a firing 0s.. runs=1 flaps=0"},
		{"a canceled run neither", "0s a fails\n1m a works id=x\n1m1s a cancels id=x\n1m2s a fails", "a failing | a firing 0s.. runs=2 flaps=0"},
		{"waiting for a dependency neither", "0s a fails\n1m a depends", "a waiting | a firing 0s.. runs=1 flaps=0"},
		{"suspension closes it", "0s a fails\n1m a is-suspended\n9m now", "a suspended | a closed 0s..1m0s runs=1 flaps=0 suspended"},
		{"deletion closes it", "0s a fails\n1m a is-deleted", "a deleted | a closed 0s..1m0s runs=1 flaps=0 deleted"},
		{"suspended while healing is resolved", "0s a fails\n1m a ok\n2m a is-suspended", "a suspended | a resolved 0s..1m0s runs=1 flaps=0"},
		{"deleted while healing is resolved", "0s a fails\n1m a ok\n2m a is-deleted", "a deleted | a resolved 0s..1m0s runs=1 flaps=0"},
		{"resumed and failing is a new one", "0s a fails\n1m a is-suspended\n9m a fails", "a failing | a closed 0s..1m0s runs=1 flaps=0 suspended | a pending 9m0s.. runs=1 flaps=0"},
		{"stalled", "0s a stalls\n2m now", "a stalled | a firing 0s.. runs=1 flaps=0"},
		{"waiting for a dependency is none", "0s a depends\n10m now", "a silent"},
		{"a short wait for a source is none", "0s a waits\n4.999s a ok", "a ready"},
		{"a short wait is not shown", "0s a waits\n4.999s now", "a waiting"},
		{"a long one is shown", "0s a waits\n5s now", "a waiting | a pending 0s.. runs=0 flaps=0"},
		{"a long one is an incident", "0s a waits\n5s a ok\n6m now", "a ready | a resolved 0s..5s runs=0 flaps=0"},
		{"a short wait before a failure does not count", "0s a waits\n1s a works id=x\n4s a fails id=x", "a failing | a pending 4s.. runs=1 flaps=0"},
		{"a long wait before a failure counts", "0s a waits\n30s a works id=x\n31s a fails id=x", "a failing | a pending 0s.. runs=1 flaps=0"},
		{"a wait that turns into another wait", "0s a waits\n1s a depends\n1m a ok", "a ready"},
		{"deleted while waiting for a moment", "0s a waits\n1s a is-deleted", "a deleted"},
		{"deleted while waiting for long", "0s a waits\n1m a is-deleted", "a deleted | a closed 0s..1m0s runs=0 flaps=0 deleted"},
		{"a failing object that waits keeps its incident", "0s a fails\n1m a waits\n2m a ok\n7m now", "a ready | a resolved 0s..2m0s runs=1 flaps=0"},
		{"a long wait while healing is a flap", "0s a fails\n1m a ok\n2m a waits\n3m a ok\n8m now", "a ready | a resolved 0s..3m0s runs=1 flaps=1"},
		{"a short wait while healing is none", "0s a fails\n1m a ok\n2m a waits\n2m1s a ok\n6m now", "a ready | a resolved 0s..1m0s runs=1 flaps=0"},
	} {
		t.Run(x.name, func(t *testing.T) {
			if diff := cmp.Diff(x.want, play(t, Config{}, x.steps).brief()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// The rules are configurable, and zero means the default.
func TestConfig(t *testing.T) {
	t.Parallel()
	cfg := Config{Hold: time.Second, Keep: 10 * time.Second, Grace: 3 * time.Minute}
	for steps, want := range map[string]string{
		"0s a fails\n1s now":                                "a failing | a firing 0s.. runs=1 flaps=0",
		"0s a fails\n5s a ok\n15s now":                      "a ready | a resolved 0s..5s runs=1 flaps=0",
		"0s a ok next=1m\n4m0.001s now":                     "a silent",
		"0s a ok next=1m\n24h now\n2m now":                  "a ready",          // the clock was wrong
		"0s a ok next=1m\n9m b ok next=1m\n24h now\n2m now": "a silent b ready", // but not behind the records
		"0s a ok next=1m\n3m59.999s now":                    "a ready",
	} {
		if got := play(t, cfg, steps).brief(); got != want {
			t.Errorf("%q: %s, want %s", steps, got, want)
		}
	}
	if err := (Config{Keep: -time.Second}).Validate(); err == nil || !strings.Contains(err.Error(), "keep") {
		t.Error(err)
	}
	if err := (Config{}).Validate(); err != nil {
		t.Error(err)
	}
}

// Runs are counted, not lines.
func TestAttempts(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, steps string
		want        Counts
	}{
		{"two lines, one id", "0s a errs id=1\n0.1s a errs id=1", Counts{Failed: 1}},
		{"two ids", "0s a errs id=1\n0s a errs id=2", Counts{Failed: 2}},
		{"progress, then success", "0s a works id=1\n3s a works id=1\n9s a ok id=1", Counts{Succeeded: 1}},
		{"success taken back by an error", "0s a ok id=1\n0.001s a errs id=1", Counts{Failed: 1}},
		{"failure mended in the same run", "0s a errs id=1 kind=GitRepository\n1s a fetched id=1", Counts{Succeeded: 1}},
		{"a stalled run stays stalled", "0s a stalls id=1\n0s a errs id=1", Counts{Stalled: 1}},
		{"failed, then given up", "0s a errs id=1\n0s a stalls id=1", Counts{Stalled: 1}},
		{"a wait and its end", "0s a waits id=1\n0s a ok id=1", Counts{Waiting: 1}},
		{"a lost race", "0s a errs id=1 error=Operation_cannot_be_fulfilled:_the_object_has_been_modified;_please_apply_your_changes_to_the_latest_version_and_try_again", Counts{Other: 1}},
		{"cut off", "0s a fails id=1 error=health_check_failed_after_3s:_context_canceled", Counts{Other: 1}},
		{"canceled", "0s a cancels id=1", Counts{Other: 1}},
		{"interleaving pods", "0s a works id=1\n1s a works id=2\n2s a ok id=1\n3s a ok id=2", Counts{Succeeded: 2}},
		{"three of them", "0s a works id=1\n1s a works id=2\n2s a works id=3\n3s a ok id=2\n4s a ok id=3", Counts{Succeeded: 2, Other: 1}},
		{"no outcome", "0s a says id=1\n9s a says id=2", Counts{Other: 2}},

		{"old: two errors are two runs", "0s a errs id=-\n0s a errs id=-", Counts{Failed: 2}},
		{"old: finished and its error", "0s a ok id=-\n0.001s a errs id=-", Counts{Failed: 1}},
		{"old: helm's finished and its error", "0s a finished id=-\n0s a erred id=-", Counts{Failed: 1}},
		{"old: an error long after is another run", "0s a ok id=-\n1.001s a errs id=-", Counts{Succeeded: 1, Failed: 1}},
		{"old: an error and the finished behind it", "0s a errs id=-\n0.3s a ok id=-", Counts{Failed: 1, Succeeded: 1}},
		{"old: two successes are two runs", "0s a ok id=-\n0.5s a ok id=-", Counts{Succeeded: 2}},
		{"old: wait and finished", "0s a waits id=-\n0.01s a ok id=-", Counts{Waiting: 1}},
		{"old: failure and finished", "0s a fails id=-\n0.01s a ok id=-", Counts{Failed: 1}},
		{"old: progress and success", "0s a works id=-\n1m a ok id=-", Counts{Succeeded: 1}},
		{"old: scan and error twice", "0s a fetched id=-\n1m a unfetched id=- kind=GitRepository\n2m a unfetched id=-", Counts{Succeeded: 1, Failed: 2}},
		{"old: an event's failure and the error", "0s a fails id=-\n0.001s a errs id=-\n2s a fails id=-\n2.001s a errs id=-", Counts{Failed: 2}},
	} {
		t.Run(x.name, func(t *testing.T) {
			var got Counts
			for _, o := range play(t, Config{}, x.steps).view().Objects {
				got = Counts{got.Succeeded + o.Counts.Succeeded, got.Failed + o.Counts.Failed, got.Waiting + o.Counts.Waiting, got.Stalled + o.Counts.Stalled, got.Other + o.Counts.Other}
			}
			if got != x.want {
				t.Errorf("%+v, want %+v", got, x.want)
			}
		})
	}
}

// TestAttemptsComeOnce hands over each attempt once, whatever is written or read late, and with a
// new process at each line.
func TestAttemptsComeOnce(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"a second line in time", "0s a errs id=1\n1s a fails id=1\n9s b ok id=7", "failed"},
		{"a second line that is late", "0s a errs id=1\n9s b ok id=7\n1s a fails id=1\n20s b ok id=8", "failed"},
		{"a success whose error is late", "0s a ok id=1\n9s b ok id=7\n0.1s a errs id=1\n20s b ok id=8", "succeeded"},
		{"late, and the next attempt", "0s a errs id=1\n9s b ok id=7\n1s a fails id=1\n30s a ok id=2\n40s b ok id=8", "failed succeeded"},
		{"attempts of two pods", "0s a works id=1\n1s a works id=2\n2s a ok id=1\n2.5s a fails id=2\n9s b ok id=7", "succeeded failed"},
		{"a late line of the attempt before", "0s a ok id=1\n1s a works id=2\n1.1s a fails id=2\n1.2s a ok id=1\n9s b ok id=7", "succeeded failed"},
		{"without ids", "0s a errs id=-\n0s a errs id=-\n9s b ok id=7", "failed failed"},
		{"a release that is found failed, and mended", "0s a erred id=1\n60s a is-failed id=2\n90s a fetched id=2 kind=HelmRelease\n500s b ok id=7", "failed succeeded"},
		{"a release that is found failed, and stays so", "0s a erred id=1\n60s a is-failed id=2\n61s b ok id=7\n500s b ok id=8", "failed failed"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			for _, cut := range []bool{false, true} {
				s, got := play(t, Config{KeepAttempts: true}, ""), []string{}
				for step := range strings.Lines(x.steps + "\n900s b ok id=9") {
					s.more(step)
					for _, a := range s.e.TakeAttempts() {
						if a.Object.Name == "a" {
							got = append(got, a.Outcome)
						}
					}
					if cut {
						saved, err := json.Marshal(s.e)
						s.e = New(s.e.Config())
						if err := errors.Join(err, json.Unmarshal(saved, s.e)); err != nil {
							t.Fatal(err)
						}
					}
				}
				if got := strings.Join(got, " "); got != x.want {
					t.Errorf("cut %v: %q, want %q", cut, got, x.want)
				}
			}
		})
	}
}

// A revision is the last good one after a success that nothing took back.
func TestLastGood(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"a success", "0s a ok rev=1", "1"},
		{"not a failure", "0s a ok rev=1\n1m a fails rev=2", "1"},
		{"not a wait", "0s a ok rev=1\n1m a depends rev=2", "1"},
		{"the latest success", "0s a ok rev=1\n1m a ok rev=2", "2"},
		{"a success without a revision does not change it", "0s a ok rev=1\n1m a fails rev=2\n2m a ok", "1"},
		{"nor one that is taken back", "0s a ok rev=1 id=-\n10s a ok rev=2 id=-\n10.001s a errs id=-", "1"},
		{"forgotten when deleted", "0s a ok rev=1\n1m a is-deleted", ""},
	} {
		s := play(t, Config{}, x.steps+"\n5m now")
		want := ""
		if x.want != "" {
			want = "main@sha1:" + strings.Repeat(x.want, 40)
		}
		if got := s.view().Objects[0].LastGood; got != want {
			t.Errorf("%s: %q, want %q", x.name, got, want)
		}
	}
}

func TestPromises(t *testing.T) {
	t.Parallel()
	cadence := func(every, last string) string {
		var b strings.Builder
		d, _ := time.ParseDuration(every)
		for n := range 7 {
			fmt.Fprintf(&b, "%s a fetched\n", time.Duration(n)*d)
		}
		return b.String() + last
	}
	for _, x := range []struct{ name, steps, want string }{
		{"kept", "0s a ok next=5m\n5m a ok next=5m", "ready"},
		{"late within a minute", "0s a ok next=1m\n2m now", "ready"},
		{"late beyond", "0s a ok next=1m\n2m0.001s now", "silent 1m0s times=1"},
		{"late within half of what was promised", "0s a ok next=10m\n15m now", "ready"},
		{"late beyond half", "0s a ok next=10m\n15m0.001s now", "silent 10m0s times=1"},
		{"kept late", "0s a ok next=1m\n3m a ok next=1m", "ready kept 3m0s times=1"},
		{"kept late twice: the worse is told", "0s a ok next=1m\n9m a ok next=1m\n13m a ok next=1m", "ready kept 9m0s times=2"},
		{"broken again", "0s a ok next=1m\n9m a ok next=1m\n12m now", "silent 10m0s times=2"},
		{"any sign of life keeps it", "0s a ok next=5m\n5m a works", "ready"},
		{"a failure promises, too", "0s a fails next=1m\n4m now", "silent 1m0s times=1"},
		{"a wait as well", "0s a depends\n4m now", "silent 30s times=1"},
		{"an error takes it back", "0s a ok next=1m\n1m a errs\n30m now", "failing"},
		{"suspension, too", "0s a ok next=1m\n30s a is-suspended\n30m now", "suspended"},
		{"deletion, too", "0s a ok next=1m\n30s a is-deleted\n30m now", "deleted"},
		{"no promise", "0s a fetched\n30m now", "ready"},
		{"no cadence yet", "0s a fetched\n1m a fetched\n2m a fetched\n3m a fetched\n4m a fetched\n5m a fetched\n1h now", "ready"},
		{"a cadence", cadence("1m", "8m now"), "ready"},
		{"a broken one", cadence("1m", "8m0.001s now"), "silent 7m0s times=1"},
		{"a cadence of seconds is none", cadence("4s", "1h now"), "ready"},
		{"a failure ends a cadence", cadence("1m", "7m a unfetched\n1h now"), "failing"},
		{"uneven", cadence("1m", "9m a fetched\n1h now"), "ready kept 9m0s times=1"},
		{"beyond any life span", "0s a ok next=5000h\n6000h now", "ready"},
	} {
		t.Run(x.name, func(t *testing.T) {
			v := play(t, Config{}, x.steps).view()
			got := v.Objects[0].Status.String()
			if at := v.Objects[0].SilentSince; at != 0 {
				got += " " + time.Duration(at-noon).String()
			}
			for _, s := range v.Silences {
				if s.Kept != 0 {
					got += " kept " + time.Duration(s.Kept-noon).String()
				}
				got += fmt.Sprintf(" times=%d", s.Times)
			}
			if got != x.want {
				t.Errorf("%s, want %s", got, x.want)
			}
		})
	}
}

// Causes are followed to the end of the chain.
func TestCauses(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, steps, want string }{
		{"named", "0s db erred\n1s web awaits on=db", "web<-HelmRelease/apps/db"},
		{"the end of the chain", "0s db erred\n1s web awaits on=db\n2s front awaits on=web", "front<-HelmRelease/apps/db web<-HelmRelease/apps/db"},
		{"the chain may close later", "0s web awaits on=db\n1s db erred", "web<-HelmRelease/apps/db"},
		{"of which no log speaks", "0s web awaits on=db", "web<-HelmRelease/apps/db"},
		{"itself is no cause", "0s web awaits on=web", ""},
		{"two that wait for each other", "0s a awaits on=b\n1s b awaits on=a", ""},
		{"one that waits for a ring", "0s a awaits on=b\n1s b awaits on=a\n2s c awaits on=a", ""},
		{"what recovered is none", "0s db erred id=1\n1s web awaits on=db\n2m db finished\n3m now", ""},
		{"who recovered has none", "0s db erred\n1s web awaits on=db\n2s web finished\n3m now", ""},
		{"inferred: the only one", "0s db fails\n1s web depends", "web<-Kustomization/apps/db"},
		{"inferred: not from two", "0s db fails\n0s dc fails\n1s web depends", ""},
		{"inferred: not when another runs", "0s db fails\n1s hc works id=1\n4s web depends", ""},
		{"inferred: nor when that one failed later", "0s db fails\n1s hc works id=1\n4s web depends\n30s hc fails id=1\n34s web depends", ""},
		{"inferred: nor before it is seen to run for long", "0s db fails\n1s hc works id=1\n1s web depends", ""},
		{"inferred: when that one succeeded", "0s db fails\n1s hc works id=1\n4s web depends\n30s hc ok id=1\n34s web depends", "web<-Kustomization/apps/db"},
		{"inferred: when the other began later", "0s db fails\n4s web depends\n30s hc works id=1\n34s web depends", "web<-Kustomization/apps/db"},
		{"inferred: when the other is no dependency", "0s hc fails\n1s web is-ready\n2s hc ok\n3s db fails\n4s hc works id=1\n8s web depends", "web<-Kustomization/apps/db"},
		{"inferred: not while a failing one runs again", "0s db fails\n0s hc fails\n5s hc works id=1\n9s web depends", ""},
		{"inferred: by elimination", "0s db fails\n1s web is-ready\n2s dc fails\n3s web depends", "web<-Kustomization/apps/dc"},
		{"inferred: not from who waits as well", "0s db fails\n1s web depends\n2s front depends", "front<-Kustomization/apps/db web<-Kustomization/apps/db"},
		{"inferred: not from another kind", "0s db erred\n1s web depends", ""},
		{"inferred: the only source", "0s git unfetched\n1s web waits", "web<-GitRepository/apps/git"},
		{"inferred: not from two sources", "0s git unfetched\n0s gut unfetched\n1s web waits", ""},
		{"inferred: the source at this revision", "0s git fetched rev=1\n0s gut fetched rev=2\n1s web ok rev=1\n2s git unfetched\n2s gut unfetched\n3s web waits", "web<-GitRepository/apps/git"},
		{"named in an error", "0s git unfetched\n1s web fails error=failed_to_download_artifact_from_http://source-controller/gitrepository/apps/git/x.tar.gz", "web<-GitRepository/apps/git"},
		{"a source that is well is no cause", "0s git fetched\n1s web fails error=failed_to_download_artifact_from_http://source-controller/gitrepository/apps/git/x.tar.gz", ""},
		{"a failure of its own", "0s git unfetched\n1s web fails", ""},
		{"waited, then failed for itself", "0s db fails\n1s web depends\n2s web fails", ""},
		{"a health check of another object", "0s db fails\n1s web fails error=health_check_failed_after_1s:_timeout_waiting_for:_[Kustomization/apps/db_status:_'InProgress']", "web<-Kustomization/apps/db"},
	} {
		t.Run(x.name, func(t *testing.T) {
			var words []string
			for _, o := range play(t, Config{}, x.steps).view().Objects {
				if o.Root != (Ref{}) {
					words = append(words, o.Name+"<-"+o.Root.String())
				}
			}
			if got := strings.Join(words, " "); got != x.want {
				t.Errorf("%s, want %s", got, x.want)
			}
		})
	}
}

// The root incident knows whom it hits, in the order in which they were hit, also those that were
// seen to be hit only at the end.
func TestAffected(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "0s web awaits on=db\n1s api awaits on=db\n2s front awaits on=web\n3s db erred\n4s api awaits on=db")
	s.e.Settle()
	v := s.view()
	if len(v.Open) != 1 {
		t.Fatal(s.brief())
	}
	var want []Ref
	for _, name := range []string{"api", "front", "web"} {
		want = append(want, Ref{Kind: "HelmRelease", Namespace: "apps", Name: name})
	}
	if diff := cmp.Diff(want, v.Open[0].Affected); diff != "" {
		t.Error(diff)
	}
}

// A window forgets what was counted, and keeps what is.
func TestWindow(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "0s b ok next=1m\n0s c says\n5m b ok next=1m\n5m50s a fails id=1\n6m window")
	s.e.Take()
	s.more("6m1s b ok\n6m30s a fails id=1")
	v := s.view()
	want := `object Kustomization/apps/a failing since 12:05:50.000 ready=False BuildFailed
  runs failed=1 took p50=1s max=1s
`
	if got := describeOnly(&v.Objects[0]); !strings.HasPrefix(got, want) {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := s.brief(); got != "a failing b ready c unknown | a pending 5m50s.. runs=2 flaps=0" {
		t.Error(got)
	}
	if len(v.Silences) != 0 || len(v.Errors) != 1 || v.Errors[0].Count != 1 {
		t.Errorf("counted before the window: %+v %+v", v.Silences, v.Errors)
	}
	fresh := play(t, Config{}, "0s a fails\n0s b ok\n1m window").view()
	var at []string
	for _, tr := range fresh.transitions {
		at = append(at, fmt.Sprint(time.Duration(tr.At-noon), " ", tr.Object.Name, " ", tr.Status))
	}
	if got := strings.Join(at, ", "); got != "0s a failing, 0s b ready, 1m0s a failing, 1m0s b ready" {
		t.Error(got)
	}
}

func describeOnly(o *Seen) string {
	var w facts
	w.object(o)
	return w.String()
}

// At the end of a replay what only waits for time to pass is believed.
func TestSettle(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "0s a fails\n1m a ok\n1m b finished id=-\n1m c works")
	if got := s.brief(); got != "b unknown a ready c unknown | a firing 0s.. runs=1 flaps=0" {
		t.Error(got)
	}
	s.e.Settle()
	if got := s.brief(); got != "b ready a ready c progressing | a resolved 0s..1m0s runs=1 flaps=0" {
		t.Error(got)
	}
}

// Records that are older than their predecessors, or have no time, are taken, and the clock never
// goes back.
func TestDisorder(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "10m a fails\n5m a ok\n9m b fails")
	if v := s.view(); v.At != noon+int64(10*time.Minute) {
		t.Error("the clock went to", v.At)
	}
	r := verbs["fails"]
	r.Namespace, r.Name = "apps", "c"
	s.e.Add(&r, Place{})
	if v := s.view(); v.At != noon+int64(10*time.Minute) || v.Objects[len(v.Objects)-1].Since != v.At {
		t.Errorf("%+v", v.Objects[len(v.Objects)-1])
	}
	for _, steps := range []string{"10m a fails\n5m a ok\n16m now", "10m a fails\n5m a is-suspended"} {
		if i := play(t, Config{}, steps).view().ended; len(i) != 1 || i[0].ResolvedAt != i[0].OpenedAt {
			t.Errorf("%s: over before it began: %+v", steps, i)
		}
	}
}

// The id of an incident depends on its object and its beginning alone.
func TestIncidentID(t *testing.T) {
	t.Parallel()
	id := play(t, Config{}, "0s a fails").view().Open[0].ID
	late := play(t, Config{Hold: time.Hour}, "-1m b fails\n0s a fails rev=3\n1m a fails").view().Open[1].ID
	other := play(t, Config{}, "1ms a fails").view().Open[0].ID
	if id != late || id == other || len(id) != 12 {
		t.Error(id, late, other)
	}
}

// The same input gives the same output: twice, with sources announced in another order, and saved
// and restored at any line.
func TestDeterminism(t *testing.T) {
	t.Parallel()
	for _, c := range fixtures.Cases("derive") {
		t.Run(c.Name(), func(t *testing.T) {
			want := replay(t, &c).String()
			for range 3 {
				if diff := cmp.Diff(want, replay(t, &c).String()); diff != "" {
					t.Fatal(diff)
				}
			}
			if diff := cmp.Diff(want, shuffled(t, &c).String()); diff != "" {
				t.Errorf("with other numbers of sources: %s", diff)
			}
			restored(t, &c)
		})
	}
}

// shuffled replays a case whose sources have other numbers.
func shuffled(t *testing.T, c *fixtures.Case) *replayed {
	t.Helper()
	cfg, now := settings(t, c.Section("config"))
	numbered := New(cfg)
	all := input(numbered, c)
	e := New(cfg)
	last := int32(len(numbered.sources)) - 1
	for i := range numbered.sources {
		pod := ""
		if p := numbered.sources[last-int32(i)]; p != nil {
			pod = p.Name
		}
		e.AddSource(int32(i), pod)
	}
	for i := range all {
		all[i].at.Source = last - all[i].at.Source
	}
	return finish(e, all, now)
}

func finish(e *Engine, all []entry, now int64) *replayed {
	out := &replayed{cfg: e.Config()}
	for i := range all {
		e.Add(&all[i].rec, all[i].at)
		out.take(e)
	}
	e.Advance(now)
	e.Settle()
	out.take(e)
	out.View = e.View()
	return out
}

// restored saves and restores the engine at each line of a case. Durations are not saved.
func restored(t *testing.T, c *fixtures.Case) {
	t.Helper()
	cfg, now := settings(t, c.Section("config"))
	first := New(cfg)
	all := input(first, c)
	want := undated(finish(first, all, now).String())
	for cut := 1; cut < len(all); cut++ {
		before := New(cfg)
		input(before, c)
		out := &replayed{}
		for i := range all[:cut] {
			before.Add(&all[i].rec, all[i].at)
			out.take(before)
		}
		saved, err := json.Marshal(before)
		if err != nil {
			t.Fatal(err)
		}
		after := New(cfg)
		if err := json.Unmarshal(saved, after); err != nil {
			t.Fatal(err)
		}
		input(after, c)
		rest := finish(after, all[cut:], now)
		rest.transitions = append(out.transitions, rest.transitions...)
		rest.ended = append(out.ended, rest.ended...)
		if diff := cmp.Diff(want, undated(rest.String())); diff != "" {
			t.Fatalf("cut after line %d: %s", cut, diff)
		}
	}
}

// undated leaves out the lines about durations.
func undated(report string) string {
	var b strings.Builder
	for line := range strings.Lines(report) {
		if !strings.HasPrefix(line, "  runs ") {
			b.WriteString(line)
		}
	}
	return b.String()
}
