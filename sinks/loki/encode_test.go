package loki

import (
	"bytes"
	"log/slog"
	"math"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/klauspost/compress/s2"
)

// TestRequestIsThatOfLoki compares requests with what Loki's own code makes of the same entries.
func TestRequestIsThatOfLoki(t *testing.T) {
	t.Parallel()
	var entries []push.Entry
	for i, length := range []int{0, 1, 127, 128, 1 << 14, 1 << 21} {
		entries = append(entries, push.Entry{
			Timestamp:          time.Unix(0, int64(i)*1e9+int64(i)),
			Line:               strings.Repeat("x", length),
			StructuredMetadata: make([]Meta, i),
		})
	}
	for n := range len(entries) + 1 {
		stream := push.Stream{Labels: `{a="b"}`, Entries: entries[:n]}
		want, err := (&push.PushRequest{Streams: []push.Stream{stream}}).Marshal()
		if err != nil {
			t.Fatal(err)
		}
		raw := make([]byte, requestHead+stream.Size())
		size, err := stream.MarshalToSizedBuffer(raw)
		if err != nil {
			t.Fatal(err)
		}
		if got := withHead(raw, size); !bytes.Equal(got, want) {
			t.Errorf("%d entries give another request", n)
		}
	}
}

// TestRandomRequests encodes entries as the agent does, and has Loki's own code read them.
func TestRandomRequests(t *testing.T) {
	t.Parallel()
	s, err := New(Config{URL: "http://loki:3100"}, &http.Client{}, slog.New(slog.DiscardHandler), Counters{})
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(300) {
		rnd := rand.New(rand.NewPCG(seed, 0))
		text := func(most int) string {
			b := make([]byte, rnd.IntN(most))
			for i := range b {
				b[i] = byte(rnd.Uint32())
			}
			return string(b)
		}
		times := []int64{0, 1, -1, 999_999_999, 1e9, -1e9, -1e9 - 1, math.MinInt64, math.MaxInt64, rnd.Int64(), -rnd.Int64()}
		want := push.Stream{Labels: text(300)}
		for range rnd.IntN(40) {
			e := push.Entry{Timestamp: time.Unix(0, times[rnd.IntN(len(times))]).UTC(), Line: text(1 << rnd.IntN(16))}
			for range rnd.IntN(4) {
				e.StructuredMetadata = append(e.StructuredMetadata, Meta{Name: text(20), Value: text(200)})
			}
			want.Entries = append(want.Entries, e)
		}
		if err := s.encode(part{labels: want.Labels, entries: want.Entries}); err != nil {
			t.Fatal(seed, err)
		}
		raw, err := s2.Decode(nil, s.body)
		if err != nil {
			t.Fatal(seed, err)
		}
		var got push.PushRequest
		if err := got.Unmarshal(raw); err != nil || len(got.Streams) != 1 || !want.Equal(got.Streams[0]) {
			t.Fatalf("seed %d: %v, %d streams", seed, err, len(got.Streams))
		}
		if again, err := (&push.PushRequest{Streams: []push.Stream{want}}).Marshal(); err != nil || !bytes.Equal(again, raw) {
			t.Fatalf("seed %d: other bytes than those of Loki's own code: %v", seed, err)
		}
	}
}
