package loki

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net/http"
	"slices"
	"sync/atomic"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/klauspost/compress/s2"
	"google.golang.org/protobuf/encoding/protowire"

	"fluxtrail/sinks"
)

// push tries to send the part in one request. What Loki turns out to have already is taken out of
// the part.
func (s *Sink) push(ctx context.Context, p *part) error {
	if err := p.of.throttle(ctx, p.entries); err != nil {
		return err
	}
	return p.of.policy.Try(ctx, &p.of.tries, func() error {
		had, untold := s.takeOut(ctx, p)
		if untold != nil || len(p.entries) == 0 {
			return untold
		}
		if err := s.encode(*p); err != nil {
			return err
		}
		begin := time.Now()
		status, err := s.post(ctx)
		if err == nil && status == http.StatusOK && !s.believed {
			err = s.believe(ctx, p)
		}
		s.blind(err == nil)
		if p.of.doubt = had; doubtful(err) {
			now := time.Now()
			p.of.doubts(now.Add(min(now.Sub(begin), maxSettle))) // a Loki that is slow may be so for as long again
		}
		return s.soften(err, p)
	})
}

// takeOut takes what Loki has out of the part. had says that there were such entries, so that the
// next request may have some, too.
func (s *Sink) takeOut(ctx context.Context, p *part) (had bool, untold error) {
	if !p.of.doubt {
		return false, nil
	}
	rest, untold := s.unstored(ctx, *p)
	n := len(p.entries) - len(rest)
	if n == 0 {
		return false, untold
	}
	partition(p.entries, rest)
	s.sent(p.slice(0, n))
	p.entries = p.entries[n:]
	return true, untold
}

// partition puts the entries that are in rest, which has them in the same order, to the end.
func partition(entries, rest []push.Entry) {
	rest = slices.Clone(rest)
	left, i := len(entries)-len(rest), 0
	kept := make([]push.Entry, 0, left)
	for _, e := range entries {
		if i < len(rest) && e.Timestamp.Equal(rest[i].Timestamp) && e.Line == rest[i].Line {
			i++
			continue
		}
		kept = append(kept, e)
	}
	copy(entries, kept)
	copy(entries[left:], rest)
}

// encode puts the request into s.body.
func (s *Sink) encode(p part) error {
	stream := push.Stream{Labels: p.labels, Entries: p.entries}
	size := requestHead + stream.Size()
	if cap(s.raw) < size {
		s.raw = make([]byte, size+size/4)
	}
	raw := s.raw[:size]
	n, err := stream.MarshalToSizedBuffer(raw)
	if err != nil { // a time that has no place in protobuf, before the year 1 or after 9999
		return sinks.Permanent(fmt.Errorf("encode for loki: %w", err))
	}
	raw = withHead(raw, n)
	if s.lent.Load() != 0 {
		s.body, s.lent = nil, new(atomic.Int32)
	}
	if limit := s2.MaxEncodedLen(len(raw)); cap(s.body) < limit {
		s.body = make([]byte, limit)
	}
	s.body = s2.EncodeSnappy(s.body[:cap(s.body)], raw)
	return nil
}

// requestHead is what stands before the only stream of a request at most.
const requestHead = 1 + binary.MaxVarintLen64

// withHead returns the request whose stream is in the last n bytes of raw, which has room before
// it. push.PushRequest would measure each entry three times over to write the same bytes.
func withHead(raw []byte, n int) []byte {
	head := protowire.AppendTag(make([]byte, 0, requestHead), streamsField, protowire.BytesType)
	head = protowire.AppendVarint(head, uint64(n))
	raw = raw[len(raw)-n-len(head):]
	copy(raw, head)
	return raw
}

// streamsField is the number of PushRequest.streams in Loki's pkg/push/push.proto.
const streamsField = 1

// throttle waits until the stream may take the entries.
func (st *stream) throttle(ctx context.Context, entries []push.Entry) error {
	if st.limiter == nil {
		return nil
	}
	n := min(size(entries), st.limiter.Burst())
	if d := st.limiter.ReserveN(time.Now(), n).Delay(); d > 0 {
		return sinks.Sleep(ctx, d)
	}
	return nil
}

// size returns the bytes of lines and metadata, which is what Loki counts.
func size(entries []push.Entry) (n int) {
	for i := range entries {
		n += len(entries[i].Line)
		for _, m := range entries[i].StructuredMetadata {
			n += len(m.Name) + len(m.Value)
		}
	}
	return n
}

// post makes one attempt to send s.body, and returns the status of an answer.
func (s *Sink) post(ctx context.Context) (status int, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url, s.lend())
	if err != nil {
		return 0, sinks.Permanent(err)
	}
	req.ContentLength = int64(len(s.body))
	req.GetBody = func() (io.ReadCloser, error) { return s.lend(), nil }
	req.Header.Set("Content-Type", "application/x-protobuf")
	s.header(req)
	resp, err := s.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return resp.StatusCode, sinks.Check(resp)
}

// header sets what goes with each request.
func (s *Sink) header(req *http.Request) {
	req.Header.Set("User-Agent", "fluxtrail")
	if s.cfg.Tenant != "" {
		req.Header.Set("X-Scope-OrgID", s.cfg.Tenant)
	}
}

// loan is a body in the hands of the transport, which closes it when it is done with it.
// That may be after the answer, if the server did not wait for all of the request.
type loan struct {
	bytes.Reader
	open *atomic.Int32
	once atomic.Bool
}

// lend returns a reader of s.body and keeps count of it.
func (s *Sink) lend() *loan {
	s.lent.Add(1)
	l := &loan{open: s.lent}
	l.Reset(s.body)
	return l
}

// Close gives the body back.
func (l *loan) Close() error {
	if !l.once.Swap(true) {
		l.open.Add(-1)
	}
	return nil
}
