package input

import (
	"testing"
	"time"

	"fluxtrail/cmd/cli"
	"fluxtrail/replay"
	"fluxtrail/sinks"
)

// TestCredentials: what is meant for one server is not sent to another.
func TestCredentials(t *testing.T) {
	t.Parallel()
	f := Evidence{sources: []string{"http://a/metrics", "https://prom/other", "http://b:9090", "dump.json"}}
	f.prometheus.URL = "https://prom/prefix"
	f.Secrets([]string{"X_PROMETHEUS_TOKEN=t"}, "X")
	var o replay.Options
	var bad cli.Problems
	f.Compile(&o, time.Unix(7, 0), &bad)
	if len(bad) > 0 || len(o.Metrics) != 1 || len(o.Prometheus) != 3 || len(o.Conditions) != 1 || o.Metrics[0].At != 7e9 {
		t.Fatal(bad, o)
	}
	for address, c := range map[string]sinks.HTTP{o.Metrics[0].URL: o.Metrics[0].HTTP, o.Prometheus[2].URL: o.Prometheus[2].HTTP} {
		if c.Bearer.Token != "" {
			t.Errorf("%s gets the token", address)
		}
	}
}
