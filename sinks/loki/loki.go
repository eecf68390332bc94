// Package loki delivers lines to Loki's push API.
//
// In go batches of entries, each a line with its time, its stream and its structured
// metadata; the ship lane calls Send and reads on only when it returns. Out go requests of
// snappy-compressed protobuf, one stream each: of a request with several streams Loki tells
// the outcome of the last only, so that refusals of the others would go unseen (pushing in
// its ingester/instance.go overwrites the error of the stream before).
//
// An entry is the same entry to Loki however often it is sent, because its time, line and
// metadata are those that the caller gave; nothing is added that changes from one attempt
// to the next. Times are made unique by Stream.Stamp, which the caller calls once for each
// line and whose memory it saves with its marks.
//
// What cannot be delivered now is tried for ever. What Loki refuses is split until the
// refused entry stands alone; that one is counted by reason, logged, and given up. Entries
// that are too far behind what Loki has of their stream, because their file was read late,
// go to a stream of their own with the label late. Lines over Config.MaxLine are cut and
// say so at their end. (Entries over three hours old can be queried once Loki has flushed
// their chunk: its queriers do not ask ingesters for them, see query_ingesters_within.)
//
// What may be lost: entries that Loki refuses for good. What may be doubled: entries of a
// request whose answer was lost, if Loki has closed the block they are in meanwhile.
//
// A stream that fails holds up no other: Push keeps copies of its entries, and tries them
// again when their time has come.
//
// The package starts no goroutine.
package loki

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
	"unsafe"

	"github.com/grafana/loki/pkg/push"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

// Entry is one line for Loki. Send keeps none of it.
type Entry struct {
	Stream *Stream
	Time   int64  // ns since 1970, of Stream.Stamp
	Line   []byte // without a line break, redacted
	Meta   []Meta // structured metadata
}

// Meta is one name and value of structured metadata.
type Meta = push.LabelAdapter

// Stream is one source's part in a stream of Loki. Sources with equal Labels share the
// stream. It belongs to the goroutine that calls Send.
type Stream struct {
	Labels string // of the function Labels
	Last   int64  // time of the last entry, in ns since 1970; to be saved with the source's marks

	met bool // Send had entries of it: the first may have been sent by a process that did not come to save that
}

// setBack is how far times may go back before the clock is believed to have been set back.
// Steps of NTP are smaller.
const setBack = int64(time.Minute)

// Stamp returns the time for the next line of the source, whose own time is t: t itself if
// it is later than the last, else a nanosecond after the last. Loki takes lines of equal
// time and text for one, and controllers write times in milliseconds. The result depends on
// the source's earlier lines only, hence a line that is read again gets the same time. If t
// is more than a minute before the last, one of the two is wrong, and t is taken as it is.
func (s *Stream) Stamp(t int64) int64 {
	if t <= s.Last && t > s.Last-setBack {
		t = s.Last + 1
	}
	s.Last = t
	return t
}

// Counters are told what became of entries, by the goroutine that calls Send. Those that
// are nil are not called. Bytes are of lines and metadata, as Loki counts them.
type Counters struct {
	Sent    func(entries, bytes int)
	Late    func(entries int)                       // sent to a stream for late entries; part of Sent
	Dropped func(reason string, entries, bytes int) // refused for good
	Retried func(class sinks.Class)                 // a request failed and is tried again
	Cut     func(bytes int)                         // a line was cut by so many bytes
}

// Sink delivers entries to one Loki. It is owned by one goroutine.
type Sink struct {
	// configuration, immutable
	cfg    Config
	url    string
	query  string // address to ask what Loki has; "" for nobody to ask
	client *http.Client
	log    *slog.Logger
	count  Counters
	policy sinks.Policy

	// state, owned by Send
	streams map[string]*stream // by labels
	many    int                // how many streams are so many that idle ones are forgotten
	born    time.Time          // requests of a process before count as lost then
	askFrom time.Time          // before it Loki is not asked
	silent  int                // queries in a row that were not answered
	untell  error              // why Loki does not tell whether it has what is sent now
	last    error              // the last failure

	believed bool    // 200 without a text means that entries are stored
	dropped  outcome // of the batch that is being sent

	// reuse buffers, owned by Send
	order  []*stream     // streams with entries, in the order of the first
	raw    []byte        // a request before compression
	body   []byte        // and after
	lent   *atomic.Int32 // readers of body that the transport has not closed
	redact *redact.Redactor
}

// outcome counts what was refused.
type outcome struct {
	entries int
	of      int
	reason  string // of the last
}

// New returns a Sink that sends by client, which the configuration's HTTP.Client makes. It
// fails if cfg is not valid.
func New(cfg Config, client *http.Client, log *slog.Logger, count Counters) (*Sink, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	r, err := redact.New(nil)
	if err != nil {
		return nil, err
	}
	s := &Sink{
		cfg: cfg, url: cfg.pushURL(), client: client, log: log, count: count.filled(),
		streams: map[string]*stream{}, many: manyStreams, redact: r, lent: new(atomic.Int32), born: time.Now().Add(startSettle - settle),
	}
	if cfg.Verify {
		s.query = queryURL(s.url)
	}
	s.policy = sinks.Policy{
		Min: cfg.RetryMin, Max: cfg.RetryMax, What: "push to loki", Log: log,
		Failed: func(err error) { s.count.Retried(sinks.ClassOf(err)) },
	}
	return s, nil
}

func (c Counters) filled() Counters {
	if c.Sent == nil {
		c.Sent = func(int, int) {}
	}
	if c.Late == nil {
		c.Late = func(int) {}
	}
	if c.Dropped == nil {
		c.Dropped = func(string, int, int) {}
	}
	if c.Retried == nil {
		c.Retried = func(sinks.Class) {}
	}
	if c.Cut == nil {
		c.Cut = func(int) {}
	}
	return c
}

// Send delivers the batch: see sinks.Sink. Entries of a stream are sent in the order of
// their time.
func (s *Sink) Send(ctx context.Context, batch []Entry) error {
	given := outcome{}
	waiting, err := s.Push(ctx, batch)
	for {
		given.add(s.dropped)
		if err != nil && !sinks.IsPermanent(err) {
			return err
		}
		if len(waiting.Streams) == 0 {
			return given.err()
		}
		if err := sinks.Sleep(ctx, time.Until(waiting.Next)); err != nil {
			return fmt.Errorf("%w; last failure: %w", err, waiting.Last)
		}
		waiting, err = s.Push(ctx, nil)
	}
}

// Waiting are the entries that a Sink keeps, because they could not be delivered.
type Waiting struct {
	Streams map[string]bool // labels of their streams
	Bytes   int             // of lines and metadata
	Next    time.Time       // when one of them may be tried again
	Last    error           // the last failure
}

// Push tries once to deliver the batch, and what waits from earlier calls as far as its time has
// come. A stream that fails holds up no other: its entries wait, as copies. The caller must not add
// to a stream that waits, and has not delivered what it added before. The errors are those of Send;
// entries wait after a permanent one too. When ctx is done, any part of the batch may or may not
// have been delivered, and nothing waits.
func (s *Sink) Push(ctx context.Context, batch []Entry) (Waiting, error) {
	s.dropped = outcome{}
	s.group(batch)
	for _, st := range s.order {
		if time.Now().Before(s.next(st)) || s.pass(ctx, st) == nil {
			continue
		}
		if ctx.Err() != nil {
			defer s.forget()
			return Waiting{}, fmt.Errorf("%w; last failure: %w", context.Cause(ctx), s.last)
		}
		if unreached(s.last) { // there is nobody to ask about the others
			s.postpone(st.tries.Next)
			break
		}
	}
	return s.waiting(), s.dropped.err()
}

// Rest lets go of the memory that batches are made ready in. The next one takes it anew.
func (s *Sink) Rest() {
	s.raw, s.body, s.lent = nil, nil, new(atomic.Int32)
	for _, st := range s.streams {
		if !st.owned && len(st.entries) == 0 {
			st.buffer, st.entries = nil, nil
		}
	}
}

// pass tries once to deliver a stream. When Loki takes again what it did not take before, there is
// no reason for the others to wait any longer.
func (s *Sink) pass(ctx context.Context, st *stream) error {
	failing := st.tries.Failing()
	if err := s.sendStream(ctx, st); err != nil {
		s.last = err
		return err
	}
	if failing {
		for _, other := range s.order {
			other.tries.Next = time.Time{}
		}
	}
	return nil
}

// postpone has all streams of the batch wait at least until then.
func (s *Sink) postpone(until time.Time) {
	for _, st := range s.order {
		if st.tries.Next.Before(until) {
			st.tries.Next = until
		}
	}
}

// waiting makes copies of what was not delivered, and forgets the rest.
func (s *Sink) waiting() Waiting {
	w := Waiting{Last: s.last}
	s.order = slices.DeleteFunc(s.order, func(st *stream) bool {
		if len(st.entries) == 0 {
			st.clear()
			return true
		}
		next := s.next(st)
		if w.Streams == nil {
			w.Streams, w.Next = map[string]bool{}, next
		}
		if next.Before(w.Next) {
			w.Next = next
		}
		w.Streams[st.labels] = true
		st.own()
		w.Bytes += size(st.entries)
		return false
	})
	return w
}

func (o *outcome) add(other outcome) {
	if other.entries > 0 {
		o.reason = other.reason
	}
	o.entries, o.of = o.entries+other.entries, o.of+other.of
}

func (o outcome) err() error {
	if o.entries == 0 {
		return nil
	}
	return sinks.Permanent(fmt.Errorf("push to loki: %d of %d entries given up, the last as %s", o.entries, o.of, o.reason))
}

// group puts the entries of the batch under their streams.
func (s *Sink) group(batch []Entry) {
	s.dropped.of = len(batch)
	var source *Stream
	var st *stream
	for i := range batch {
		e := &batch[i]
		if e.Stream != source {
			source, st = e.Stream, s.stream(e.Stream.Labels)
			if !source.met {
				st.doubts(s.born)
				source.met = true
			}
		}
		if len(st.entries) == 0 {
			s.order = append(s.order, st)
		}
		line := s.Fit(e.Line)
		st.owned = false
		st.entries = append(st.entries, push.Entry{
			Timestamp: time.Unix(0, e.Time),
			// The line is read until Send returns and written to by nobody.
			Line:               unsafe.String(unsafe.SliceData(line), len(line)),
			StructuredMetadata: e.Meta,
		})
	}
	for _, st := range s.order {
		if !st.owned {
			st.buffer = st.entries
		}
	}
}

// Fit returns the line as it is sent: a longer one than Loki takes is a copy that is cut, which
// counts. A caller that keeps lines for a batch need not keep more than that of each.
func (s *Sink) Fit(line []byte) []byte {
	if len(line) <= s.cfg.MaxLine {
		return line
	}
	s.count.Cut(len(line) - s.cfg.MaxLine)
	return cutLine(line, s.cfg.MaxLine)
}

// forget drops all entries.
func (s *Sink) forget() {
	for _, st := range s.order {
		st.clear()
	}
	s.order = s.order[:0]
}

// sendStream sends the entries of one stream, late ones first.
func (s *Sink) sendStream(ctx context.Context, st *stream) error {
	if !slices.IsSortedFunc(st.entries, byTime) {
		slices.SortStableFunc(st.entries, byTime)
	}
	late, _ := slices.BinarySearchFunc(st.entries, st.oldest, func(e push.Entry, t int64) int {
		return cmp.Compare(e.Timestamp.UnixNano(), t)
	})
	p := part{of: st, labels: st.labels, entries: st.entries}
	if err := s.sendLate(ctx, p.slice(0, late)); err != nil {
		return err
	}
	return s.sendParts(ctx, p.slice(late, len(p.entries)))
}

// byTime compares entries by their time. It costs less than time.Time.Compare.
func byTime(a, b push.Entry) int { return cmp.Compare(a.Timestamp.UnixNano(), b.Timestamp.UnixNano()) }

// sendParts sends entries in requests of the configured size.
func (s *Sink) sendParts(ctx context.Context, p part) error {
	doubt := p.of.doubt // what is sent again may begin anywhere in a batch
	for len(p.entries) > 0 {
		p.of.doubt = p.of.doubt || doubt
		n := s.fitting(p.entries)
		if p.of.refusals > 0 {
			n = 1
		}
		if err := s.deliver(ctx, p.slice(0, n)); err != nil {
			return err
		}
		p.entries = p.entries[n:]
	}
	return nil
}

// fitting returns how many of the entries make a request.
func (s *Sink) fitting(entries []push.Entry) int {
	bytes := 0
	for i := range entries {
		bytes += entries[i].Size()
		if i > 0 && (bytes > s.cfg.BatchBytes || i == s.cfg.BatchEntries) {
			return i
		}
	}
	return len(entries)
}
