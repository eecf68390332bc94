package loki

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// answers is a Loki that has nothing and takes all but the streams of a label.
type answers struct{ refuses string }

func (a answers) RoundTrip(req *http.Request) (*http.Response, error) {
	status, text := http.StatusNoContent, ""
	if strings.HasSuffix(req.URL.Path, "query_range") {
		status, text = http.StatusOK, `{"status":"success","data":{"resultType":"streams","result":[]}}`
	} else if body, _ := io.ReadAll(req.Body); strings.Contains(string(body), a.refuses) {
		status = http.StatusServiceUnavailable
	}
	return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(text))}, nil
}

// TestIdleStreamsAreForgotten sends to many streams, one after the other, of which some are not
// taken: those are kept.
func TestIdleStreamsAreForgotten(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, err := New(Config{URL: "http://loki:3100", StreamRate: 1000, StreamBurst: 1000},
			&http.Client{Transport: answers{refuses: "bad"}}, slog.New(slog.DiscardHandler), Counters{})
		if err != nil {
			t.Fatal(err)
		}
		for i := range 5 * manyStreams {
			labels := fmt.Sprintf(`{pod="good-%d"}`, i)
			if i%100 == 0 {
				labels = fmt.Sprintf(`{pod="bad-%d"}`, i)
			}
			_, _ = s.Push(t.Context(), []Entry{{Stream: &Stream{Labels: labels}, Time: int64(i), Line: []byte("line")}})
			time.Sleep(time.Second)
		}
		bad := 0
		for labels := range s.streams {
			if strings.Contains(labels, "bad") {
				bad++
			}
		}
		if want := (5*manyStreams + 99) / 100; bad != want || len(s.streams) > 2*manyStreams {
			t.Errorf("%d streams are kept, %d of them of what Loki did not take, want %d of those", len(s.streams), bad, want)
		}
	})
}
