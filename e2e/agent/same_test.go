package agent

import (
	"encoding/json"
	"os/exec"
	"testing"

	"fluxtrail/e2e/env"
)

const demo = "../../fixtures/demo/pods"

// TestAgentTellsWhatReplayTells runs both on the same recorded logs.
func TestAgentTellsWhatReplayTells(t *testing.T) {
	bin := env.Fluxtrail(t)
	replayed, err := exec.Command(bin, "replay", "--output", "json", demo).Output()
	if err != nil {
		t.Fatal(err)
	}
	a := env.StartAgent(t, bin, demo, []string{"loki.enabled=false"})
	env.Until(t, "the agent to read everything", func() bool { return done(t, a, "trail") })
	_, text := a.Get(t, "/api/v1/incidents?at=last")
	want, got := incidents(t, replayed), incidents(t, []byte(text))
	for i := range min(len(want), len(got)) {
		if got[i] != want[i] {
			t.Errorf("incident %d\nreplay %s\nagent  %s", i, want[i], got[i])
		}
	}
	if len(want) == 0 || len(got) != len(want) {
		t.Errorf("replay has %d incidents, the agent %d", len(want), len(got))
	}
	t.Logf("%d incidents compared", len(want))
}

// incidents are the incidents of a document, each as it is written there.
func incidents(t *testing.T, doc []byte) (all []string) {
	t.Helper()
	var d struct{ Incidents []json.RawMessage }
	if err := json.Unmarshal(doc, &d); err != nil {
		t.Fatal(err)
	}
	for _, raw := range d.Incidents {
		all = append(all, string(raw))
	}
	return all
}
