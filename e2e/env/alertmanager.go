package env

import (
	"net/http"
	"path/filepath"
	"testing"
	"time"
)

// Alertmanager is a running Alertmanager without peers.
type Alertmanager struct {
	Process
	URL string
}

// An Alert is an alert as Alertmanager holds it.
type Alert struct {
	Labels      map[string]string
	Annotations map[string]string
	StartsAt    time.Time
	EndsAt      time.Time
	Status      struct{ State string } // active, suppressed or unprocessed
}

// Discard is an Alertmanager configuration that notifies nobody.
const Discard = "route:\n  receiver: nobody\nreceivers:\n- name: nobody\n"

// StartAlertmanager starts an Alertmanager with the given configuration file text.
func StartAlertmanager(t testing.TB, config string) *Alertmanager {
	t.Helper()
	bin := Installed(t, "prometheus-alertmanager", "prometheus-alertmanager", "alertmanager")
	dir, addr := t.TempDir(), freeAddrs(t, 1)[0]
	a := &Alertmanager{URL: "http://" + addr}
	a.Process = Process{
		name: "alertmanager", bin: bin,
		args: []string{
			"--config.file=" + write(t, filepath.Join(dir, "alertmanager.yml"), config),
			"--storage.path=" + filepath.Join(dir, "data"),
			"--web.listen-address=" + addr,
			"--cluster.listen-address=",
			"--log.level=warn",
		},
		log: filepath.Join(dir, "alertmanager.log"), ready: answers(http.DefaultClient, a.URL+"/-/ready"),
	}
	run(t, &a.Process)
	return a
}

// Alerts returns the alerts that have not ended.
func (a *Alertmanager) Alerts(t testing.TB) []Alert {
	t.Helper()
	var alerts []Alert
	fetch(t, a.URL, "/api/v2/alerts", nil, &alerts)
	return alerts
}
