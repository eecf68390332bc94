package env

import (
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"testing"
	"time"
)

// Prometheus is a running Prometheus with exemplar storage, native histograms and
// the remote-write receiver switched on.
type Prometheus struct {
	Process
	URL string
}

// A Sample is one series of an instant query's answer.
type Sample struct {
	Metric map[string]string
	Value  string // as Prometheus prints it, so that NaN and large numbers stay exact
}

// StartPrometheus starts a Prometheus with the given configuration file text, in
// which it replaces nothing: the caller knows its targets.
func StartPrometheus(t testing.TB, config string) *Prometheus {
	t.Helper()
	return PrometheusOf(t, filepath.Join(t.TempDir(), "data"), config)
}

// PrometheusOf is StartPrometheus with a data directory that may hold something already, however
// old.
func PrometheusOf(t testing.TB, data, config string) *Prometheus {
	t.Helper()
	bin, dir, addr := Installed(t, "prometheus", "prometheus"), t.TempDir(), freeAddrs(t, 1)[0]
	p := &Prometheus{URL: "http://" + addr}
	p.Process = Process{
		name: "prometheus", bin: bin,
		args: []string{
			"--config.file=" + write(t, filepath.Join(dir, "prometheus.yml"), config),
			"--storage.tsdb.path=" + data, "--storage.tsdb.retention.time=100y",
			"--web.listen-address=" + addr,
			"--web.enable-remote-write-receiver",
			"--enable-feature=exemplar-storage,native-histograms",
			"--log.level=warn",
		},
		log: filepath.Join(dir, "prometheus.log"), ready: answers(http.DefaultClient, "http://"+addr+"/-/ready"),
	}
	run(t, &p.Process)
	return p
}

// Scrape returns a configuration that scrapes the targets (host:port) every
// interval under the job name fluxtrail.
func Scrape(interval time.Duration, targets ...string) string {
	return fmt.Sprintf("scrape_configs:\n- job_name: fluxtrail\n  scrape_interval: %v\n  scrape_timeout: %v\n"+
		"  static_configs:\n  - targets: %q\n", interval, interval, targets)
}

// Query returns the vector that the PromQL expression yields at the given time.
func (p *Prometheus) Query(t testing.TB, expr string, at time.Time) []Sample {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	fetch(t, p.URL, "/api/v1/query", url.Values{"query": {expr}, "time": {at.UTC().Format(time.RFC3339Nano)}}, &answer)
	var samples []Sample
	for _, r := range answer.Data.Result {
		samples = append(samples, Sample{r.Metric, fmt.Sprint(r.Value[1])})
	}
	return samples
}
