package loki

import (
	"bytes"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki/pkg/push"
)

// TestRequestIsThatOfLoki compares requests with what Loki's own code makes of the same entries.
func TestRequestIsThatOfLoki(t *testing.T) {
	t.Parallel()
	var entries []push.Entry
	for i, ns := range []int64{0, 1, 1e9, -1, math.MinInt64, math.MaxInt64, 1_700_000_000_123_456_789} {
		for _, length := range []int{0, 1, 127, 128, 1 << 14, 1 << 21} {
			e := push.Entry{Timestamp: time.Unix(0, ns), Line: strings.Repeat("x", length)}
			for j := range i {
				e.StructuredMetadata = append(e.StructuredMetadata,
					Meta{Name: strings.Repeat("n", j%3), Value: strings.Repeat("v", j*31)})
			}
			entries = append(entries, e)
			if got, want := entrySize(&e), e.Size(); got != want {
				t.Fatalf("an entry at %d with a line of %d takes %d, want %d", ns, length, got, want)
			}
		}
	}
	for _, labels := range []string{"", `{a="b"}`, strings.Repeat("l", 300)} {
		for n := 0; n <= len(entries); n += 7 {
			r := push.PushRequest{Streams: []push.Stream{{Labels: labels, Entries: entries[:n]}}}
			want, err := r.Marshal()
			if err != nil {
				t.Fatal(err)
			}
			size := streamSize(labels, entries[:n])
			got := appendRequest(nil, size, labels, entries[:n])
			if !bytes.Equal(got, want) || requestSize(size) != len(want) {
				t.Fatalf("%d entries with labels of %d bytes give another request", n, len(labels))
			}
		}
	}
}
