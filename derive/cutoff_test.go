package derive

import (
	"testing"

	"fluxtrail/parse"
)

// A process that stops says nothing of the attempts of another one that is at work.
func TestCutOffBesideAnotherProcess(t *testing.T) {
	t.Parallel()
	s := &script{t: t, e: New(Config{}), replayed: &replayed{}}
	s.e.AddSource(0, "kustomize-controller-6d4cf56db6-aaaaa")
	s.e.AddSource(1, "kustomize-controller-7f9c4d8b55-bbbbb")
	s.more("0s a works id=1")
	s.e.Add(&parse.Record{Time: noon + 1e9, Kind: "Kustomization", Meaning: parse.Start}, Place{Source: 1})
	s.more("1s a works id=2\n2s a fails id=1 error=context_canceled\n10s now")
	s.e.Add(&parse.Record{Time: noon + 11e9, Kind: "Kustomization", Meaning: parse.Shutdown}, Place{})
	if o := s.view().Objects[0]; o.Status != Progressing || o.Reason != "Progressing" || o.Message != "" {
		t.Errorf("%s %s %q", o.Status, o.Reason, o.Message)
	}
}

// An attempt that its own end cut off is no failure, and the object stays as it was. One canceled
// attempt after the other in a controller that goes on is one.
func TestCutOff(t *testing.T) {
	t.Parallel()
	const canceled = " error=health_check_failed_after_3.4s:_context_canceled"
	for _, x := range []struct{ name, steps, want, message string }{
		{"a shutdown in a run", "0s a works id=1\n5s x stops\n5.1s a fails id=1" + canceled + "\n5.2s a errs id=1 error=context_canceled\n10s now",
			"a progressing", interrupted},
		{"the shutdown line is missing", "0s a works id=1\n1s a fails id=1" + canceled + "\n10s now", "a progressing", interrupted},
		{"a ready object stays ready", "0s a ok\n60s x stops\n61s a fails" + canceled, "a ready", ""},
		{"given up because of it", "0s a ok\n60s x stops\n61s a stalls error=terminal_error:_context_canceled", "a ready", ""},
		{"in brackets", "0s a ok\n61s a errs error=[a:_context_canceled,_b:_context_canceled]", "a ready", ""},
		{"a failing one keeps its incident and its text", "0s a fails\n60s a works id=1\n65s x stops\n65s a fails id=1" + canceled,
			"a failing | a firing 0s.. runs=1 flaps=0", "kustomize build failed: x"},
		{"killed: only a new start tells", "0s a works id=1\n60s x starts", "a progressing", interrupted},
		{"the new process goes on with it", "0s a works id=1\n60s x starts\n70s a works id=2\n80s now", "a progressing", ""},
		{"what ended before stays", "0s a ok\n60s x starts", "a ready", ""},
		{"canceled again and again without a shutdown", "0s a ok\n10m a fails" + canceled + "\n20m a fails" + canceled + "\n30m a fails" + canceled,
			"a failing | a pending 30m0s.. runs=1 flaps=0", "health check failed after 3.4s: context canceled"},
		{"at one shutdown after the other", "10m a fails" + canceled + "\n10m x stops\n20m a fails" + canceled + "\n20m x stops\n29m59s x stops\n30m a fails" + canceled,
			"a unknown", ""},
		{"an outcome between ends the row", "10m a fails" + canceled + "\n20m a fails" + canceled + "\n30m a ok\n35m a fails" + canceled, "a ready", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			s := play(t, Config{}, x.steps)
			if got := s.brief(); got != x.want {
				t.Errorf("%s, want %s", got, x.want)
			}
			for _, o := range s.Objects {
				if o.Name == "a" && o.Message != x.message {
					t.Errorf("says %q, want %q", o.Message, x.message)
				}
				if o.Name == "a" && (o.Reason == "Interrupted") != (x.message == interrupted) {
					t.Errorf("has the reason %s", o.Reason)
				}
			}
		})
	}
}
