package loki

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki/pkg/push"
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
