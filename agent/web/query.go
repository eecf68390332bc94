package web

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strconv"
	"strings"

	"fluxtrail/api"
)

// query is what a request asks of a list.
type query struct {
	last  bool // as of the last record
	where map[string][]pattern
	limit int
	after string // the cursor, "" for the beginning
}

// How many elements a list has, if the request does not say, and at most.
const (
	defaultLimit = 500
	maxLimit     = 2000
)

// maxPattern bounds the patterns of a parameter: each is held against each element. maxTried is the
// same of those that are tried at each place of a name.
const (
	maxPattern = 1000
	maxTried   = 32
)

// filters are the parameters that elements are selected by, with what an entry has for each. Values
// are patterns with * and ?, several are parted by commas, and case does not matter.
var filters = map[string]func(*Entry) string{
	"kind":      func(e *Entry) string { return e.Kind },
	"namespace": func(e *Entry) string { return e.Namespace },
	"name":      func(e *Entry) string { return e.Name },
	"status":    func(e *Entry) string { return e.Status },
}

// Words that status knows.
var (
	objectStatuses = []string{
		"deleted", "failing", "progressing", "ready", "silent", "stalled", "suspended", "unknown", "waiting",
	}
	incidentStates = []string{"closed", "firing", "pending", "resolved", "withdrawn"}
)

// queryOf reads what a request for a list asks, as parseQuery does. A part that cannot be read
// would else be left out, and the answer be one to another question.
func queryOf(r *http.Request, statuses []string) (query, error) {
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return query{}, fmt.Errorf("the parameters cannot be read: %w", err)
	}
	return parseQuery(values, statuses)
}

// parseQuery reads the parameters of a request for a list, whose elements have one of the statuses.
func parseQuery(values url.Values, statuses []string) (query, error) {
	q := query{where: map[string][]pattern{}, limit: defaultLimit}
	for name, given := range values {
		value := given[len(given)-1]
		if err := q.set(name, value, strings.Join(given, ","), statuses); err != nil {
			return query{}, err
		}
	}
	return q, nil
}

func (q *query) set(name, value, all string, statuses []string) (err error) {
	switch {
	case filters[name] != nil:
		return q.filter(name, all, statuses)
	case name == "at" && (value == "last" || value == "now" || value == ""):
		q.last = value == "last"
	case name == "at":
		return fmt.Errorf("at=%q is not known: use now or last", value)
	case name == "cursor":
		q.after = value
	case name == "limit":
		if q.limit, err = strconv.Atoi(value); err != nil || q.limit < 1 || q.limit > maxLimit {
			return fmt.Errorf("limit=%q: want a number from 1 to %d", value, maxLimit)
		}
	default:
		return fmt.Errorf("parameter %q is not known: use kind, namespace, name, status, limit, cursor or at", name)
	}
	return nil
}

func (q *query) filter(name, value string, statuses []string) error {
	if len(value) > maxPattern {
		return fmt.Errorf("%s is longer than %d characters", name, maxPattern)
	}
	tried := 0
	for _, text := range strings.Split(value, ",") {
		if text = strings.ToLower(strings.TrimSpace(text)); text == "" {
			continue
		}
		if _, err := path.Match(text, ""); err != nil {
			return fmt.Errorf("%s=%q is no pattern: use * and ?", name, text)
		}
		if name == "status" && !strings.ContainsAny(text, "*?[") && !slices.Contains(statuses, text) {
			return fmt.Errorf("status=%q is not known: use %s", text, strings.Join(statuses, ", "))
		}
		p := newPattern(text)
		if tried += p.tried(); tried > maxTried {
			return fmt.Errorf("%s has more than %d characters of patterns with * that have ? or [, too", name, maxTried)
		}
		q.where[name] = append(q.where[name], p)
	}
	return nil
}

// matches reports whether an entry is asked for.
func (q *query) matches(e *Entry) bool {
	for name, patterns := range q.where {
		value := strings.ToLower(filters[name](e))
		if !slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(value) }) {
			return false
		}
	}
	return true
}

// selected are the numbers of the elements that are asked for, from the cursor on, and the cursor
// of what follows, "" for nothing. past tells from a cursor which entries were given before.
func (q *query) selected(entries []Entry, cursor func(*Entry, int) string, past func(after string) (func(*Entry) bool, error)) ([]int, string, error) {
	given := func(*Entry) bool { return false }
	if q.after != "" {
		var err error
		if given, err = past(q.after); err != nil {
			return nil, "", fmt.Errorf("cursor=%q is none of this list: leave it out to begin again", q.after)
		}
	}
	out, next := make([]int, 0, min(q.limit, len(entries))), ""
	for _, i := range inTurn(entries) {
		e := &entries[i]
		if given(e) || !q.matches(e) {
			continue
		}
		if len(out) == q.limit {
			last := out[len(out)-1]
			next = cursor(&entries[last], last)
			break
		}
		out = append(out, i)
	}
	slices.Sort(out)
	return out, next, nil
}

// inTurn are the numbers of the elements in the order in which they come by part: that of a list
// changes when of incidents that opened at the same instant one ends.
func inTurn(entries []Entry) []int {
	order := make([]int, len(entries))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(entries[a].From, entries[b].From), before(entries[a].Ref, entries[b].Ref), a-b)
	})
	return order
}

// objectCursor is the object that was given last: one that came or went meanwhile changes nothing.
func objectCursor(e *Entry, _ int) string { return e.Kind + "/" + e.Namespace + "/" + e.Name }

func pastObject(after string) (func(*Entry) bool, error) {
	parts := strings.SplitN(after, "/", 3)
	if len(parts) != 3 {
		return nil, strconv.ErrSyntax
	}
	last := api.Ref{Kind: parts[0], Namespace: parts[1], Name: parts[2]}
	return func(e *Entry) bool { return before(e.Ref, last) <= 0 }, nil
}

// incidentCursor is when the incident that was given last opened, and its object.
func incidentCursor(e *Entry, _ int) string {
	return strconv.FormatInt(e.From, 10) + "/" + objectCursor(e, 0)
}

func pastIncident(after string) (func(*Entry) bool, error) {
	at, object, _ := strings.Cut(after, "/")
	from, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return nil, err
	}
	past, err := pastObject(object)
	return func(e *Entry) bool { return e.From < from || e.From == from && past(e) }, err
}
