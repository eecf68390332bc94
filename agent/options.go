package agent

import (
	"io"
	"log/slog"
	"time"

	conditions "fluxtrail/conditions/kube"
	"fluxtrail/conditions/scrape"
	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
	"fluxtrail/sinks/alertmanager"
	"fluxtrail/sinks/grafana"
	"fluxtrail/sinks/loki"
	"fluxtrail/sinks/prom"
	"fluxtrail/sinks/webhook"
	"fluxtrail/tail"
)

// Options are everything that Run needs, compiled from flags and configuration. They are only read.
type Options struct {
	Cluster string // its name, for the status page

	Once  bool       // read to the current end, deliver, save, and return: no server, the records' own times
	Build prom.Build // of the program
	Shown string     // the configuration as the status page shows it, secrets masked
	Out   io.Writer  // gets incidents that open, fire and end, one JSON object a line
	Log   *slog.Logger

	StateDir        string        // marks and state of the lanes; must survive the pod
	CheckpointEvery time.Duration // at most this much is read again after a crash
	ShutdownGrace   time.Duration // for the last batch, after ctx is done
	InFlight        int           // bytes of lines that were read and not delivered, over all logs and both lanes

	Follow  tail.FollowConfig // which files are followed, and how
	Poll    time.Duration     // between two looks at the files
	Secrets []redact.Pattern  // what counts as a secret beside what always does
	Kube    kube.Config       // where metadata of pods comes from

	Scrape     scrape.Agent      // of the controllers on this node
	Conditions conditions.Config // what is observed of objects beside their logs

	ShipOnly  bool          // nothing is derived from the lines
	Ship      bool          // whether lines are shipped to Loki
	Loki      loki.Config   // how
	Labels    []loki.Label  // of all streams
	Incidents derive.Config // of it: Hold, Keep, Grace
	Metrics   prom.Config

	Alertmanager alertmanager.Config // nothing is sent without an address
	Alerts       rules.LiveOptions   // labels and links of the alerts
	Grafana      grafana.Config      // nothing is marked without an address
	Webhook      webhook.Config      // nothing is posted without an address

	Leader kube.LeaderConfig // which agent of the cluster tells of alerts

	Listen    string // address of metrics, health, status page and API
	WebConfig string // file for TLS and authentication, in the format of prometheus/exporter-toolkit
	Pprof     string // loopback address of the profiler; "" for none
}

// UsageError is an error of the configuration: nothing was begun.
type UsageError struct{ Err error }

func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns what is wrong with the configuration.
func (e *UsageError) Unwrap() error { return e.Err }
