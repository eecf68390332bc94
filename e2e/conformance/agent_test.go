package conformance

import (
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// Agent is what a case needs to know of a log agent. Another agent takes part in the suite with a
// value of this type.
type Agent struct {
	// Bin is its program.
	Bin string
	// Config is the text of a configuration file.
	Config func(Setup) string
	// Live is the command line of the agent that follows logs, Once that of one that reads to the end
	// and exits.
	Live, Once func(config string) []string
	// Address finds in what the agent printed where it serves, "" while it does not.
	Address func(printed string) string
	// Ready asks it whether it is ready.
	Ready func(address string) bool
	// Lag is how many bytes it has not delivered, as far as it knows.
	Lag func(address string) int64
	// Lost is what it says that it did not deliver.
	Lost func(address string) Lost
}

// Setup is what the configuration of a case says. The zero value of a field means the agent's own
// default.
type Setup struct {
	Logs, State, Sink string
	From              string   // beginning or end
	Include, Exclude  []string // below Logs; none: all of it
	MaxLine           string
	MaxPartial        string
	Kubeconfig        string // set: ask the API server for metadata
	MaxOpen           int
	HoldBytes         string
	PartialAfter      time.Duration
	ForgetAfter       time.Duration
	BatchEntries      int
	BatchBytes        string
	TokenFile         string
	RetryMax          time.Duration
	Grace             time.Duration
	Objects           int           // that may have series of their own
	Poll              time.Duration // of the files
}

// Lost are an agent's own counters of what was not delivered.
type Lost struct{ Lines, Bytes int64 }

// Fluxtrail is the agent of this project.
func Fluxtrail(bin string) Agent {
	return Agent{
		Bin: bin, Config: fluxtrailConfig,
		Live:    func(config string) []string { return []string{"run", "--config", config} },
		Once:    func(config string) []string { return []string{"run", "--once", "--config", config} },
		Address: fluxtrailAddress,
		Ready: func(address string) bool {
			_, code := fetch(address + "/readyz")
			return code == http.StatusOK
		},
		Lag:  fluxtrailLag,
		Lost: fluxtrailLost,
	}
}

// poll is how often the agents look at the files: the suite waits for little else.
const poll = 20 * time.Millisecond

func fluxtrailConfig(s Setup) string {
	var b strings.Builder
	section := func(name string, keys ...any) {
		fmt.Fprintf(&b, "%s:\n", name)
		for i := 0; i < len(keys); i += 2 {
			if text := fmt.Sprint(keys[i+1]); text != "" && text != "0" && text != "0s" {
				fmt.Fprintf(&b, "  %v: %s\n", keys[i], text)
			}
		}
	}
	include := []string{s.Logs}
	if len(s.Include) > 0 {
		include = nil
	}
	for _, p := range s.Include {
		include = append(include, s.Logs+"/"+p)
	}
	section("agent", "state_dir", s.State, "checkpoint_every", "100ms", "shutdown_grace", s.Grace)
	section("tail", "poll", cmp.Or(s.Poll, poll), "include", list(include), "exclude", list(s.Exclude), "from", s.From, "max_line", s.MaxLine, "max_partial", s.MaxPartial, "max_open", s.MaxOpen,
		"hold_bytes", s.HoldBytes, "quiet_after", "200ms", "partial_after", s.PartialAfter, "forget_after", s.ForgetAfter)
	if s.Kubeconfig == "" {
		section("kube", "enabled", "never", "node", "node-1")
	} else {
		section("kube", "enabled", "always", "node", "node-1", "kubeconfig", s.Kubeconfig)
	}
	section("loki", "url", s.Sink, "batch_entries", s.BatchEntries, "batch_bytes", s.BatchBytes, "wait", "20ms", "retry_min", "50ms", "retry_max", s.RetryMax,
		"stream_rate", "-1B")
	b.WriteString("  http:\n    timeout: 2s\n")
	if s.TokenFile != "" {
		fmt.Fprintf(&b, "    bearer:\n      file: %s\n", s.TokenFile)
	}
	if s.Objects > 0 {
		section("metrics", "objects", s.Objects)
	}
	section("server", "listen", "127.0.0.1:0")
	return b.String()
}

func list(names []string) string {
	text, _ := json.Marshal(append([]string{}, names...)) // strings always can be
	return string(text)
}

var listening = regexp.MustCompile(`"msg":"Listening on".*"address":"([^"]+)"`)

func fluxtrailAddress(printed string) string {
	if m := listening.FindStringSubmatch(printed); m != nil {
		return "http://" + m[1]
	}
	return ""
}

func fluxtrailLag(address string) (sum int64) {
	text, _ := fetch(address + "/api/v1/status")
	var status struct {
		Lanes []struct {
			LagBytes int64 `json:"lag_bytes"`
		}
	}
	if json.Unmarshal([]byte(text), &status) != nil || len(status.Lanes) == 0 {
		return -1
	}
	for _, l := range status.Lanes {
		sum += l.LagBytes
	}
	return sum
}

func fluxtrailLost(address string) (lost Lost) {
	metrics, _ := fetch(address + "/metrics")
	lost.Lines = int64(sum(metrics, `fluxtrail_dropped_lines_total{lane="ship"`))
	lost.Bytes = int64(sum(metrics, `fluxtrail_dropped_bytes_total{lane="ship"`))
	return lost
}

// sum adds up the samples of an exposition whose series begin with prefix.
func sum(metrics, prefix string) (total float64) {
	for line := range strings.Lines(metrics) {
		if !strings.HasPrefix(line, prefix) {
			continue
		}
		var v float64
		_, text, _ := strings.Cut(line, "} ")
		if _, err := fmt.Sscan(text, &v); err == nil {
			total += v
		}
	}
	return total
}

// fetch gets a page; "" and 0 when nobody answers.
func fetch(url string) (body string, code int) {
	client := http.Client{Timeout: 2 * time.Second}
	res, err := client.Get(url)
	if err != nil {
		return "", 0
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return string(text), res.StatusCode
}
