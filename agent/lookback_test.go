package agent

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

// TestLargeStateLooksBack has so many objects that no request could restore their state. It is
// answered all the same, page by page, with what a replay would tell.
func TestLargeStateLooksBack(t *testing.T) {
	t.Parallel()
	const many = 9000
	at := time.Now().UTC().Truncate(time.Second).Add(-10 * time.Minute)
	logs, dir := t.TempDir(), t.TempDir()
	var lines []string
	for i := range many {
		for k, msg := range []string{failed, went}[:1+i%2] {
			lines = append(lines, strings.NewReplacer(`"name":"apps"`, fmt.Sprintf(`"name":"app-%05d-%x"`, i, i*i*2654435761)).Replace(
				apps(at.Add(time.Duration(i*2+k)*time.Millisecond), msg)))
		}
	}
	podLog(t, logs, "flux-system", "kustomize-controller-0", at, lines...)
	a := newAssembly(testOptions(dir, logs), stateDir(dir), nil, time.Now)
	l, _ := derived(t, a)
	l.job = &endless{l.job}
	if err := l.run(t.Context(), t.Context()); err != nil {
		t.Fatal(err)
	}
	if saved := a.status.snapshot.Load(); saved.last.shown == nil {
		t.Fatalf("the state is not large: %d bytes", len(saved.last.state))
	}
	statuses, cursor, pages := map[string]int{}, "", 0
	for {
		w := get(t, a, "/api/v1/objects?at=last&limit=2000&cursor="+cursor)
		if w.Code != http.StatusOK {
			t.Fatalf("%d %.200s", w.Code, w.Body)
		}
		var answer api.Answer
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil {
			t.Fatal(err)
		}
		for _, o := range answer.Objects {
			statuses[o.Status]++
		}
		pages++
		if cursor = answer.Next; cursor == "" {
			break
		}
	}
	if statuses["ready"] != many/2 || pages != 5 {
		t.Errorf("%d pages: %v", pages, statuses)
	}
	if text := get(t, a, "/api/v1/incidents?at=last&status=resolved&limit=2000").Body.String(); strings.Count(text, `"state":"resolved"`) == 0 {
		t.Error("no incident is resolved by its success")
	}
	if w := get(t, a, "/?at=last"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "app-00000") {
		t.Errorf("the page: %d", w.Code)
	}
}
