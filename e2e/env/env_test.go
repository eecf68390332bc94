package env

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// These tests say that the servers themselves work here, so that a failure of a
// later test is about fluxtrail.

func TestLokiKeepsWhatItIsGiven(t *testing.T) {
	l := StartLoki(t, Generous...)
	at := time.Now().Add(-time.Minute).Truncate(time.Millisecond)
	body := fmt.Sprintf(`{"streams":[{"stream":{"app":"x"},"values":[["%d","hello",{"pod":"p"}]]}]}`, at.UnixNano())
	res, err := http.Post(l.URL+"/loki/api/v1/push", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusNoContent {
		t.Fatalf("push: %s", res.Status)
	}
	for _, restart := range []bool{false, true} {
		if restart {
			l.Stop(t)
			l.Start(t)
		}
		got := l.Entries(t, `{app="x"}`, at.Add(-time.Hour), at.Add(time.Hour))
		if len(got) != 1 || got[0].Line != "hello" || got[0].Labels["pod"] != "p" || !got[0].Time.Equal(at) {
			t.Fatalf("after restart %v: %+v", restart, got)
		}
	}
	if got := l.LabelValues(t, "app", at.Add(-time.Hour), at.Add(time.Hour)); len(got) != 1 || got[0] != "x" {
		t.Fatalf("values of app: %q", got)
	}
}

func TestPrometheusScrapes(t *testing.T) {
	p := StartPrometheus(t, Scrape(time.Second, freeAddrs(t, 1)[0]))
	Until(t, "a failed scrape", func() bool {
		up := p.Query(t, "up", time.Now())
		return len(up) == 1 && up[0].Value == "0"
	})
}

func TestAlertmanagerKeepsAnAlert(t *testing.T) {
	a := StartAlertmanager(t, Discard)
	body := []byte(`[{"labels":{"alertname":"x"}}]`)
	res, err := http.Post(a.URL+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != http.StatusOK {
		t.Fatal(res.Status)
	}
	Until(t, "the alert", func() bool { return len(a.Alerts(t)) == 1 })
}

func TestKubeHoldsToRBAC(t *testing.T) {
	k := StartKube(t)
	k.Kubectl(t, "", "create", "namespace", "flux-system")
	if got := k.Kubectl(t, "", "get", "namespace", "flux-system", "-o", "name"); got != "namespace/flux-system\n" {
		t.Fatal(got)
	}
	got := k.Kubectl(t, "", "auth", "can-i", "list", "pods", "--as="+Admin, "--as-group=system:masters")
	if got != "yes\n" {
		t.Fatal(got)
	}
}
