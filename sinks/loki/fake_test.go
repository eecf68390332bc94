package loki_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/klauspost/compress/s2"
)

// fakeLoki stores what a Loki would, with its limits and its words, and misbehaves as it is
// told. It is the transport of an http.Client.
type fakeLoki struct {
	t        *testing.T
	requests []push.PushRequest
	header   http.Header
	url      string

	stored map[string]int         // entry -> how often it was stored
	order  map[string][]string    // labels -> lines
	values map[string][][2]string // labels -> times and lines
	closed int                    // answer to queries, 0 for what was stored
	mute   bool                   // queries get no answer
	asked  int                    // queries
	wakes  int                    // after so many of them it answers as it should, 0 for never
	late   time.Duration          // what got lost on its way is stored so long after
	losing []lost
	down   int                                        // so many requests find nobody
	newest map[string]time.Time                       // labels -> time
	fault  func(n, entries int) (before, after fault) // what goes wrong with request n

	now      time.Time // entries older than a week or newer than ten minutes are refused
	maxLine  int
	maxBytes int // of an uncompressed request
}

// fault is what a server or the network does instead of answering. Before: nothing was
// stored. After: all of it was.
type fault struct {
	status int
	body   string
	err    error
	hang   bool
}

// lost is a request whose sender is gone.
type lost struct {
	push.PushRequest
	at   time.Time
	size int
}

func newFake(t *testing.T) *fakeLoki {
	return &fakeLoki{
		t: t, stored: map[string]int{}, order: map[string][]string{}, values: map[string][][2]string{}, newest: map[string]time.Time{},
		now: epoch, maxLine: 256 << 10, maxBytes: 4 << 20,
	}
}

// epoch is when the tests take place.
var epoch = time.Date(2026, 5, 1, 12, 0, 0, 0, time.UTC)

func (f *fakeLoki) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.down > 0 {
		f.down--
		return nil, &net.OpError{Op: "dial", Err: errors.New("connection refused")}
	}
	for len(f.losing) > 0 && !time.Now().Before(f.losing[0].at) {
		f.push(f.losing[0].PushRequest, f.losing[0].size)
		f.losing = f.losing[1:]
	}
	if req.Method == http.MethodGet {
		f.asked++
		awake := f.wakes > 0 && f.asked > f.wakes
		switch {
		case f.mute && !awake:
			return fault{hang: true}.play(req)
		case f.closed != 0 && !awake:
			return answer(f.closed, "no"), nil
		}
		return f.query(req), nil
	}
	defer req.Body.Close()
	body, err := io.ReadAll(req.Body)
	if err != nil {
		return nil, err
	}
	f.url, f.header = req.URL.String(), req.Header
	raw, err := s2.Decode(nil, body)
	if err != nil {
		return answer(400, err.Error()), nil
	}
	var p push.PushRequest
	if err := p.Unmarshal(raw); err != nil {
		return answer(400, err.Error()), nil
	}
	var before, after fault
	if f.fault != nil {
		before, after = f.fault(len(f.requests), len(p.Streams[0].Entries))
	}
	f.requests = append(f.requests, p)
	if before != (fault{}) {
		if f.late > 0 {
			f.losing = append(f.losing, lost{p, time.Now().Add(f.late), len(raw)})
		}
		return before.play(req)
	}
	status, text := f.push(p, len(raw))
	if after != (fault{}) {
		return after.play(req)
	}
	return answer(status, text), nil
}

// query answers what a stream has, as one result for each entry: structured metadata tells them
// apart.
func (f *fakeLoki) query(req *http.Request) *http.Response {
	q := req.URL.Query()
	type stream struct {
		Values [][2]string `json:"values"`
	}
	var doc struct {
		Data struct {
			Result []stream `json:"result"`
		} `json:"data"`
	}
	start, _ := strconv.ParseInt(q.Get("start"), 10, 64)
	end, _ := strconv.ParseInt(q.Get("end"), 10, 64)
	if end-start > int64(721*time.Hour) {
		return answer(400, "the query time range exceeds the limit (query length: 87600h0m0s, limit: 30d1h)")
	}
	limit, _ := strconv.Atoi(q.Get("limit"))
	for _, v := range f.values[q.Get("query")] { // times have as many digits
		if v[0] >= q.Get("start") && v[0] < q.Get("end") && len(doc.Data.Result) < limit {
			doc.Data.Result = append(doc.Data.Result, stream{[][2]string{v}})
		}
	}
	text, err := json.Marshal(doc)
	if err != nil {
		f.t.Error(err)
	}
	return answer(200, string(text))
}

func (x fault) play(req *http.Request) (*http.Response, error) {
	if x.hang {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	if x.err != nil {
		return nil, x.err
	}
	return answer(x.status, x.body), nil
}

func answer(status int, body string) *http.Response {
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}
}

var errReset = errors.New("connection reset by peer")

// push does what distributor and ingester do: an entry that is refused does not keep the
// others from being stored.
func (f *fakeLoki) push(p push.PushRequest, size int) (int, string) {
	if size > f.maxBytes {
		return 500, fmt.Sprintf("rpc error: code = ResourceExhausted desc = grpc: received message larger than max (%d vs. %d)", size, f.maxBytes)
	}
	if len(p.Streams) != 1 {
		f.t.Errorf("%d streams in one request", len(p.Streams))
	}
	refused := map[string]int{} // as util.GroupedErrors
	for _, s := range p.Streams {
		valid := s.Entries[:0:0]
		for _, e := range s.Entries {
			if text := f.invalid(s.Labels, e); text != "" {
				refused[text]++
				continue
			}
			valid = append(valid, e)
		}
		if text := f.ingest(s.Labels, valid); text != "" {
			return 400, text
		}
	}
	if len(refused) > 0 {
		return 400, grouped(refused)
	}
	return 204, ""
}

// grouped is the text of several errors, in any order.
func grouped(errs map[string]int) string {
	var texts []string
	for text, n := range errs {
		if len(errs) == 1 && n == 1 {
			return text
		}
		texts = append(texts, fmt.Sprintf("%d errors like: %s", n, text))
	}
	return strings.Join(texts, "; ")
}

func (f *fakeLoki) invalid(labels string, e push.Entry) string {
	switch limit := f.now.Add(-7 * 24 * time.Hour); {
	case e.Timestamp.Before(limit):
		return fmt.Sprintf("entry for stream '%s' has timestamp too old: %s, oldest acceptable timestamp is: %s",
			labels, e.Timestamp.Format(time.RFC3339), limit.Format(time.RFC3339))
	case e.Timestamp.After(f.now.Add(10 * time.Minute)):
		return fmt.Sprintf("entry for stream '%s' has timestamp too new: %s", labels, e.Timestamp.Format(time.RFC3339))
	case len(e.Line) > f.maxLine:
		return fmt.Sprintf("max entry size '%d' bytes exceeded for stream '%s' while adding an entry with length '%d' bytes", f.maxLine, labels, len(e.Line))
	}
	return ""
}

func (f *fakeLoki) ingest(labels string, entries []push.Entry) string {
	var late []string
	for _, e := range entries {
		if limit := f.newest[labels].Add(-time.Hour); e.Timestamp.Before(limit) {
			late = append(late, fmt.Sprintf("entry with timestamp %s ignored, reason: 'entry too far behind, entry timestamp is: %s, oldest acceptable timestamp is: %s',\n",
				e.Timestamp, e.Timestamp.Format(time.RFC3339), limit.Format(time.RFC3339)))
			continue
		}
		if e.Timestamp.After(f.newest[labels]) {
			f.newest[labels] = e.Timestamp
		}
		key := fmt.Sprint(labels, e.Timestamp.UnixNano(), e.Line, e.StructuredMetadata)
		if f.stored[key]++; f.stored[key] == 1 {
			f.order[labels] = append(f.order[labels], e.Line)
			f.values[labels] = append(f.values[labels], [2]string{strconv.FormatInt(e.Timestamp.UnixNano(), 10), e.Line})
		}
	}
	if len(late) == 0 {
		return ""
	}
	n := len(late)
	return strings.Join(late[:min(n, 10)], "") + fmt.Sprintf("user 'fake', total ignored: %d out of %d for stream: %s", n, len(entries), labels)
}
