package derive

import (
	"cmp"
	"strings"
	"testing"
	"time"
)

// watch plays steps as a script does, and "TIME NAME sees key=value…" is an observation of the
// object: ready, reason, message (with _ for a space), since, at, kind, family, suspended, deleted,
// deleting, generation, observed, timeout, interval, and for other conditions TYPE=STATUS/REASON. A
// step "TIME KIND listed" is a complete listing.
func watch(t *testing.T, steps string) *script {
	t.Helper()
	s := play(t, Config{}, "")
	for line := range strings.Lines(steps) {
		switch words := strings.Fields(line); {
		case len(words) > 2 && words[2] == "sees":
			s.e.Observe(observation(t, words))
		case len(words) > 2 && words[2] == "listed":
			s.e.ObserveAll(Listing{Source: "list.json", Kind: words[1], At: since(t, words[0])})
		default:
			s.more(line)
		}
	}
	s.e.Settle()
	s.view()
	return s
}

func since(t *testing.T, text string) int64 {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return noon + int64(d)
}

func observation(t *testing.T, words []string) *Observation {
	t.Helper()
	o := &Observation{
		Ref: Ref{Kind: "Kustomization", Namespace: "apps", Name: words[1]}, Source: "state.json:7", Family: "object",
		At: since(t, words[0]), Suspended: No,
	}
	ready := Condition{Type: "Ready"}
	for _, word := range words[3:] {
		key, value, _ := strings.Cut(word, "=")
		value = strings.ReplaceAll(value, "_", " ")
		switch key {
		case "ready":
			ready.Status = value
		case "reason":
			ready.Reason = value
		case "message":
			ready.Message = value
		case "since":
			ready.Since = since(t, value)
		case "kind":
			o.Kind = value
		case "source":
			o.Source = value
		case "family":
			o.Family = value
		case "suspended":
			o.Suspended = Yes
		case "unsaid":
			o.Suspended = Unsaid
		case "static":
			o.Static = true
		case "deleted":
			o.Deleted = true
		case "deleting":
			o.Deleting = since(t, value)
		case "stale":
			o.Generation, o.Observed = 3, 2
		case "timeout":
			o.Timeout = time.Duration(since(t, value) - noon)
		case "interval":
			o.Interval = time.Duration(since(t, value) - noon)
		case "depends":
			o.DependsOn = append(o.DependsOn, Ref{Kind: o.Kind, Namespace: "apps", Name: value})
		case "from":
			kind, name, _ := strings.Cut(value, "/")
			o.Sources = append(o.Sources, Ref{Kind: kind, Namespace: "apps", Name: name})
		case "applies":
			kind, name, _ := strings.Cut(value, "/")
			o.Applies = append(o.Applies, Ref{Kind: kind, Namespace: "apps", Name: name})
		default:
			status, rest, _ := strings.Cut(value, "/")
			reason, message, _ := strings.Cut(rest, "/")
			o.Conditions = append(o.Conditions, Condition{Type: key, Status: status, Reason: reason, Message: message, Since: o.At})
		}
	}
	if ready.Status != "" {
		o.Conditions = append(o.Conditions, ready)
	}
	return o
}

// verdictCases has steps for each row of the table of verdicts, by the row's name; the object is
// called a. Want is the beginning of the explanation.
var verdictCases = []struct{ row, steps, want string }{
	{"gone from the API", `0s a ok
		30s a sees deleted`, "state.json:7 does not have it any more at 2026-11-20T12:00:30Z"},
	{"gone from the API", `0s a ok
		0s b ok
		30s b sees ready=True
		30s Kustomization listed`, "list.json does not have it any more"},
	{"deleted in the log", `0s a ok
		1s a sees ready=True
		1m a is-deleted
		2m now`, "the log tells of its deletion at 2026-11-20T12:01:00Z"},
	{"deletion hangs", `0s a ok
		20m a sees ready=True deleting=1m`, "its deletion was asked for at 2026-11-20T12:01:00Z and it is still there"},
	{"being deleted", `0s a ok
		1m a sees ready=True deleting=59s`, "its deletion was asked for"},
	{"suspended by its spec", `0s a fails
		1m a sees ready=False reason=BuildFailed suspended`, "state.json:7 says at 2026-11-20T12:01:00Z that it is suspended; its condition stays False/BuildFailed"},
	{"suspended by its spec", `0s a ok
		1m a sees ready=True suspended`, "state.json:7 says at 2026-11-20T12:01:00Z that it is suspended"},
	{"suspended in the log", `0s a ok
		1m a is-suspended`, "the log tells of its suspension at 2026-11-20T12:01:00Z"},
	{"suspended in the log", `0s a is-suspended kind=ArtifactGenerator
		1m a sees kind=ArtifactGenerator ready=True since=-1m`, "the log tells of its suspension"},
	{"Unknown for too long", `0s a works
		1s a sees ready=Unknown reason=Progressing message=Running_health_checks_with_a_timeout_of_30s since=0s
		10m now`, "Ready is Unknown since 2026-11-20T12:00:00Z (Running health checks with a timeout of 30s), longer than the 30s"},
	{"Unknown for too long", `30m b ok
		30m a sees ready=Unknown reason=Progressing since=1m`, "Ready is Unknown since 2026-11-20T12:01:00Z"},
	{"Unknown for too long", `0s a works
		1s a sees ready=Unknown reason=Progressing since=0s interval=1h timeout=40s
		30s a works
		5m a sees ready=Unknown reason=Progressing since=0s interval=1h timeout=40s
		5m now`, "Ready is Unknown since 2026-11-20T12:00:30Z (), longer than the 40s"},
	{"an attempt is under way", `0s a works
		1s a sees ready=Unknown reason=Progressing since=0s
		10m b ok
		10m now`, "an attempt is under way since 2026-11-20T12:00:00Z, which may take 15m0s"},
	{"an attempt is under way", `0s a works
		1s a sees ready=Unknown reason=Progressing since=0s interval=1h
		40m a sees ready=Unknown reason=Progressing since=0s interval=1h
		40m now`, "an attempt is under way since 2026-11-20T12:00:00Z, which may take 59m30s"},
	{"an attempt is under way", `0s a works
		1s a sees ready=Unknown reason=Progressing since=0s interval=1h timeout=2562047h
		10m now`, "an attempt is under way since 2026-11-20T12:00:00Z, which may take 2562047h0m0s"},
	{"it waits for a dependency or source", `0s a depends on=b
		0s b depends on=a
		1s a sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready
		1s b sees ready=False reason=DependencyNotReady message=dependency_'apps/a'_is_not_ready`,
		"it waits for Kustomization/apps/b, which waits for it in turn"},
	{"it waits for a dependency or source", `0s a depends on=b
		0s b depends on=c
		0s c depends on=b
		1s a sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready
		1s b sees ready=False reason=DependencyNotReady message=dependency_'apps/c'_is_not_ready
		1s c sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready`,
		"it waits for Kustomization/apps/b, which waits in a ring"},
	{"waits for what is ready, too long", `0s a depends on=b
		1s b sees ready=True since=1s
		1s a sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready
		10m a depends on=b
		10m b sees ready=True since=1s
		10m now`, "it waits for Kustomization/apps/b since 2026-11-20T12:00:00Z, which is ready since 2026-11-20T12:00:01Z"},
	{"silent, and the condition is as it was", `0s a ok next=1m
		20m a sees ready=True reason=ReconciliationSucceeded since=0s`,
		"the attempt that ended at 2026-11-20T12:00:00Z succeeded, and the next one, due at 2026-11-20T12:01:00Z, did not come"},
	{"both say that it is well", `0s a ok next=1m
		20m a sees ready=True reason=ReconciliationSucceeded since=19m`, "the attempt that ended at 2026-11-20T12:00:00Z succeeded, and the condition"},
	{"silent, and the condition is as it was", `0s a ok next=1m
		20m a sees ready=True reason=ReconciliationSucceeded since=0s
		20m now`, "the attempt that ended at 2026-11-20T12:00:00Z succeeded, and the next one, due at 2026-11-20T12:01:00Z, did not come; the condition says True"},
	{"silent, and the condition is as it was", `0s a fails next=1m
		20m now`, "the attempt that ended at 2026-11-20T12:00:00Z failed with BuildFailed, and the next one"},
	{"overdue by its interval", `0s b ok
		2h a sees ready=True since=10m interval=10m`, "the condition says True at 2026-11-20T14:00:00Z, but its last attempt ended at 2026-11-20T12:10:00Z"},
	{"the condition says that it is well", `0s b ok
		2h a sees ready=True since=10m interval=2562047h`, "the condition says True at"},
	{"the condition is still True", `0s a ok
		5m a fails next=10m
		6m a sees ready=True since=0s
		7m now`, "the attempt that ended at 2026-11-20T12:05:00Z failed with BuildFailed, but the condition says True"},
	{"the condition is still True", `0s a ok
		5m a fails next=10m
		8m a sees ready=True family=controller
		9m now`, "the attempt that ended"},
	{"True after the log's end", `0s a ok
		5m a fails next=10m
		9m a sees ready=True family=controller`, "the condition says True at 2026-11-20T12:09:00Z; the attempt that ended"},
	{"a success that has to hold", `0s a fails
		1m a ok
		1m a sees ready=True since=1m
		2m now`, "it failed from 2026-11-20T12:00:00Z, and succeeded at 2026-11-20T12:01:00Z"},
	{"a success that has to hold", `0s a fails
		2m a sees ready=True reason=ReconciliationSucceeded since=1m`, "it failed from"},
	{"the log has overtaken the condition, failing", `0s a ok
		1m a sees ready=True since=0s
		2m a fails`, "the attempt that ended at 2026-11-20T12:02:00Z failed with BuildFailed; the condition says True at 2026-11-20T12:01:00Z, which is from before"},
	{"both say that it fails", `0s a fails
		1s a sees ready=False reason=BuildFailed since=0s`, "the attempt that ended at 2026-11-20T12:00:00Z failed with BuildFailed, and the condition says False/BuildFailed"},
	{"both say that it fails", `0s a fails
		20s a works
		21s a sees ready=Unknown reason=Progressing since=20s`, "the attempt that ended at 2026-11-20T12:00:00Z failed with BuildFailed, and the condition says Unknown/Progressing at 2026-11-20T12:00:21Z, as it does while"},
	{"the log says that it fails", `0s a fails`, "the attempt that ended at 2026-11-20T12:00:00Z failed with BuildFailed"},
	{"it waits for a dependency or source", `0s b fails
		1s a depends
		1s a sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready`, "it waits for Kustomization/apps/b; the condition says False/DependencyNotReady"},
	{"it waits for a dependency or source", `0s b ok
		5s a sees ready=False reason=DependencyNotReady message=dependency_'apps/c'_is_not_ready`, "it waits for Kustomization/apps/c"},
	{"the condition says that it fails", `0s a ok
		2m a sees ready=False reason=BuildFailed message=no_such_file since=1m`, "the condition says False/BuildFailed at 2026-11-20T12:02:00Z and the attempt that ended at 2026-11-20T12:00:00Z succeeded: no such file"},
	{"the condition says that it fails", `0s b ok
		2m a sees ready=False reason=BuildFailed message=no_such_file`, "the condition says False/BuildFailed at 2026-11-20T12:02:00Z and the log shows no attempt of it: no such file"},
	{"the condition says that it fails", `0s b ok
		2m a sees ready=False family=controller`, "the condition says False at"},
	{"the log has overtaken the condition, ready", `0s a ok
		1m a sees ready=False reason=BuildFailed
		1m5s a ok
		2m now`, "the attempt that ended at 2026-11-20T12:01:05Z succeeded; the condition says False/BuildFailed at 2026-11-20T12:01:00Z, which is from before"},
	{"stale generation, too long", `0s a ok next=1h
		1m a sees ready=True stale
		40m a sees ready=True stale`, "the condition is about generation 2, the spec is at 3 since 2026-11-20T12:01:00Z"},
	{"stale generation", `0s a ok
		1m a sees ready=True stale`, "the condition is about generation 2, the spec is at 3: its controller has still"},
	{"an attempt is under way", `0s a works
		1m a sees ready=Unknown reason=Progressing message=Running_health_checks_with_a_timeout_of_30m since=0s
		20m now`, "an attempt is under way since 2026-11-20T12:00:00Z, which may take 30m0s"},
	{"the log shows an attempt under way", `0s a works
		10s now`, "the log shows an attempt under way since"},
	{"both say that it is well", `0s a ok
		1s a sees ready=True reason=ReconciliationSucceeded`, "the attempt that ended at 2026-11-20T12:00:00Z succeeded, and the condition says True/ReconciliationSucceeded at 2026-11-20T12:00:01Z"},
	{"the log says that it is well", `0s a ok`, "the attempt that ended at 2026-11-20T12:00:00Z succeeded"},
	{"the condition says that it is well", `0s b ok
		1s a sees ready=True reason=Succeeded`, "the condition says True/Succeeded at 2026-11-20T12:00:01Z, and the log shows no attempt of it"},
	{"nothing to say", `0s b ok
		1s a sees kind=Alert static`, "an object of this kind has no condition"},
	{"nothing to say", `0s a sees kind=Alert static
		1s a is-created kind=Alert
		1m b ok`, "an object of this kind has no condition"},
	{"never reconciled", `0s b ok
		1s a sees`, "state.json:7 shows no condition of it at 2026-11-20T12:00:01Z, and the log shows no attempt of it"},
}

// TestVerdicts wants each row of the table to decide the cases that are its own.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for _, c := range verdictCases {
		tested[c.row] = true
		s := watch(t, c.steps)
		var a *Seen
		for i := range s.Objects {
			if s.Objects[i].Name == "a" {
				a = &s.Objects[i]
			}
		}
		if a == nil {
			t.Fatalf("%s: there is no object a", c.row)
		}
		row := ""
		for i, j := 0, newJudging(a); i < len(verdicts) && row == ""; i++ {
			if verdicts[i].fits(j) {
				row = verdicts[i].name
			}
		}
		got := a.Judge()
		if row != c.row || !strings.HasPrefix(got.Explanation, c.want) {
			t.Errorf("%s:\n\t%s\ngot %s: %s: %s\nwant %s", c.row, c.steps, cmp.Or(row, "no row"), got.Verdict, got.Explanation, c.want)
		}
	}
	for i := range verdicts {
		if !tested[verdicts[i].name] {
			t.Errorf("no case for the row %q", verdicts[i].name)
		}
	}
}
