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

// NewPrometheus is PrometheusOf with a Prometheus of today, that of build-tools.sh. Debian's is of
// 2023: a range there begins with the sample at its beginning, which since 3.0 it does not.
func NewPrometheus(t testing.TB, data, config string) *Prometheus {
	t.Helper()
	return startPrometheus(t, Built(t, "rules", "prometheus"), data, config)
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
	return startPrometheus(t, Installed(t, "prometheus", "prometheus"), data, config)
}

func startPrometheus(t testing.TB, bin, data, config string) *Prometheus {
	t.Helper()
	dir, addr := t.TempDir(), freeAddrs(t, 1)[0]
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

// Samples are all samples of the series that a selector names, up to a time.
func (p *Prometheus) Samples(t testing.TB, selector string, span time.Duration, at time.Time) []Samples {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Values [][2]any
			}
		}
	}
	expr := fmt.Sprintf("%s[%dms]", selector, span.Milliseconds())
	fetch(t, p.URL, "/api/v1/query", url.Values{"query": {expr}, "time": {at.UTC().Format(time.RFC3339Nano)}}, &answer)
	var all []Samples
	for _, r := range answer.Data.Result {
		s := Samples{Metric: r.Metric}
		for _, v := range r.Values {
			s.At = append(s.At, time.UnixMilli(int64(v[0].(float64)*1000)).UTC())
		}
		all = append(all, s)
	}
	return all
}

// Samples are the times at which a series has a sample.
type Samples struct {
	Metric map[string]string
	At     []time.Time
}
