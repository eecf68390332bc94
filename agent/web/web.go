// Package web serves the agent over HTTP: metrics, health, a status page for people, JSON for
// programs.
//
// In: an Agent, which tells what the lanes published last, and a gatherer of metrics. Out: answers
// to GET requests, whose JSON has the shapes of package api. Package agent makes a Handler and runs
// Serve. It reads no request body, never makes a lane wait, and bounds how many requests it works
// on at a time: those beyond are told to come back, so that no client makes the agent's memory
// grow.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"golang.org/x/sync/semaphore"

	"fluxtrail/api"
)

// Agent is what the pages show. Its methods are called by many goroutines at a time and do not wait
// for a lane.
type Agent interface {
	// Unready lists what keeps the agent from doing its work; it is empty when the agent is ready.
	Unready() []string
	// Lanes are the lanes in a fixed order.
	Lanes() []api.Lane
	// Leader is who tells of alerts, nil where the agents do not agree on one.
	Leader() *api.Leader
	// Sinks are what each sink got last.
	Sinks() []api.Sink
	// Targets are the logs that each lane reads, by the lane's name.
	Targets() map[string][]api.Target
	// Snapshot is what is known of objects and incidents: by the wall's clock or, with last, at the
	// time of the last record. It is nil as long as nothing was read. With last it may take some time
	// and memory, and one call is made at a time. An agent that derives nothing gives ErrShipOnly.
	Snapshot(ctx context.Context, last bool) (*Snapshot, error)
}

// ErrShipOnly says that nothing is derived from the lines.
var ErrShipOnly = errors.New("this agent only ships lines (trail.enabled: false): it knows of no objects")

// Snapshot is what the agent knew when it saved its state. It is not written to any more.
type Snapshot struct {
	At        api.Time
	Statuses  map[string]int // number of objects by status
	Objects   *Shelf         // by kind, namespace, name
	Incidents *Shelf         // the open ones and the latest that ended, by opening
}

// Options are what a Handler shows beside the Agent.
type Options struct {
	Version string              // of the program
	Cluster string              // its name, "" for none
	Node    string              // likewise
	Config  string              // as YAML, secrets masked
	Metrics prometheus.Gatherer // what /metrics shows
	Now     func() time.Time
	Log     *slog.Logger
}

// server answers requests. It has no state of its own but the bounds on concurrent work.
type server struct {
	Options
	agent Agent

	// restoring is held by the one request that restores a snapshot.
	restoring *semaphore.Weighted
}

// How many requests are worked on at a time. Gathering the metrics of 5,000 objects takes 13 MB.
const (
	maxScrapes = 4
	maxPages   = 8
)

// Handler routes requests to the pages. It may be used by any number of goroutines.
func Handler(agent Agent, opt Options) http.Handler {
	s := &server{Options: opt, agent: agent, restoring: semaphore.NewWeighted(1)}
	scrapes := newLimiter(maxScrapes)
	pages := newLimiter(maxPages)
	mux := http.NewServeMux()
	for _, path := range []string{"/healthz", "/-/healthy"} {
		mux.HandleFunc("GET "+path, s.healthz)
	}
	for _, path := range []string{"/readyz", "/-/ready"} {
		mux.HandleFunc("GET "+path, s.readyz)
	}
	mux.HandleFunc("GET /favicon.ico", s.icon)
	mux.Handle("GET /metrics", scrapes.limit(s.metrics().ServeHTTP))
	mux.Handle("GET /{$}", pages.limit(s.page))
	mux.Handle("GET /api/v1/incidents", pages.limit(s.incidents))
	mux.Handle("GET /api/v1/objects", pages.limit(s.objects))
	mux.Handle("GET /api/v1/targets", pages.limit(s.targets))
	mux.Handle("GET /api/v1/status", pages.limit(s.status))
	mux.Handle("GET /api/v1/openapi.json", pages.limit(s.describe))
	mux.HandleFunc("/api/", s.elsewhere)
	return withoutBody(mux)
}

func (s *server) metrics() http.Handler {
	return promhttp.HandlerFor(s.Metrics, promhttp.HandlerOpts{
		EnableOpenMetrics: true, EnableOpenMetricsTextCreatedSamples: true,
		ErrorLog: scrapeLog{s.Log},
	})
}

// scrapeLog logs why metrics were not told. That the client is gone is no error of the agent.
type scrapeLog struct{ *slog.Logger }

// Println implements [promhttp.Logger].
func (l scrapeLog) Println(about ...any) {
	level := slog.LevelError
	for _, part := range about {
		if err, ok := part.(error); ok && errors.As(err, new(*net.OpError)) {
			level = slog.LevelDebug
		}
	}
	l.Log(context.Background(), level, strings.TrimSpace(fmt.Sprintln(about...)))
}
