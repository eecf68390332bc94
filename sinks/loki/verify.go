package loki

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/tidwall/gjson"

	"fluxtrail/sinks"
	"fluxtrail/tail/frame"
)

// Loki drops an entry that it is sent again only as long as the first is in the block that it
// is writing, which closes every 256 KB. So before something is sent that Loki may have
// already, it is asked. Its ingesters answer for what they were given a moment ago; what it
// does not tell is sent again, and may be there twice then.

const (
	// askEntries is how many entries one query is about. The answer may hold as many of other
	// pods, up to Loki's default of max_entries_limit_per_query.
	askEntries = 1000
	// askLines is how many bytes they may have: an answer has at least as many.
	askLines = 1 << 20
	askLimit = 5000
	// askSpan is how far their times may be apart. Loki splits a query into one for each hour, and
	// takes none of more than a month.
	askSpan = 24 * time.Hour
	// askBytes bounds the answer.
	askBytes = 8 << 20
	// askTimeout is how long one query may take. It is short, because lines wait meanwhile.
	askTimeout = 5 * time.Second
	// askTimes is how often in a row Loki may fail to answer before what is in doubt is sent again.
	askTimes = 8
	// askAgain is how long nobody asks after that, about whatever stream: each question would hold
	// up lines for askTimeout, and a Loki that is short of CPU stores what it does not find.
	askAgain = time.Minute
	// settle is how long after a request without an answer Loki is asked at the earliest. It goes on
	// storing one whose sender is gone, so that its answer would be true only when it is given.
	settle = time.Second
	// startSettle is it after a start, because a process that does not live for a second, again and
	// again, has to get on: what it has to send is rotated away meanwhile.
	startSettle = 250 * time.Millisecond
	// maxSettle bounds how much longer it is, where that request took long.
	maxSettle = time.Minute
)

// errNoAnswer is an answer that is none of Loki's.
var errNoAnswer = errors.New("it does not answer as Loki does")

// errForeign is errNoAnswer of an answer that is no JSON.
var errForeign = fmt.Errorf("no JSON: %w", errNoAnswer)

// believe finds out what the first answer of 200 without a text means. Some receivers answer so
// where Loki answers 204, and so does a web server that knows nothing of Loki: it is asked for what
// it was sent. Where nobody can be asked the answer is believed, and the log tells of it.
func (s *Sink) believe(ctx context.Context, p *part) error {
	lie := &sinks.Error{Class: sinks.Held, Status: http.StatusOK, Body: "nothing of what was sent can be found there: is it a Loki?"}
	err := errors.New("loki.verify is off, or the address has no query API")
	if s.query != "" {
		some := p.entries[:askable(p.entries, askEntries)]
		var has map[stored]bool
		has, err = s.ask(ctx, p.labels, some[0].Timestamp, some[len(some)-1].Timestamp)
		if errors.Is(err, errForeign) || err == nil && !slices.ContainsFunc(some, func(e push.Entry) bool {
			return has[stored{e.Timestamp.UnixNano(), e.Line}]
		}) {
			return lie
		}
	}
	s.believed = true
	if err != nil {
		s.log.Warn("the answer to a push is 200, not Loki's 204, and whether the lines are stored cannot be found out", "err", err)
	}
	return nil
}

// doubtful reports whether Loki may have stored a request although the attempt failed.
func doubtful(err error) bool {
	var answered *sinks.Error
	if errors.As(err, &answered) {
		return answered.Class == sinks.Transient && answered.Status != http.StatusTooManyRequests
	}
	return err != nil && !unreached(err)
}

// unreached reports whether nothing can have been sent: there was no connection, its other end was
// not the one that is trusted or spoke something else, or a file with credentials was missing.
func unreached(err error) bool {
	var dial *net.OpError
	var file *fs.PathError
	var cert *tls.CertificateVerificationError
	var record tls.RecordHeaderError
	return errors.As(err, &dial) && dial.Op == "dial" || errors.As(err, &file) ||
		errors.As(err, &cert) || errors.As(err, &record) || errors.Is(err, http.ErrSchemeMismatch)
}

// queryURL returns the address that answers what the push address was given, "" if it cannot
// be told from that.
func queryURL(pushURL string) string {
	u, err := url.Parse(pushURL)
	if err != nil {
		return ""
	}
	api, ok := strings.CutSuffix(u.Path, "/push")
	if !ok {
		return ""
	}
	u.Path = api + "/query_range"
	return u.String()
}

// next is when what waits of the stream may be sent, or be asked for.
func (s *Sink) next(st *stream) time.Time {
	if st.doubt && s.query != "" && st.tries.Next.Before(st.lost.Add(settle)) {
		return st.lost.Add(settle)
	}
	return st.tries.Next
}

// doubts says that a request of the stream may be under way, or was until then.
func (st *stream) doubts(at time.Time) {
	st.doubt = true
	if at.After(st.lost) {
		st.lost = at
	}
}

// unstored returns those of the entries that Loki does not have. With an error they are those
// that it may not have, and it is to be asked again.
func (s *Sink) unstored(ctx context.Context, p part) (out []push.Entry, err error) {
	if s.query == "" || time.Now().Before(s.askFrom) {
		return p.entries, nil // nobody will tell
	}
	limit := askEntries
	for rest := p.entries; len(rest) > 0; {
		some := rest[:askable(rest, limit)]
		has, err := s.ask(ctx, p.labels, some[0].Timestamp, some[len(some)-1].Timestamp)
		if errors.Is(err, sinks.ErrLong) && len(some) > 1 { // others share the stream: a shorter time has fewer of them
			limit = len(some) / 2
			continue
		}
		if err != nil {
			return append(out, rest...), s.untold(err)
		}
		s.silent = 0
		for _, e := range some {
			if !has[stored{e.Timestamp.UnixNano(), e.Line}] {
				out = append(out, e)
			}
		}
		rest, limit = rest[len(some):], min(2*limit, askEntries)
	}
	return out, nil
}

// askable is how many of the entries one query is about, limit at most.
func askable(entries []push.Entry, limit int) int {
	bytes := 0
	for i := range entries {
		bytes += len(entries[i].Line)
		far := entries[i].Timestamp.Sub(entries[0].Timestamp) > askSpan
		if i > 0 && (far || bytes > askLines || i == limit) {
			return i
		}
	}
	return len(entries)
}

// untold returns err as long as Loki is to be asked again. Where nobody may ask it never is; where
// it refuses to answer, or fails to for too long, what is in doubt is sent.
func (s *Sink) untold(err error) error {
	var e *sinks.Error
	switch {
	case unreached(err):
		return err
	case errors.As(err, &e) && slices.Contains([]int{http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed}, e.Status):
		s.query = ""
		s.log.Info("loki lets nobody ask what it has: lines whose delivery is in doubt are sent again, and may be there twice", "err", err)
		return nil
	}
	if s.silent++; s.silent < askTimes && !sinks.IsPermanent(err) && !errors.Is(err, errNoAnswer) {
		return fmt.Errorf("ask loki what it has: %w", err)
	}
	s.silent, s.untell = 0, err
	return nil
}

// blind takes what became of lines that were sent though Loki did not tell whether it has them. One
// that takes them is not asked for a while, because lines wait for an answer. One that does not may
// be down in all its parts, and answer when it is back.
func (s *Sink) blind(stored bool) {
	if s.untell != nil && stored {
		s.askFrom = time.Now().Add(askAgain)
		s.log.Warn("loki does not tell what it has: lines whose delivery is in doubt are sent again, and may be there twice", "err", s.untell)
	}
	s.untell = nil
}

// stored is an entry as Loki tells it.
type stored struct {
	at   int64
	line string
}

// ask returns what a stream has in a time.
func (s *Sink) ask(ctx context.Context, labels string, from, to time.Time) (map[stored]bool, error) {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.query+"?"+url.Values{
		"query": {labels}, "direction": {"forward"}, "limit": {strconv.Itoa(askLimit)},
		"start": {strconv.FormatInt(from.UnixNano(), 10)}, "end": {strconv.FormatInt(to.UnixNano()+1, 10)},
	}.Encode(), nil)
	if err != nil {
		return nil, err
	}
	s.header(req)
	resp, err := s.client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, cmp.Or(sinks.Check(resp), errNoAnswer)
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, askBytes))
	switch {
	case err != nil:
		return nil, err
	case len(body) == askBytes:
		return nil, sinks.ErrLong
	case !frame.Valid(body):
		return nil, errForeign
	}
	has, n := map[stored]bool{}, 0
	gjson.GetBytes(body, "data.result").ForEach(func(_, stream gjson.Result) bool {
		stream.Get("values").ForEach(func(_, v gjson.Result) bool {
			has[stored{v.Get("0").Int(), v.Get("1").String()}] = true
			n++
			return n < askLimit
		})
		return n < askLimit
	})
	if n >= askLimit {
		return nil, fmt.Errorf("%d entries: %w", n, sinks.ErrLong)
	}
	return has, nil
}
