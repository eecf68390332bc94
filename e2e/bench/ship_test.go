package bench

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"sync/atomic"
	"syscall"
	"testing"

	"fluxtrail/e2e/env"
)

// BenchmarkShip ships a corpus to a server that only counts, with both lanes at work as
// in the agent, and with the trail lane alone. It reports megabytes (10^6 bytes) of log
// per second of CPU time: of both lanes, and of the ship lane, which is the difference.
func BenchmarkShip(b *testing.B) {
	bin, dir := env.Fluxtrail(b), corpusDir(b)
	size := sizeOf(b, dir)
	var received atomic.Int64
	sink := countingSink(b, &received)
	b.SetBytes(size)
	var both, trail float64
	var peak int64
	b.ResetTimer()
	for range b.N {
		cpu, rss := runOnce(b, bin, dir, "FLUXTRAIL_LOKI__URL="+sink, "FLUXTRAIL_LOKI__STREAM_RATE=-1B")
		both, peak = both+cpu, max(peak, rss)
		b.StopTimer()
		cpu, _ = runOnce(b, bin, dir, "FLUXTRAIL_LOKI__ENABLED=false")
		trail += cpu
		b.StartTimer()
	}
	if received.Load() == 0 {
		b.Fatal("nothing was sent")
	}
	megabytes := float64(size) * float64(b.N) / 1e6
	b.ReportMetric(megabytes/both, "MB/cpu-s-both")
	b.ReportMetric(megabytes/(both-trail), "MB/cpu-s-ship")
	b.ReportMetric(float64(received.Load())/1e6/float64(b.N), "MB-sent")
	b.ReportMetric(float64(peak)/1e6, "peak-RSS-MB")
}

// countingSink takes what is pushed, and adds its bytes up.
func countingSink(b *testing.B, received *atomic.Int64) (url string) {
	sink := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n, _ := io.Copy(io.Discard, r.Body)
		received.Add(n)
		w.WriteHeader(http.StatusNoContent)
	}))
	b.Cleanup(sink.Close)
	return sink.URL
}

// runOnce has the agent read everything once, without any state before.
func runOnce(b *testing.B, bin, dir string, settings ...string) (cpu float64, rss int64) {
	b.Helper()
	cmd := exec.Command(bin, "run", "--once", dir)
	cmd.Env = append(cmd.Environ(), append(settings, "FLUXTRAIL_AGENT__STATE_DIR="+b.TempDir())...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	if err := cmd.Run(); err != nil {
		b.Fatal(fmt.Errorf("%v: %w\n%s", cmd, err, stderr.Bytes()))
	}
	state := cmd.ProcessState
	return (state.UserTime() + state.SystemTime()).Seconds(), state.SysUsage().(*syscall.Rusage).Maxrss << 10
}
