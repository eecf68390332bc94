package loki

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxtrail/sinks"
)

// Sizes of what is asked for at once.
const (
	firstLimit = 5000 // entries; Loki's default of max_entries_limit_per_query
	maxLimit   = 100_000
	minLimit   = 10
	firstSpan  = time.Hour
	minSpan    = time.Second
	maxSpan    = 24 * time.Hour
	// overlap is how much of what was read is asked for again, and passed over. Loki leaves out a
	// block of lines whose last one is of the very millisecond that a query begins with.
	overlap = int64(time.Millisecond)
)

// reader gives the text of all pages. It belongs to one goroutine.
type reader struct {
	ctx context.Context
	*server
	query    string
	from, to int64 // what is left to be asked for; to is not included
	overlap  int64 // asked for before from
	span     int64 // of one query
	limit    int   // entries of one query
	most     int   // that Loki gives, as far as it is known
	full     int   // pages in a row that had as many
	crowded  int   // instants of which Loki has more lines than it gives
	row      int   // of them, one behind another
	late     int   // questions in a row that had no whole answer in time

	decoder
	answer  bytes.Buffer
	entries []entry
	out     bytes.Buffer
	err     error
}

func newReader(ctx context.Context, s *server, c Config) *reader {
	impatient := *s
	impatient.policy.Final = slow // less is asked for instead
	return &reader{
		ctx: ctx, server: &impatient, query: c.Query, from: c.From, to: c.To + 1, overlap: overlap,
		span: int64(firstSpan), limit: firstLimit, most: maxLimit,
	}
}

// Close ends the reading.
func (r *reader) Close() error {
	r.from, r.err = r.to, io.EOF
	return nil
}

// Read implements [io.Reader]. It asks for the next page when it has given the last one.
func (r *reader) Read(p []byte) (int, error) {
	for r.out.Len() == 0 && r.err == nil {
		r.out.Reset()
		if r.from >= r.to {
			r.err = r.end()
		} else if err := r.page(); err != nil {
			r.err = fmt.Errorf("from %s on: %w", time.Unix(0, r.from).UTC().Format(time.RFC3339Nano), explain(err))
		}
	}
	if r.out.Len() > 0 {
		return r.out.Read(p)
	}
	return 0, r.err
}

func (r *reader) end() error {
	if r.crowded > 0 {
		return fmt.Errorf("loki has more than %d lines of one instant in %d places, and gives no more in one answer: some are missing; "+
			"raise max_entries_limit_per_query, or ask for fewer streams", r.limit, r.crowded)
	}
	return io.EOF
}

// page asks for the next page, and writes its lines. The last instant of a page that is full may go
// on: it is left to the next page.
func (r *reader) page() error {
	to := min(r.from+r.span, r.to)
	err := r.ask(to)
	if err != nil {
		return r.retreat(err)
	}
	r.late = 0
	if r.entries, err = r.decoder.entries(r.answer.Bytes(), r.entries[:0]); err != nil {
		return err
	}
	if err := r.asked(to); err != nil {
		return err
	}
	n, begin := len(r.entries), r.before(r.from)
	if whole := r.before(to); n < r.limit || whole < n {
		r.write(begin, whole)
		r.from, r.overlap = to, overlap
		if n < r.limit/2 {
			r.span = min(2*r.span, int64(maxSpan))
		}
		return nil
	}
	last := r.entries[n-1].at
	cut := r.before(last)
	switch {
	case last > r.from:
		r.write(begin, cut)
		r.from, r.overlap = last, overlap
		r.grow()
	case r.limit < r.most: // none behind the first instant
		r.limit = min(2*r.limit, r.most)
	case r.overlap > 0 && begin > 0:
		r.overlap = 0
	case r.row == maxRow:
		return fmt.Errorf("loki has more than %d lines of each of %d instants in a row, which no log has", r.limit, maxRow)
	default:
		r.crowded++
		r.row++
		r.write(begin, n)
		r.from, r.overlap = r.from+1, overlap
		return nil
	}
	r.row = 0
	return nil
}

const (
	// maxRow is how many instants in a row may have more lines than Loki gives. Such are counters of
	// nanoseconds that somebody made, or an answer that does not depend on what is asked for.
	maxRow = 1000
	// tolerance is how far outside of what is asked for the times of an answer may be.
	tolerance = int64(time.Second)
)

// asked is an error if an answer has lines of another time than was asked for: that of a cache, or
// of something that only looks like Loki, would come again and again.
func (r *reader) asked(to int64) error {
	if n := len(r.entries); n > 0 && (r.entries[0].at < r.from-r.overlap-tolerance || r.entries[n-1].at > to+tolerance) {
		return fmt.Errorf("the answer has lines from %s to %s, and was to have those up to %s: does something between here and Loki keep answers?",
			moment(r.entries[0].at), moment(r.entries[n-1].at), moment(to))
	}
	return nil
}

func moment(at int64) string { return time.Unix(0, at).UTC().Format(time.RFC3339) }

// before is how many entries are older than a time.
func (r *reader) before(t int64) int {
	n, _ := slices.BinarySearchFunc(r.entries, t, func(e entry, t int64) int { return cmp.Compare(e.at, t) })
	return n
}

// grow takes back a step of retreat: most pages of a log are like others, and some have long lines.
func (r *reader) grow() {
	if r.full++; r.full%8 == 0 && r.limit < firstLimit {
		r.limit = min(2*r.limit, firstLimit, r.most)
	}
}

func (r *reader) ask(to int64) error {
	return r.get(r.ctx, "query_range", r.from-r.overlap, to, url.Values{
		"query": {r.query}, "direction": {"forward"}, "limit": {strconv.Itoa(r.limit)},
	}, &r.answer)
}

func (r *reader) write(from, to int) {
	for i := from; i < to; i++ {
		r.decoder.write(&r.out, &r.entries[i])
	}
	clear(r.entries)
}

// entriesLimit finds what Loki says when it is asked for more lines than it may give.
var entriesLimit = regexp.MustCompile(`max entries limit per query exceeded, limit > max_entries_limit[a-z_]* \(\d+ > (\d+)\)`)

// maxLate is how many questions in a row may have no whole answer in time, the second of them for
// much less: a server that drips its answers does so with short ones, too.
const maxLate = 2

// retreat asks for less after an error that less may not have. Else it returns the error.
func (r *reader) retreat(err error) error {
	var answered *sinks.Error
	text := err.Error()
	if errors.As(err, &answered) {
		text = answered.Body
	}
	allowed := entriesLimit.FindStringSubmatch(text)
	large := errors.Is(err, sinks.ErrLong) || sinks.ClassOf(err) == sinks.TooLarge || strings.Contains(text, "ResourceExhausted")
	switch {
	case r.ctx.Err() != nil:
		return context.Cause(r.ctx)
	case allowed != nil:
		n, bad := strconv.Atoi(allowed[1])
		if bad != nil || n < 1 || n >= r.limit {
			return err
		}
		r.limit, r.most = n, n
	case large && r.limit > minLimit:
		r.limit = max(r.limit/4, minLimit)
	case late(err):
		if r.late++; r.late == maxLate || r.span <= int64(minSpan) {
			return err
		}
		r.span = max(r.span/64, int64(minSpan))
	case slow(err) && r.span > int64(minSpan):
		r.span = max(r.span/8, int64(minSpan))
	default:
		return err
	}
	return nil
}

// slow reports whether the error is about the time that is asked for: Loki has a limit for it, and
// a query that reads less of it is done sooner.
func slow(err error) bool {
	var answered *sinks.Error
	if !errors.As(err, &answered) {
		return errors.Is(err, context.DeadlineExceeded)
	}
	about := func(text string) bool { return strings.Contains(answered.Body, text) }
	return answered.Status == http.StatusGatewayTimeout || answered.Status != http.StatusTooManyRequests &&
		slices.ContainsFunc([]string{"time range exceeds", "deadline exceeded", "timeout", "timed out", "would read too"}, about)
}
