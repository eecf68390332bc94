package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	conditions "fluxtrail/conditions/kube"
	"fluxtrail/conditions/scrape"
	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
	"fluxtrail/sinks/alertmanager"
	"fluxtrail/sinks/grafana"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/sinks/webhook"
	"fluxtrail/tail"
)

// Config is everything that can be set. It is only read, and passed by value.
type Config struct {
	Agent Agent
	Tail  Tail
	Kube  kube.Config // where metadata of pods comes from; lines are read with or without it

	Conditions Conditions

	Loki      Loki
	Trail     Trail
	Incidents derive.Config // of it: hold, keep, grace

	Leader       kube.LeaderConfig // which agent of the cluster tells of alerts
	Alertmanager Alertmanager
	Grafana      grafana.Config
	Webhook      webhook.Config
	Redact       Redact
	Metrics      prom.Config
	Server       Server
	Log          Log
}

// Conditions says what is observed of Flux's objects beside their logs.
type Conditions struct {
	Kube   conditions.Config
	Scrape scrape.Agent
}

// Agent is about the process as a whole.
type Agent struct {
	Cluster         string        // name of the cluster, a label of all streams
	Labels          []loki.Label  // further labels of all streams
	StateDir        string        // marks and state of the lanes; must survive the pod
	CheckpointEvery time.Duration // at most this much is read again after a crash
	ShutdownGrace   time.Duration `zero:"ok"`    // for the last batch, after SIGTERM
	InFlight        int           `unit:"bytes"` // lines that were read and not delivered, over all logs and both lanes
}

// Loki is where lines are shipped to, if they are.
type Loki struct {
	Enabled     bool
	loki.Config `mapstructure:",squash"`
}

// Alertmanager is who is told of alerts, where no ruler does it.
type Alertmanager struct {
	alertmanager.Config `mapstructure:",squash"`
	Labels              []loki.Label // further labels of all alerts
	Runbooks            string       // URL below which each alert has its page
}

// Alerts are the labels and links of the alerts that Alertmanager is told of.
func (c Config) Alerts() rules.LiveOptions {
	labels := map[string]string{}
	for _, l := range c.Alertmanager.Labels {
		labels[l.Name] = l.Value
	}
	return rules.LiveOptions{Cluster: c.Agent.Cluster, Labels: labels, Runbooks: c.Alertmanager.Runbooks}
}

// Trail is whether incidents, metrics of objects, and all that follows from them are derived.
type Trail struct {
	Enabled bool
}

// Tail says which files are followed, and how.
type Tail struct {
	Poll              time.Duration // between two looks at the files
	tail.FollowConfig `mapstructure:",squash"`
}

// Redact is what counts as a secret beside what always does.
type Redact struct {
	Patterns []redact.Pattern
}

// Server is what the agent serves over HTTP.
type Server struct {
	Listen    string // address of metrics, health, status page and API
	WebConfig string // file for TLS and authentication, in the format of prometheus/exporter-toolkit
	Pprof     string // loopback address of the profiler; none means off
}

// Log is the agent's own log, on standard error.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // json or text
}

// defaults is what holds where nothing is set.
func defaults() Config {
	return Config{
		Agent: Agent{
			StateDir: "/var/lib/fluxtrail", CheckpointEvery: time.Second, ShutdownGrace: 10 * time.Second, InFlight: 32 << 20,
		},
		Tail: Tail{Poll: 250 * time.Millisecond, FollowConfig: tail.DefaultFollowConfig()},
		Kube: kube.DefaultConfig(),

		Conditions: Conditions{Kube: conditions.Config{Enabled: true}, Scrape: scrape.Agent{Every: scrape.DefaultEvery}},

		Loki: defaultLoki(), Trail: Trail{Enabled: true},
		Leader: kube.LeaderConfig{Enabled: "auto", Lease: kube.DefaultLease},
		Alertmanager: Alertmanager{Config: alertmanager.Config{
			Resend: alertmanager.DefaultResend, HTTP: sinks.HTTP{Timeout: sinks.DefaultTimeout},
		}},
		Grafana:   grafana.Config{HTTP: sinks.HTTP{Timeout: sinks.DefaultTimeout}},
		Webhook:   webhook.Config{HTTP: sinks.HTTP{Timeout: sinks.DefaultTimeout}},
		Incidents: derive.Config{Hold: derive.DefaultHold, Keep: derive.DefaultKeep, Grace: derive.DefaultGrace},
		Metrics: prom.Config{
			Objects: prom.DefaultObjects, Durations: prom.DefaultDurations,
			Series: prom.DefaultSeries, TTL: prom.DefaultTTL,
		},
		Server: Server{Listen: ":8080"},
		Log:    Log{Level: "info", Format: "json"},
	}
}

// defaultLoki has what package loki and package sinks take for zeros.
func defaultLoki() Loki {
	c := loki.Config{
		BatchBytes: loki.DefaultBatchBytes, BatchEntries: loki.DefaultBatchEntries,
		MaxLine: loki.DefaultMaxLine, StreamRate: loki.DefaultStreamRate, StreamBurst: loki.DefaultStreamBurst,
		Window: loki.DefaultWindow, Verify: true, RetryMin: sinks.DefaultMin, RetryMax: sinks.DefaultMax,
	}
	c.HTTP.Timeout = sinks.DefaultTimeout
	return Loki{Enabled: true, Config: c}
}

func atLeast(key string, v, least time.Duration) error {
	if v >= least {
		return nil
	}
	return fmt.Errorf("%s: %s is too short: use %s or more", key, v, least)
}

func oneOf(key, v string, words ...string) error {
	if slices.Contains(words, v) {
		return nil
	}
	last := len(words) - 1
	return fmt.Errorf("%s: %q is not known: use %s or %s", key, v, strings.Join(words[:last], ", "), words[last])
}

// validate reports settings that make no sense.
func (a Agent) validate() error {
	var dir error
	if !filepath.IsAbs(a.StateDir) {
		dir = fmt.Errorf("state_dir: %q is not an absolute path", a.StateDir)
	}
	var memory error
	if a.InFlight < 4<<20 {
		memory = fmt.Errorf("in_flight: %d bytes are too few: use 4MiB or more", a.InFlight)
	}
	return errors.Join(dir, memory, atLeast("checkpoint_every", a.CheckpointEvery, 100*time.Millisecond),
		atLeast("shutdown_grace", a.ShutdownGrace, 0), a.labels())
}

// labels puts the labels together as every stream has them, to see whether Loki takes them.
func (a Agent) labels() error {
	var all []loki.Label
	for _, name := range []string{"namespace", "app", "stream", "cluster"} {
		all = append(all, loki.Label{Name: name, Value: "x"})
	}
	if _, err := loki.Labels(append(all, a.Labels...)); err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	return nil
}

// Validate reports settings that make no sense.
func (t Tail) Validate() error {
	return errors.Join(t.FollowConfig.Validate(), atLeast("poll", t.Poll, 10*time.Millisecond))
}

// validate reports settings that make no sense. Where nothing is shipped nothing has to be set.
func (l Loki) validate() error {
	switch {
	case !l.Enabled:
		return nil
	case l.URL == "":
		return errors.New("url: is missing; without Loki, set loki.enabled to false")
	}
	return l.Config.Validate()
}

// labelName is what every Alertmanager takes as the name of a label.
var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// validate reports settings that make no sense.
func (a Alertmanager) validate() error {
	errs := []error{a.Config.Validate()}
	for i, l := range a.Labels {
		if !labelName.MatchString(l.Name) {
			errs = append(errs, fmt.Errorf("labels[%d]: name: want letters, digits and _, and no digit first", i))
		}
	}
	if a.Runbooks != "" && sinks.CheckURL(a.Runbooks) != nil {
		errs = append(errs, fmt.Errorf("runbooks: %w", sinks.CheckURL(a.Runbooks)))
	}
	return errors.Join(errs...)
}

// validate reports patterns that cannot be used.
func (r Redact) validate() error {
	if _, err := redact.New(r.Patterns); err != nil {
		return err
	}
	return nil
}

// validate reports addresses that cannot be used. The profiler shows memory, and with it secrets:
// it must not leave the machine.
func (s Server) validate() error {
	return errors.Join(address("listen", s.Listen), s.loopback())
}

func (s Server) loopback() error {
	if s.Pprof == "" {
		return nil
	}
	if err := address("pprof", s.Pprof); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(s.Pprof)
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("pprof: %q is not on loopback: use 127.0.0.1:6060", s.Pprof)
}

func address(key, s string) error {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no address: use host:port or :port", key, s)
	}
	return nil
}

// validate reports words that are not known.
func (l Log) validate() error {
	level := oneOf("level", l.Level, "debug", "info", "warn", "error")
	return errors.Join(level, oneOf("format", l.Format, "json", "text"))
}
