package derive

import (
	"strings"
	"testing"
)

func (s *script) object(name string) *Seen {
	s.t.Helper()
	for i := range s.Objects {
		if s.Objects[i].Name == name {
			return &s.Objects[i]
		}
	}
	s.t.Fatalf("there is no object %s", name)
	return nil
}

// TestEvidenceFindsTheRoot wants the cause that the API names instead of one that the log lets
// guess, and causes that no line names.
func TestEvidenceFindsTheRoot(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ steps, want string }{
		"the condition names the dependency": {`0s wrong fails
			1s right works
			2s a depends
			3s a sees ready=False reason=DependencyNotReady message=dependency_'apps/right'_is_not_ready
			30s right fails
			32s a depends`, "Kustomization/apps/right"},
		"the spec names the dependency": {`0s a sees ready=True depends=right
			1s right fails
			2s wrong fails
			3s a depends`, "Kustomization/apps/right"},
		"one of two dependencies is not ready": {`0s a sees ready=True depends=right depends=fine
			1s right fails
			1s fine ok
			2s wrong fails
			3s a depends`, "Kustomization/apps/right"},
		"the source of what waits": {`0s a sees ready=True from=GitRepository/git
			1s git unfetched
			1s other unfetched
			2s a waits`, "GitRepository/apps/git"},
		"a chain without any log": {`0s b ok
			1s repo sees kind=HelmRepository ready=False reason=Failed message=no_route_to_host
			1s chart sees kind=HelmChart ready=False reason=NoSourceArtifact from=HelmRepository/repo
			1s a sees kind=HelmRelease ready=False reason=SourceNotReady message=x from=HelmChart/chart`, "HelmRepository/apps/repo"},
		"an image policy and its repository": {`0s b ok
			1s images sees kind=ImageRepository ready=False reason=ReadOperationFailed message=denied
			1s a sees kind=ImagePolicy ready=False reason=DependencyNotReady message=x from=ImageRepository/images`, "ImageRepository/apps/images"},
		"what it applied": {`0s r erred
			1s a sees ready=Unknown applies=HelmRelease/r
			2s a fails error=health_check_failed_after_30s:_timeout_waiting_for:_[Deployment/x/y_status:_'InProgress']`, "HelmRelease/apps/r"},
		"a ring": {`0s b ok
			1s a sees ready=False reason=DependencyNotReady message=dependency_'apps/c'_is_not_ready depends=c
			1s c sees ready=False reason=DependencyNotReady message=dependency_'apps/a'_is_not_ready depends=a`, "/"},
		"an error of its own": {`0s git unfetched
			1s a sees ready=True from=GitRepository/git
			2s a fails`, "/"},
	} {
		if got := watch(t, c.steps).object("a").Root.String(); got != c.want {
			t.Errorf("%s: got root %s, want %s", name, got, c.want)
		}
	}
}

// TestConditionGivesTheText wants Helm's words from the condition or an event where the lines have
// none, and never "succeeded" of a rollback.
func TestConditionGivesTheText(t *testing.T) {
	t.Parallel()
	const failed = "0s a erred error=release_is_in_a_failed_state\n"
	for name, c := range map[string]struct{ steps, want string }{
		"Ready":    {failed + "1s a sees kind=HelmRelease ready=False reason=UpgradeFailed message=Helm_upgrade_failed:_no_such_value since=0s", "UpgradeFailed: Helm upgrade failed: no such value"},
		"Released": {failed + "1s a sees kind=HelmRelease ready=False reason=RollbackSucceeded message=Helm_rollback_succeeded since=0s Released=False/UpgradeFailed/Helm_upgrade_failed:_no_such_value", "UpgradeFailed: Helm upgrade failed: no such value"},
		"a wait in front of it": {`0s a awaits on=b
			1s a sees kind=HelmRelease ready=False reason=SourceNotReady message=HelmChart_'apps/a'_is_not_ready since=0s
			5s a sees kind=HelmRelease ready=False reason=UpgradeFailed message=Helm_upgrade_failed:_no_such_value since=5s
			5s a erred error=release_is_in_a_failed_state
			60s a sees kind=HelmRelease ready=False reason=SourceNotReady message=HelmChart_'apps/a'_is_not_ready since=60s`, "UpgradeFailed: Helm upgrade failed: no such value"},
		"another failure": {failed + `1s a sees kind=HelmRelease ready=False reason=UpgradeFailed message=Helm_upgrade_failed:_old since=0s
			60s a erred error=release_is_in_a_failed_state
			61s a sees kind=HelmRelease ready=False reason=UpgradeFailed message=Helm_upgrade_failed:_new since=60s`, "UpgradeFailed: Helm upgrade failed: new"},
		"a condition from before": {failed + "1s a sees kind=HelmRelease ready=False reason=UpgradeFailed message=Helm_upgrade_failed:_old since=-10m",
			"ReconciliationFailed: release is in a failed state"},
	} {
		i := watch(t, c.steps).object("a").Incident
		if i == nil {
			t.Fatalf("%s: no incident", name)
		}
		if got := i.Reason + ": " + i.ErrorLast; got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	said := watch(t, "0s b ok\n1s a sees kind=HelmRelease ready=False reason=RollbackSucceeded message=rollback_succeeded Released=False/UpgradeFailed/boom").object("a").Judge()
	if c := said.Condition; said.Verdict != VerdictConditionOnly || c.Reason != "UpgradeFailed" || c.Message != "boom" {
		t.Errorf("after a rollback: %s %+v", said.Verdict, c)
	}
}

// TestSinceIsNotReadys wants the beginning of a failure from what lasts, never from the transition
// of Ready.
func TestSinceIsNotReadys(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		steps string
		want  int64
	}{
		"nothing tells":         {"0s b ok\n10m a sees ready=False reason=X since=9m", 0},
		"an earlier look":       {"0s b ok\n1m a sees ready=True since=0s\n2m a sees ready=False since=2m\n3m a sees ready=Unknown since=3m\n4m a sees ready=False since=4m", 120},
		"FetchFailed":           {"0s b ok\n5m a sees kind=GitRepository ready=True\n9m a sees kind=GitRepository ready=False since=9m FetchFailed=True/x", 540},
		"Unknown, and since it": {"0s b ok\n9m a sees ready=Unknown since=8m", 540},
	} {
		said := watch(t, c.steps).object("a").Judge().Condition
		if said == nil || said.Since != 0 && (said.Since-noon)/1e9 != c.want || said.Since == 0 && c.want != 0 {
			t.Errorf("%s: got %+v, want %d s", name, said, c.want)
		}
	}
}

// TestEvidenceOpensIncidents wants an incident of what fails without a line, and none of what the
// log is only late with.
func TestEvidenceOpensIncidents(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]string{
		"0s b ok\n1m a sees ready=False reason=BuildFailed message=x\n2m a sees ready=True":                                   "a ready b ready | a resolved 1m0s..2m0s runs=0 flaps=0",
		"0s a ok\n1m a sees ready=False reason=BuildFailed since=1m\n2m b ok":                                                 "a failing b ready | a firing 1m0s.. runs=0 flaps=0",
		"0s a ok\n1m a sees ready=False reason=BuildFailed since=1m\n1m1s a fails\n2m b ok":                                   "a failing b ready | a pending 1m1s.. runs=1 flaps=0",
		"0s a ok\n1m a sees ready=False reason=BuildFailed since=1m\n1m5s a ok\n2m b ok":                                      "a ready b ready",
		"0s a fails\n1m a sees ready=False suspended\n2m b ok":                                                                "a suspended b ready | a closed 0s..1m0s runs=1 flaps=0 suspended",
		"0s a fails\n1m a sees deleted\n2m b ok":                                                                              "a deleted b ready | a closed 0s..1m0s runs=1 flaps=0 deleted",
		"0s a ok\n1m a sees ready=False reason=DependencyNotReady message=dependency_'apps/b'_is_not_ready since=1m\n2m b ok": "a waiting b ready",
		"0s a ok\n1m a sees ready=False family=controller\n5m b ok":                                                           "a ready b ready",
	} {
		if got := watch(t, steps).brief(); strings.TrimSpace(got) != want {
			t.Errorf("%s:\ngot  %s\nwant %s", steps, got, want)
		}
	}
}

// TestFamiliesThatContradict wants the newest and most detailed one to count, and the other to be
// named.
func TestFamiliesThatContradict(t *testing.T) {
	t.Parallel()
	got := watch(t, `0s a ok
		10m a sees ready=True since=0s family=object source=x.json:1
		10m a sees ready=False family=kube-state-metrics source=y.prom:9`).object("a").Judge()
	if got.Verdict != VerdictHealthy || !strings.Contains(got.Explanation, "; y.prom:9 contradicts: False at 2026-11-20T12:10:00Z") {
		t.Errorf("got %+v", got)
	}
	got = watch(t, `0s a ok
		10m a sees ready=True since=9m30s source=x.json:1
		10m a sees ready=False family=kube-state-metrics`).object("a").Judge()
	if strings.Contains(got.Explanation, "contradicts") {
		t.Errorf("a sample may be from before the latest change: %+v", got)
	}
}

// TestObservedIsKept wants objects that the API has to stay, however long nothing is read of them,
// and to go once they are gone.
func TestObservedIsKept(t *testing.T) {
	t.Parallel()
	s := watch(t, "0s b ok\n1s a sees ready=True")
	s.e.Forget(noon+1e15, noon+1e15)
	if got := s.brief(); !strings.HasPrefix(got, "a ready") {
		t.Errorf("while it is there: %q", got)
	}
	s.e.Observe(observation(t, []string{"1m", "a", "sees", "deleted"}))
	s.e.Forget(noon+1e15, noon+1e15)
	if got := s.brief(); strings.HasPrefix(got, "a ") {
		t.Errorf("once it is gone: %q", got)
	}
}

// TestEventBeforeItsLine: an event tells of a failure a moment before the log does. Its text
// explains the incident, whether that is open or over at the end.
func TestEventBeforeItsLine(t *testing.T) {
	t.Parallel()
	for _, end := range []string{"", "10m r finished\n30m r finished"} {
		s := play(t, Config{}, "0s r finished")
		s.e.Observe(&Observation{
			Ref: Ref{Kind: "HelmRelease", Namespace: "apps", Name: "r"}, Source: "events.json:1", Family: "event", At: since(t, "59s"),
			Event: &Event{Warning: true, Reason: "UpgradeFailed", Message: "Helm upgrade failed for release apps/r: timeout waiting for: [x]"},
		})
		s.more("1m r is-failed")
		if s.more(end); end == "" {
			s.e.Settle()
		}
		var got string
		_, ended := s.e.Take()
		for _, i := range append(s.e.View().Open, ended...) {
			got += i.ErrorLast
		}
		if !strings.Contains(got, "timeout waiting for") {
			t.Errorf("with %q: got %q", end, got)
		}
		if s.e.Strangers() {
			t.Error("the event is of another cluster")
		}
	}
}
