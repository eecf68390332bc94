package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/http/pprof"
	"time"

	"github.com/prometheus/exporter-toolkit/web"

	"fluxtrail/config/bounded"
)

// Site is an address that is served on.
type Site struct {
	listener net.Listener
	file     string // for TLS and authentication, "" for neither
	handler  http.Handler
	write    time.Duration // how long an answer may take
}

// Times that a request may take. A client that sends or reads more slowly is cut off.
const (
	headerTimeout  = 5 * time.Second
	readTimeout    = 10 * time.Second
	writeTimeout   = 30 * time.Second
	profileTimeout = 5 * time.Minute // a profile is taken for as long as the request says
	idleTimeout    = 2 * time.Minute
	maxHeader      = 16 << 10 // bytes
)

// maxConfig bounds a web configuration, in bytes.
const maxConfig = 1 << 20

// Listen opens an address. file is a web configuration of prometheus/exporter-toolkit for TLS and
// authentication, "" for neither; Serve reads it, again and again, so it has to be a regular file.
func Listen(addr, file string, h http.Handler) (*Site, error) {
	if file != "" {
		if _, err := bounded.Regular(file, maxConfig); err != nil {
			return nil, fmt.Errorf("web configuration: %w", err)
		}
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	return &Site{listener: l, file: file, handler: h, write: writeTimeout}, nil
}

// ListenProfiler opens an address for the profiler, which has to be on loopback: profiles show
// memory.
func ListenProfiler(addr string) (*Site, error) {
	s, err := Listen(addr, "", profiler())
	if err == nil {
		s.write = profileTimeout
	}
	return s, err
}

// Addr is the address that the Site listens on.
func (s *Site) Addr() string { return s.listener.Addr().String() }

// Serve answers until ctx is done, then gives open requests a second. It closes the listener.
func (s *Site) Serve(ctx context.Context, log *slog.Logger) error {
	srv := s.server(log)
	stop := context.AfterFunc(ctx, func() {
		last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		if err := srv.Shutdown(last); err != nil {
			_ = srv.Close() // who still reads is cut off
		}
	})
	defer stop()
	err := web.Serve(s.listener, srv, &web.FlagConfig{WebConfigFile: &s.file}, log)
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve on %s: %w", s.Addr(), err)
}

func (s *Site) server(log *slog.Logger) *http.Server {
	return &http.Server{
		Handler: s.handler, MaxHeaderBytes: maxHeader,
		ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: s.write, IdleTimeout: idleTimeout,
		ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	}
}

func profiler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/cmdline", pprof.Cmdline)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/symbol", pprof.Symbol)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	return withoutBody(mux)
}
