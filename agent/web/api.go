package web

import (
	"bytes"
	"context"
	_ "embed" // the description
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"

	"fluxtrail/api"
)

//go:embed openapi.json
var description []byte

func (s *server) describe(w http.ResponseWriter, _ *http.Request) {
	jsonHeader(w)
	_, err := w.Write(description)
	s.unsent(err)
}

func (s *server) incidents(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "incidents", incidentStates, func(q *query, c *Snapshot) (*Shelf, []int, string, error) {
		numbers, next, err := q.selected(c.Incidents.entries, incidentCursor, pastIncident)
		return c.Incidents, numbers, next, err
	})
}

func (s *server) objects(w http.ResponseWriter, r *http.Request) {
	s.list(w, r, "objects", objectStatuses, func(q *query, c *Snapshot) (*Shelf, []int, string, error) {
		numbers, next, err := q.selected(c.Objects.entries, objectCursor, pastObject)
		return c.Objects, numbers, next, err
	})
}

// list answers with the elements of a snapshot that a request asks for.
func (s *server) list(w http.ResponseWriter, r *http.Request, name string, statuses []string,
	pick func(*query, *Snapshot) (*Shelf, []int, string, error),
) {
	q, err := queryOf(r, statuses)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	c, code, err := s.snapshot(r.Context(), q.last)
	if err != nil {
		s.refuse(w, code, err)
		return
	}
	shelf, numbers, next, err := pick(&q, c)
	if err != nil {
		s.refuse(w, http.StatusBadRequest, err)
		return
	}
	jsonHeader(w)
	s.unsent(writeList(r.Context(), w, api.Answer{Schema: api.Schema, At: c.At, Next: next}, name, shelf, numbers))
}

// snapshot is what is known now or, with last, as of the last record. That takes time and memory:
// one request at a time does it, and one whose client is gone gives up. The status is for the
// error.
func (s *server) snapshot(ctx context.Context, last bool) (*Snapshot, int, error) {
	if last {
		if err := s.restoring.Acquire(ctx, 1); err != nil {
			return nil, http.StatusServiceUnavailable, err
		}
		defer s.restoring.Release(1)
	}
	c, err := s.agent.Snapshot(ctx, last)
	switch {
	case errors.Is(err, ErrShipOnly):
		return nil, http.StatusNotImplemented, err
	case err != nil:
		return nil, http.StatusInternalServerError, err
	case c == nil:
		return nil, http.StatusServiceUnavailable, errors.New("trail has just started and shows nothing yet: come back in some seconds")
	}
	return c, http.StatusOK, nil
}

// writeList writes an api.Answer whose list has the given name, one element after the other.
func writeList(ctx context.Context, w io.Writer, answer api.Answer, name string, shelf *Shelf, numbers []int) error {
	head, err := json.Marshal(answer)
	if err != nil {
		return err
	}
	head = api.Escape(head)
	if _, err = fmt.Fprintf(w, "%s,%q:[", head[:len(head)-1], name); err != nil {
		return err
	}
	between := ""
	err = shelf.each(numbers, func(e element) error {
		_, err := fmt.Fprintf(w, "%s%s", between, e.doc)
		between = ","
		return errors.Join(err, ctx.Err())
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "]}\n")
	return err
}

func (s *server) status(w http.ResponseWriter, _ *http.Request) {
	why := s.agent.Unready()
	s.json(w, api.Status{
		Schema: api.AgentSchema, Version: s.Version, Cluster: s.Cluster, Node: s.Node,
		Ready: len(why) == 0, Why: append([]string{}, why...), Lanes: s.agent.Lanes(),
		Leader: s.agent.Leader(), Sinks: s.agent.Sinks(),
	})
}

// maxLogs is more logs than there can be: a cursor behind it is at the end, too.
const maxLogs = math.MaxInt32 - maxLimit

// targets answers with the logs of the lanes, by part: a cursor is a number of logs.
func (s *server) targets(w http.ResponseWriter, r *http.Request) {
	q, err := queryOf(r, nil)
	from, bad := 0, error(nil)
	if q.after != "" {
		from, bad = strconv.Atoi(q.after)
	}
	if err != nil || bad != nil || from < 0 || len(q.where) > 0 {
		s.refuse(w, http.StatusBadRequest, errors.Join(err, errors.New("the list of logs takes limit, and the cursor of an answer before")))
		return
	}
	from = min(from, maxLogs)
	answer, all, n := api.Targets{Schema: api.AgentSchema, Lanes: map[string][]api.Target{}}, s.agent.Targets(), 0
	for _, lane := range s.agent.Lanes() {
		list := all[lane.Name]
		i, j := min(max(from-n, 0), len(list)), min(max(from+q.limit-n, 0), len(list))
		answer.Lanes[lane.Name] = slices.Concat([]api.Target{}, list[i:j])
		if n += len(list); j < len(list) {
			answer.Next = strconv.Itoa(from + q.limit)
		}
	}
	s.json(w, answer)
}

// elsewhere answers requests for what the API does not have.
func (s *server) elsewhere(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		s.refuse(w, http.StatusMethodNotAllowed, fmt.Errorf("method %s: the API only answers GET", r.Method))
		return
	}
	s.refuse(w, http.StatusNotFound, errors.New("there is no such path: /api/v1/openapi.json describes what there is"))
}

// refuse answers with an error.
func (s *server) refuse(w http.ResponseWriter, code int, err error) {
	jsonHeader(w)
	w.WriteHeader(code)
	s.encode(w, api.Problem{Error: err.Error()})
}

func (s *server) json(w http.ResponseWriter, v any) {
	jsonHeader(w)
	s.encode(w, v)
}

// encode writes JSON without what terminals would obey.
func (s *server) encode(w io.Writer, v any) {
	var b bytes.Buffer
	if err := encode(json.NewEncoder(&b), &b, v); err != nil {
		s.unsent(err)
		return
	}
	_, err := b.WriteTo(w)
	s.unsent(err)
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
