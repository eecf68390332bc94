package env

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// Loki is a running single-binary Loki. It has no tenants and keeps everything
// in the test's directory.
type Loki struct {
	Process
	URL string // http://127.0.0.1:port, without a path
}

// An Entry is one log entry as Loki returns it. Labels are those of the stream
// and the structured metadata together: a query does not tell them apart.
type Entry struct {
	Time   time.Time
	Line   string
	Labels map[string]string
}

// lokiPage is how many entries one query asks for. Loki's answer to it has to fit
// the message sizes of its configuration even when every line is 1 KiB long.
const lokiPage = 50_000

const lokiConfig = `auth_enabled: false
server:
  http_listen_address: 127.0.0.1
  http_listen_port: %[1]s
  grpc_listen_address: 127.0.0.1
  grpc_listen_port: %[2]s
  grpc_server_max_recv_msg_size: 268435456
  grpc_server_max_send_msg_size: 268435456
  log_level: warn
common:
  instance_addr: 127.0.0.1
  path_prefix: %[3]s
  replication_factor: 1
  storage:
    filesystem:
      chunks_directory: %[3]s/chunks
      rules_directory: %[3]s/rules
  ring:
    kvstore:
      store: inmemory
ingester:
  lifecycler:
    min_ready_duration: 0s
    final_sleep: 0s
schema_config:
  configs:
    - from: 2024-01-01
      store: tsdb
      object_store: filesystem
      schema: v13
      index:
        prefix: index_
        period: 24h
frontend:
  scheduler_dns_lookup_period: 500ms
frontend_worker:
  dns_lookup_duration: 500ms
query_scheduler:
  use_scheduler_ring: false
analytics:
  reporting_enabled: false
query_range:
  results_cache:
    cache:
      embedded_cache:
        enabled: false
limits_config:
  allow_structured_metadata: true
  reject_old_samples: false
  max_entries_limit_per_query: 0
  max_query_length: 0
  split_queries_by_interval: 0
%[4]s`

// Generous is what a test gives StartLoki when it is not about limits: a small
// machine's Loki then takes what a test can send.
var Generous = []string{
	"ingestion_rate_mb: 1000", "ingestion_burst_size_mb: 1000",
	"per_stream_rate_limit: 512MB", "per_stream_rate_limit_burst: 1024MB",
}

// StartLoki starts a Loki with the given lines added to its limits_config; none
// means Loki's own defaults, which is what most users run.
func StartLoki(t testing.TB, limits ...string) *Loki {
	t.Helper()
	return startLoki(t, t.TempDir(), nil, limits)
}

// StartRuler starts a Loki whose ruler evaluates a file of rules every second, and sends alerts to
// an Alertmanager.
func StartRuler(t testing.TB, rules, alertmanager string) *Loki {
	t.Helper()
	dir := t.TempDir()
	tenant := filepath.Join(dir, "rules", "fake") // the tenant of a Loki without tenants
	if err := os.MkdirAll(tenant, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(tenant, "flux.yaml"), rules)
	return startLoki(t, dir, []string{
		"-ruler.alertmanager-url=" + alertmanager, "-ruler.rule-path=" + filepath.Join(dir, "scratch"), "-ruler.enable-api",
		"-ruler.evaluation-interval=1s", "-ruler.poll-interval=1s",
	}, Generous)
}

func startLoki(t testing.TB, dir string, args, limits []string) *Loki {
	t.Helper()
	bin, addrs := Built(t, "loki", "loki"), freeAddrs(t, 2)
	var extra strings.Builder
	for _, limit := range limits {
		fmt.Fprintf(&extra, "  %s\n", limit)
	}
	text := fmt.Sprintf(lokiConfig, port(addrs[0]), port(addrs[1]), dir, extra.String())
	config := write(t, filepath.Join(dir, "loki.yaml"), text)
	l := &Loki{URL: "http://" + addrs[0]}
	l.Process = Process{
		name: "loki", bin: bin, args: append([]string{"-config.file=" + config}, args...),
		log: filepath.Join(dir, "loki.log"), ready: answers(http.DefaultClient, l.URL+"/ready"),
	}
	run(t, &l.Process)
	return l
}

func port(addr string) string { return addr[strings.LastIndexByte(addr, ':')+1:] }

// Entries returns every entry that the LogQL log query selects in [from, to),
// oldest first; within one time, ordered by line.
func (l *Loki) Entries(t testing.TB, query string, from, to time.Time) []Entry {
	t.Helper()
	var all []Entry
	for {
		page := l.page(t, query, from, to)
		if len(page) < lokiPage {
			return append(all, page...)
		}
		// The last time on a full page may go on behind it: it is asked for again.
		last := page[len(page)-1].Time
		if !last.After(from) {
			t.Fatalf("loki: %d entries or more at %v", lokiPage, last)
		}
		cut, _ := slices.BinarySearchFunc(page, last, func(e Entry, at time.Time) int { return e.Time.Compare(at) })
		all, from = append(all, page[:cut]...), last
	}
}

func (l *Loki) page(t testing.TB, query string, from, to time.Time) []Entry {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][2]string
			}
		}
	}
	fetch(t, l.URL, "/loki/api/v1/query_range", url.Values{
		"query": {query}, "direction": {"forward"}, "limit": {strconv.Itoa(lokiPage)},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano(), 10)},
	}, &answer)
	var page []Entry
	for _, stream := range answer.Data.Result {
		for _, value := range stream.Values {
			ns, err := strconv.ParseInt(value[0], 10, 64)
			if err != nil {
				t.Fatalf("loki: time %q: %v", value[0], err)
			}
			page = append(page, Entry{time.Unix(0, ns).UTC(), value[1], stream.Stream})
		}
	}
	slices.SortFunc(page, func(a, b Entry) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Line, b.Line))
	})
	return page
}

// LabelValues returns the values that a label has in the streams of [from, to).
func (l *Loki) LabelValues(t testing.TB, label string, from, to time.Time) []string {
	t.Helper()
	var answer struct{ Data []string }
	fetch(t, l.URL, "/loki/api/v1/label/"+url.PathEscape(label)+"/values", url.Values{
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano(), 10)},
	}, &answer)
	return answer.Data
}

// Count returns the one value that a LogQL metric query has at a time, 0 if none.
func (l *Loki) Count(t testing.TB, query string, at time.Time) float64 {
	t.Helper()
	var answer struct {
		Data struct{ Result []struct{ Value [2]any } }
	}
	fetch(t, l.URL, "/loki/api/v1/query", url.Values{"query": {query}, "time": {strconv.FormatInt(at.UnixNano(), 10)}}, &answer)
	if len(answer.Data.Result) == 0 {
		return 0
	}
	n, err := strconv.ParseFloat(fmt.Sprint(answer.Data.Result[0].Value[1]), 64)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Flush puts what the ingester holds into the store. It is asked for old lines there.
func (l *Loki) Flush(t testing.TB) {
	t.Helper()
	res, err := http.Post(l.URL+"/flush", "", nil)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode/100 != 2 {
		t.Fatalf("loki: flush: %s", res.Status)
	}
}

// Newest returns the time of the newest entry that a log query selects since from, the
// zero time if there is none.
func (l *Loki) Newest(t testing.TB, query string, from time.Time) time.Time {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct{ Values [][2]string }
		}
	}
	fetch(t, l.URL, "/loki/api/v1/query_range", url.Values{
		"query": {query}, "direction": {"backward"}, "limit": {"1"},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(time.Now().Add(time.Minute).UnixNano(), 10)},
	}, &answer)
	if len(answer.Data.Result) == 0 {
		return time.Time{}
	}
	ns, err := strconv.ParseInt(answer.Data.Result[0].Values[0][0], 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(0, ns)
}

// Ask returns how many series or streams the LogQL query yields in [from, to), in steps of 15 s.
func (l *Loki) Ask(t testing.TB, query string, from, to time.Time) int {
	t.Helper()
	var answer struct{ Data struct{ Result []any } }
	fetch(t, l.URL, "/loki/api/v1/query_range", url.Values{
		"query": {query}, "step": {"15s"},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano(), 10)},
	}, &answer)
	return len(answer.Data.Result)
}

// Rules are the alerts of the ruler, and the health of each: ok, err or unknown.
func (l *Loki) Rules(t testing.TB) map[string]string {
	t.Helper()
	var answer struct {
		Data struct {
			Groups []struct {
				Rules []struct{ Name, Health, LastError string }
			}
		}
	}
	fetch(t, l.URL, "/prometheus/api/v1/rules", nil, &answer)
	all := map[string]string{}
	for _, g := range answer.Data.Groups {
		for _, r := range g.Rules {
			all[r.Name] = r.Health
			if r.LastError != "" {
				all[r.Name] = r.LastError
			}
		}
	}
	return all
}
