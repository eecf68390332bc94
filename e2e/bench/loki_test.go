package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"testing"
	"time"

	"fluxtrail/e2e/env"
)

// generated is a Loki that keeps nothing: what it has of any time is a function of that time. It
// has a line every step, of 500 objects and three pods.
type generated struct {
	b      *testing.B
	begin  int64
	most   int // lines of one answer
	buffer []byte
}

const (
	step     = int64(4 * time.Millisecond)
	lineSize = 424
)

func (g *generated) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/loki/api/v1/query_range" {
		fmt.Fprint(w, `{"status":"success","data":[{"app":"kustomize-controller"}]}`)
		return
	}
	from, _ := strconv.ParseInt(r.FormValue("start"), 10, 64)
	to, _ := strconv.ParseInt(r.FormValue("end"), 10, 64)
	limit, _ := strconv.Atoi(r.FormValue("limit"))
	if limit > g.most {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprintf(w, "max entries limit per query exceeded, limit > max_entries_limit_per_query (%d > %d)", limit, g.most)
		return
	}
	first, n := max(0, (from-g.begin+step-1)/step), int64(limit)
	if last := (to - g.begin + step - 1) / step; last-first < n {
		n = last - first
	}
	out := append(g.buffer[:0], `{"status":"success","data":{"resultType":"streams","result":[`...)
	for pod := range int64(3) {
		if pod > 0 {
			out = append(out, ',')
		}
		out = fmt.Appendf(out, `{"stream":{"app":"kustomize-controller","namespace":"flux-system","pod":"kustomize-controller-7f6f4d7b9-x2x2%d"},"values":[`, pod)
		comma := false
		for i := first; i < first+n; i++ {
			if i%3 != pod {
				continue
			}
			if comma {
				out = append(out, ',')
			}
			comma = true
			out = g.line(out, i)
		}
		out = append(out, "]}"...)
	}
	g.buffer = append(out, "]}}"...)
	if _, err := w.Write(g.buffer); err != nil {
		g.b.Log(err)
	}
}

// line appends the line number i as Loki answers it: every tenth object fails each time.
func (g *generated) line(out []byte, i int64) []byte {
	at := time.Unix(0, g.begin+i*step).UTC()
	level, what := "info", "Reconciliation finished in 1.234567s, next run in 10m0s"
	if i%500%10 == 0 {
		level, what = "error", "Reconciliation failed after 1.234567s, next try in 10m0s"
	}
	out = fmt.Appendf(out, `["%d","{\"level\":\"%s\",\"ts\":\"%s\",\"msg\":\"%s\",\"controller\":\"kustomization\",`,
		at.UnixNano(), level, at.Format("2006-01-02T15:04:05.000Z"), what)
	out = fmt.Appendf(out, `\"controllerGroup\":\"kustomize.toolkit.fluxcd.io\",\"controllerKind\":\"Kustomization\",`+
		`\"Kustomization\":{\"name\":\"app-%d\",\"namespace\":\"team\"},\"namespace\":\"team\",\"name\":\"app-%d\",`+
		`\"reconcileID\":\"6d0b8f0e-0000-4000-8000-%012d\",\"revision\":\"main@sha1:0123456789abcdef0123456789abcdef01234567\"`, i%500, i%500, i)
	if level == "error" {
		out = append(out, `,\"error\":\"health check failed after 30.01s: timeout waiting for: [Deployment/team/app status: 'InProgress']\"`...)
	}
	return append(out, `}"]`...)
}

// BenchmarkLoki replays FLUXTRAIL_BENCH_MB of lines (300 if not set) that a Loki has. Time is to
// grow with them, and memory not.
func BenchmarkLoki(b *testing.B) {
	megabytes := int64(300)
	if n, err := strconv.ParseInt(os.Getenv("FLUXTRAIL_BENCH_MB"), 10, 64); err == nil {
		megabytes = n
	}
	g := &generated{b: b, begin: time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC).UnixNano(), most: 5000}
	s := httptest.NewServer(g)
	defer s.Close()
	end := time.Unix(0, g.begin+(megabytes<<20)/lineSize*step).UTC()
	replay(b, megabytes<<20, env.Fluxtrail(b), "replay", "-q", "--loki", s.URL,
		"--since", time.Unix(0, g.begin).UTC().Format(time.RFC3339), "--until", end.Format(time.RFC3339))
}
