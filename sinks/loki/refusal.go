package loki

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/grafana/loki/pkg/push"

	"fluxtrail/sinks"
)

// scope says how much of a request a refusal is about.
type scope int

const (
	ofEntry  scope = iota // single entries; the others of the request are stored
	ofStream              // all entries of the stream, for ever
	ofConfig              // all entries of the stream, until somebody changes a setting
)

// refusal is a reason for which Loki refuses entries. The reason is the name under which
// Loki itself counts it.
type refusal struct {
	text   string // in lower case; older versions wrote capitals
	reason string
	scope  scope
}

// refusals are the texts of pkg/validation/validate.go and pkg/chunkenc/interface.go.
var refusals = []refusal{
	{"timestamp too old", "greater_than_max_sample_age", ofEntry},
	{"entry too far behind", tooFarBehind, ofEntry},
	{"entry out of order", "out_of_order", ofEntry},
	{"timestamp too new", "too_far_in_future", ofEntry},
	{"max entry size", "line_too_long", ofEntry},
	{"structured metadata too large", "structured_metadata_too_large", ofEntry},
	{"too many structured metadata labels", "structured_metadata_too_many", ofEntry},
	{"error parsing labels", "invalid_labels", ofStream},
	{"at least one label pair is required", "missing_labels", ofStream},
	{"label names; limit", "max_label_names_per_series", ofStream},
	{"has label name too long", "label_name_too_long", ofStream},
	{"has label value too long", "label_value_too_long", ofStream},
	{"has duplicate label name", "duplicate_label_names", ofStream},
	{"includes structured metadata, but this feature is disallowed", "disallowed_structured_metadata", ofConfig},
	{"missing required labels", "missing_enforced_labels", ofConfig},
	{"ingestion blocked for user", "blocked_ingestion", ofConfig},
}

const (
	// tooFarBehind is the one reason that does not end an entry: it is sent elsewhere.
	tooFarBehind = "too_far_behind"
	// unexplained is the reason of refusals that are in no row.
	unexplained = "other"
)

// bodyOf returns what Loki wrote.
func bodyOf(err error) string {
	var e *sinks.Error
	if errors.As(err, &e) {
		return e.Body
	}
	return err.Error()
}

// explain returns what the text of a refusal says. sole tells that it is the only reason
// in the text, and that the text is complete.
func explain(body string) (r refusal, sole bool) {
	r = refusal{reason: unexplained}
	text, n := strings.ToLower(body), 0
	for _, row := range refusals {
		if strings.Contains(text, row.text) {
			if n == 0 {
				r = row
			}
			n++
		}
	}
	return r, n == 1 && len(body) < sinks.MaxBody
}

// oldest returns the time before which Loki takes nothing, if the text of a refusal tells.
// Loki cuts off the fraction of its second.
func oldest(body string) (time.Time, bool) {
	return timeBehind(body, "oldest acceptable timestamp is: ")
}

// timeBehind is the time that stands in a text behind some words.
func timeBehind(text, words string) (time.Time, bool) {
	_, rest, ok := strings.Cut(text, words)
	if !ok {
		return time.Time{}, false
	}
	if i := strings.IndexAny(rest, "',; \n"); i >= 0 {
		rest = rest[:i]
	}
	t, err := time.Parse(time.RFC3339, rest)
	return t, err == nil
}

// ignored returns how many of how many entries were refused, if the text tells.
func ignored(body string) (n, of int, ok bool) {
	i := strings.Index(body, "total ignored: ")
	if i < 0 {
		return 0, 0, false
	}
	_, err := fmt.Sscanf(body[i:], "total ignored: %d out of %d", &n, &of)
	return n, of, err == nil
}

// tooOld returns how many of the entries, which are in the order of time, a refusal is
// about that says that they are too old. exact tells that there are no others.
func tooOld(body string, entries []push.Entry) (n int, exact bool) {
	limit, ok := oldest(body)
	if !ok {
		return 0, false
	}
	if n, of, ok := ignored(body); ok && of == len(entries) && n <= of {
		if n > 0 && entries[n-1].Timestamp.Before(limit.Add(time.Second)) {
			return n, true
		}
	}
	for n < len(entries) && entries[n].Timestamp.Before(limit) {
		n++
	}
	return n, false
}

// tooNew returns how many of the entries, which are in the order of time, a refusal is certainly
// about that says that they are too new: they are the last ones. exact tells that there are no
// others. Loki counts those of each second, whose fraction it cuts off.
func tooNew(body string, entries []push.Entry) (n int, exact bool) {
	first, count, others := time.Time{}, 0, false
	for text := range strings.SplitSeq(body, "; ") {
		at, ok := timeBehind(text, "timestamp too new: ")
		if !ok {
			others = true
			continue
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
		k := 0
		_, _ = fmt.Sscanf(text, "%d errors like:", &k) // 0 where it does not count
		count += k
	}
	for !first.IsZero() && n < len(entries) && !entries[len(entries)-1-n].Timestamp.Before(first.Add(time.Second)) {
		n++
	}
	if n <= count && count <= len(entries) && count > 0 {
		return count, !others
	}
	return n, false
}

const (
	// confirmations is how often in a row an entry that stands alone must be refused, when
	// the reason is not known, before the refusal is believed to be about the entry. With
	// the waits in between this takes half a minute.
	confirmations = 8
	// maxStrikes is how many entries may be given up in a row for no known reason. After
	// that it is the server, or what stands before it, that refuses everything.
	maxStrikes = 3
)

// soften turns a refusal into a failure that is tried again where it need not be about what
// was sent.
func (s *Sink) soften(err error, p *part) error {
	var e *sinks.Error
	if !errors.As(err, &e) || e.Class != sinks.Refused {
		return err
	}
	r, _ := explain(e.Body)
	switch st := p.of; {
	case r.scope == ofConfig:
		return reclass(e, sinks.Held)
	case r.reason != unexplained || len(p.entries) > 1:
		return err
	case st.strikes >= maxStrikes:
		return reclass(e, sinks.Held)
	default:
		if st.refusals++; st.refusals < confirmations {
			return reclass(e, sinks.Transient)
		}
	}
	return err
}

func reclass(e *sinks.Error, c sinks.Class) error {
	other := *e
	other.Class = c
	return &other
}
