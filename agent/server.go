package agent

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"sync"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/prometheus/exporter-toolkit/web"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

// server answers for the agent: metrics, health, a page for people, JSON for programs. It reads only what the lanes put on the board, and never
// makes them wait.
type server struct {
	board   *board
	cfg     derive.Config // without Redact: everything on the board was redacted
	now     func() time.Time
	config  string // as YAML, secrets masked
	version string
	log     *slog.Logger

	reading sync.Mutex // held by who reads a story: with many objects that takes as much memory as all the rest
}

// lokiPatience is how long Loki may be unreachable before the agent calls itself not ready.
const lokiPatience = time.Minute

// handler routes requests. gatherer is what /metrics shows.
func (s *server) handler(gatherer prometheus.Gatherer) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.HandlerFor(gatherer, promhttp.HandlerOpts{EnableOpenMetrics: true, EnableOpenMetricsTextCreatedSamples: true, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelError)}))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /api/v1/incidents", s.incidents)
	mux.HandleFunc("GET /api/v1/objects", s.objects)
	mux.HandleFunc("GET /api/v1/targets", s.targets)
	mux.HandleFunc("GET /api/v1/status", s.status)
	return mux
}

// site is an address that is served on.
type site struct {
	addr     string
	web      string // file for TLS and authentication, "" for neither
	handler  http.Handler
	listener net.Listener
}

// serve answers until ctx is done, then gives open requests a moment.
func (s site) serve(ctx context.Context, log *slog.Logger) error {
	srv := &http.Server{
		Handler: s.handler, ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 2 * time.Minute, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if err := srv.Shutdown(last); err != nil {
			_ = srv.Close() // who still reads is cut off
		}
	})
	defer stop()
	err := web.Serve(s.listener, srv, &web.FlagConfig{WebConfigFile: &s.web}, log)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve on %s: %w", s.addr, err)
}

// profiler is for an address of its own, on loopback: profiles show memory.
func profiler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return mux
}

// unready lists what keeps the agent from doing its work; nothing when it is ready.
func (s *server) unready() []string {
	var why []string
	for _, name := range s.board.names {
		switch v := s.board.lane(name); {
		case v == nil:
			why = append(why, name+": has not looked at the files yet")
		case !v.Running:
			why = append(why, name+": the lane is not running")
		case v.Trouble != "":
			why = append(why, name+": "+v.Trouble)
		}
	}
	if b := s.board.block.Load(); b != nil && s.now().Sub(b.Since) > lokiPatience {
		why = append(why, fmt.Sprintf("ship: nothing was delivered to Loki since %s (%s)", b.Since.UTC().Format(time.RFC3339), b.Class))
	}
	return why
}

func (s *server) readyz(w http.ResponseWriter, _ *http.Request) {
	why := s.unready()
	if len(why) == 0 {
		fmt.Fprintln(w, "ready")
		return
	}
	w.WriteHeader(http.StatusServiceUnavailable)
	for _, line := range why {
		fmt.Fprintln(w, line)
	}
}

// chapter restores what the trail lane saved, as of now or, with ?at=last, as of the last record, and has it told. One request at a time does that.
// Otherwise it gives an error, and the status that stands for it.
func (s *server) chapter(r *http.Request, tell func(*chapter)) (int, error) {
	at := r.FormValue("at")
	if at != "" && at != "now" && at != "last" {
		return http.StatusBadRequest, fmt.Errorf("at=%q is not known: use now or last", at)
	}
	st := s.board.story.Load()
	if st == nil {
		return http.StatusServiceUnavailable, errors.New("trail has not read anything yet")
	}
	s.reading.Lock()
	defer s.reading.Unlock()
	c, err := st.read(s.cfg, at == "last")
	if err == nil {
		tell(c)
	}
	return http.StatusInternalServerError, err
}

func (s *server) incidents(w http.ResponseWriter, r *http.Request) {
	s.story(w, r, func(c *chapter, a *api.Answer) { a.Incidents = c.incidents() })
}

func (s *server) objects(w http.ResponseWriter, r *http.Request) {
	s.story(w, r, func(c *chapter, a *api.Answer) { a.Objects = c.objects() })
}

func (s *server) story(w http.ResponseWriter, r *http.Request, fill func(*chapter, *api.Answer)) {
	a := api.Answer{Schema: api.Schema}
	code, err := s.chapter(r, func(c *chapter) {
		a.At = export.Time(c.View.At)
		fill(c, &a)
	})
	if err != nil {
		http.Error(w, err.Error(), code)
		return
	}
	s.json(w, a)
}

func (s *server) lanes() []api.Lane {
	out := []api.Lane{}
	for _, name := range s.board.names {
		v := s.board.lane(name)
		if v == nil {
			out = append(out, api.Lane{Name: name, Dropped: map[string]int64{}, Unread: []api.Unread{}})
			continue
		}
		l := api.Lane{Name: name, Running: v.Running, At: api.Time{Time: v.At}, SavedAt: export.Time(v.SavedAt), Trouble: v.Trouble, Targets: len(v.Targets), Dropped: v.Dropped}
		l.Unread = append([]api.Unread{}, v.Unread...)
		for _, t := range v.Targets {
			l.LagBytes += t.LagBytes
		}
		out = append(out, l)
	}
	return out
}

func (s *server) status(w http.ResponseWriter, _ *http.Request) {
	why := s.unready()
	s.json(w, api.Status{Schema: api.AgentSchema, Version: s.version, Ready: len(why) == 0, Why: append([]string{}, why...), Lanes: s.lanes()})
}

func (s *server) targets(w http.ResponseWriter, _ *http.Request) {
	s.json(w, struct {
		Schema string              `json:"schema"`
		Lanes  map[string][]target `json:"lanes"`
	}{api.AgentSchema, s.targetsByLane()})
}

func (s *server) targetsByLane() map[string][]target {
	out := map[string][]target{}
	for _, name := range s.board.names {
		out[name] = []target{}
		if v := s.board.lane(name); v != nil {
			out[name] = append(out[name], v.Targets...)
		}
	}
	return out
}

func (s *server) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.log.Debug("cannot answer", "err", err)
	}
}
