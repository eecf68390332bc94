package web

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"net/http"

	"github.com/klauspost/compress/s2"

	"fluxtrail/api"
)

func (s *server) incidents(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, func(w io.Writer, c *Snapshot) error { return writeList(r.Context(), w, c.At, "incidents", c.Incidents) })
}

func (s *server) objects(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, func(w io.Writer, c *Snapshot) error { return writeList(r.Context(), w, c.At, "objects", c.Objects) })
}

// list answers with what write makes of a snapshot. The answer is made while no other request has a
// snapshot, and is sent afterwards, so that a client that reads slowly holds up no other. Until
// then it waits in compressed form, about a tenth of its size.
func (s *server) list(w http.ResponseWriter, r *http.Request, write func(io.Writer, *Snapshot) error) {
	var packed bytes.Buffer
	code, err := s.withSnapshot(r, func(c *Snapshot) error {
		z := s2.NewWriter(&packed, s2.WriterConcurrency(1), s2.WriterBlockSize(64<<10))
		return errors.Join(write(z, c), z.Close())
	})
	if err != nil {
		http.Error(w, err.Error(), code)
		return
	}
	jsonHeader(w)
	_, err = io.Copy(w, s2.NewReader(&packed))
	s.unsent(err)
}

// withSnapshot calls use with a snapshot as of now or, with ?at=last, as of the last record. One
// request at a time does that; a request whose client is gone gives up. The status is for the
// error.
func (s *server) withSnapshot(r *http.Request, use func(*Snapshot) error) (status int, err error) {
	at := r.URL.Query().Get("at")
	if at != "" && at != "now" && at != "last" {
		return http.StatusBadRequest, fmt.Errorf("at=%q is not known: use now or last", at)
	}
	if err := s.restoring.Acquire(r.Context(), 1); err != nil {
		return http.StatusServiceUnavailable, err
	}
	defer s.restoring.Release(1)
	c, err := s.agent.Snapshot(r.Context(), at == "last")
	switch {
	case err != nil:
		return http.StatusInternalServerError, err
	case c == nil:
		return http.StatusServiceUnavailable, errors.New("trail has not read anything yet")
	}
	if err := use(c); err != nil {
		return http.StatusInternalServerError, err
	}
	return http.StatusOK, nil
}

// writeList writes an api.Answer whose list has the given name, one item after the other.
func writeList[T any](ctx context.Context, w io.Writer, at api.Time, name string, items iter.Seq[T]) error {
	head, err := json.Marshal(api.Answer{Schema: api.Schema, At: at})
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(w, "%s,%q:[", head[:len(head)-1], name); err != nil {
		return err
	}
	between := ""
	for item := range items {
		text, err := json.Marshal(item)
		if err == nil {
			err = ctx.Err()
		}
		if err == nil {
			_, err = fmt.Fprintf(w, "%s%s", between, text)
		}
		if err != nil {
			return err
		}
		between = ","
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (s *server) status(w http.ResponseWriter, _ *http.Request) {
	why := s.agent.Unready()
	s.json(w, api.Status{
		Schema: api.AgentSchema, Version: s.Version,
		Ready: len(why) == 0, Why: append([]string{}, why...), Lanes: s.agent.Lanes(),
	})
}

func (s *server) targets(w http.ResponseWriter, _ *http.Request) {
	s.json(w, api.Targets{Schema: api.AgentSchema, Lanes: s.agent.Targets()})
}

func (s *server) json(w http.ResponseWriter, v any) {
	jsonHeader(w)
	s.unsent(json.NewEncoder(w).Encode(v))
}

func jsonHeader(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
}

// unsent logs an answer that could not be sent: the client is gone, which is no error of the agent.
func (s *server) unsent(err error) {
	if err != nil {
		s.Log.Debug("cannot answer", "err", err)
	}
}
