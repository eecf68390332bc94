package agent

import (
	"net/http"
	"strings"
	"testing"
)

// TestShipOnly has an agent that derives nothing: one lane, ready, and pages that say so instead of
// an all-clear.
func TestShipOnly(t *testing.T) {
	t.Parallel()
	a := testAgent(t.TempDir(), demoPods)
	a.ShipOnly = true
	lanes, err := a.lanes()
	if err != nil || len(lanes) != 1 || lanes[0].name != "ship" {
		t.Fatal(lanes, err)
	}
	lanes[0].job.(*ship).sink = &recorder{}
	lanes[0].status.publish(&laneStatus{})
	if w := get(t, a, "/api/v1/objects"); w.Code != http.StatusNotImplemented || !strings.Contains(w.Body.String(), "only ships") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if text := get(t, a, "/").Body.String(); !strings.Contains(text, "only ships") || strings.Contains(text, "Nothing fails") {
		t.Error("the page says something else")
	}
	if err := lanes[0].run(t.Context(), t.Context()); err != nil {
		t.Error(err)
	}
	if metrics, err := a.registry().Gather(); err != nil || len(metrics) == 0 {
		t.Error(metrics, err)
	}
}
