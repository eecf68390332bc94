// Package config is the configuration of the agent: what can be set, what it is set to, and everything that is wrong with it.
//
// In: a YAML file and an environment. Out: a Config, which is composed of the Config structs of the packages that use them, or Errors: all that
// is wrong, each with its key and where it stands. cmd/fluxtrail calls it once at the start; nothing is read again later. example.yaml
// documents every key and is embedded.
//
// An environment variable wins over the file, the file over the default. The package opens no file but the one it is given: whether
// certificates, tokens and directories are there is found out by who uses them. It writes nothing, and shows no secret.
package config

import (
	_ "embed"
	"time"

	"fluxtrail/conditions/pods"
	"fluxtrail/derive"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/tail"
)

// Config is everything that can be set. It is made by Load, then only read, and passed by value.
type Config struct {
	Agent     Agent
	Tail      Tail
	Kube      pods.Config // where metadata of pods comes from; lines are read with or without it
	Loki      Loki
	Incidents derive.Config // of it: hold, keep, grace
	Redact    Redact
	Metrics   prom.Config
	Server    Server
	Log       Log
}

// Agent is about the process as a whole.
type Agent struct {
	Cluster         string        // name of the cluster, a label of all streams
	Labels          []loki.Label  // further labels of all streams
	StateDir        string        // marks and state of the lanes; must survive the pod
	CheckpointEvery time.Duration // at most this much is read again after a crash
	ShutdownGrace   time.Duration // for the last batch, after SIGTERM
}

// Loki is where lines are shipped to, if they are.
type Loki struct {
	Enabled     bool
	loki.Config `mapstructure:",squash"`
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

// Example is a configuration file that documents every key and sets it to its default.
//
//go:embed example.yaml
var Example string

// Default is the configuration of an empty file and an empty environment.
func Default() Config {
	return Config{
		Agent:     Agent{StateDir: "/var/lib/fluxtrail", CheckpointEvery: time.Second, ShutdownGrace: 10 * time.Second},
		Tail:      Tail{Poll: 250 * time.Millisecond, FollowConfig: tail.DefaultFollowConfig()},
		Kube:      pods.Default(),
		Loki:      defaultLoki(),
		Incidents: derive.Config{Hold: derive.DefaultHold, Keep: derive.DefaultKeep, Grace: derive.DefaultGrace},
		Metrics:   prom.Config{Objects: prom.DefaultObjects, Durations: prom.DefaultDurations, Series: prom.DefaultSeries, TTL: prom.DefaultTTL},
		Server:    Server{Listen: ":8080"},
		Log:       Log{Level: "info", Format: "json"},
	}
}

// defaultLoki has what package loki and package sinks take for zeros.
func defaultLoki() Loki {
	c := loki.Config{
		BatchBytes: loki.DefaultBatchBytes, BatchEntries: loki.DefaultBatchEntries,
		MaxLine: loki.DefaultMaxLine, StreamRate: loki.DefaultStreamRate, StreamBurst: loki.DefaultStreamBurst, Window: loki.DefaultWindow,
		Verify: true, RetryMin: 500 * time.Millisecond, RetryMax: time.Minute,
	}
	c.HTTP.Timeout = 10 * time.Second
	return Loki{Enabled: true, Config: c}
}
