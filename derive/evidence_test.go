package derive

import "testing"

// TestEachErrorHasItsOwnReason lets an object fail in one way and then in another. The reasons must
// not be mixed up, and a text does not end with the line break that some controllers write behind
// it.
func TestEachErrorHasItsOwnReason(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, `0s a fails error=kustomization_path_not_found:_stat_/x
		1m a fails error=health_check_failed_after_30s:_timeout_waiting_for:_[Deployment/a/b_status:_'InProgress']`+"\u00a0")
	i := s.view().Open[0]
	got := [4]string{i.ReasonFirst, i.ErrorFirst, i.Reason, i.ErrorLast}
	want := [4]string{
		"ArtifactFailed", "kustomization path not found: stat /x",
		"HealthCheckFailed", "health check failed after 30s: timeout waiting for: [Deployment/a/b status: 'InProgress']",
	}
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestEvidenceNamesPodAndAttempt wants the pod of the log, or the one that the line names where
// several share a log.
func TestEvidenceNamesPodAndAttempt(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ source, line, want string }{
		{"kustomize-controller-0", "", "kustomize-controller-0"},
		{"", "kustomize-controller-1", "kustomize-controller-1"},
		{"", "", ""},
	} {
		e := New(Config{})
		e.AddSource(0, c.source)
		r := verbs["fails"]
		r.Namespace, r.Name, r.ID, r.IDHash, r.Time = "apps", "a", "443c", 1, noon
		e.Add(&r, Place{Line: 7, Pod: c.line})
		e.Advance(noon + 1)
		got := e.View().Open[0].Evidence()[0]
		if got.Pod != c.want || got.ReconcileID.String() != "443c" || got.Line != 7 {
			t.Errorf("source %q, line %q: %+v", c.source, c.line, got)
		}
	}
}

// TestObjectsNameTheirLatestLine wants the line of the latest success or wait; failures are their
// incident's.
func TestObjectsNameTheirLatestLine(t *testing.T) {
	t.Parallel()
	for steps, want := range map[string]int64{
		"0s a ok\n1m a ok":                2,
		"0s a depends":                    1,
		"0s a ok\n1m a waits":             2,
		"0s a ok\n1m a fails":             1,
		"0s a fails":                      0,
		"0s a waits\n1m a works\n2m b ok": 1,
	} {
		if got := play(t, Config{}, steps).view().Objects[0].Shown; got.Line != want || (want > 0 && got.Evidence().ReconcileID == AttemptID{}) {
			t.Errorf("%q: %+v, want line %d", steps, got, want)
		}
	}
}
