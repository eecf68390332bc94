// Package bench measures the whole program as a user starts it: a process that
// reads files. The stages have benchmarks of their own beside their code.
package bench

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"fluxtrail/e2e/corpus"
	"fluxtrail/e2e/env"
)

// BenchmarkReplay replays a corpus and reports megabytes (10^6 bytes) per second of
// CPU time and of wall time, and the peak of resident memory: as text, which has no
// evidence, and as JSON, which has every transition and incident with its evidence.
// The corpus is made from the demo (FLUXTRAIL_BENCH_MB, 300 if not set), or is the
// directory FLUXTRAIL_BENCH_CORPUS. Memory is to be the same for a longer corpus.
func BenchmarkReplay(b *testing.B) {
	bin, dir := env.Fluxtrail(b), corpusDir(b)
	for _, form := range []string{"text", "json"} {
		b.Run(form, func(b *testing.B) { replay(b, sizeOf(b, dir), bin, "replay", "--output", form, dir) })
	}
}

func replay(b *testing.B, size int64, bin string, args ...string) {
	b.SetBytes(size)
	var cpu float64
	var peak int64
	for b.Loop() {
		cmd := exec.Command(bin, args...)
		var stderr bytes.Buffer
		cmd.Stderr = &stderr
		if err := cmd.Run(); err != nil {
			b.Fatalf("%v: %v\n%s", cmd, err, stderr.Bytes())
		}
		state := cmd.ProcessState
		cpu += (state.UserTime() + state.SystemTime()).Seconds()
		peak = max(peak, state.SysUsage().(*syscall.Rusage).Maxrss<<10)
	}
	b.ReportMetric(float64(size)*float64(b.N)/1e6/cpu, "MB/cpu-s")
	b.ReportMetric(float64(peak)/1e6, "peak-RSS-MB")
}

func corpusDir(b *testing.B) string {
	b.Helper()
	if dir := os.Getenv("FLUXTRAIL_BENCH_CORPUS"); dir != "" {
		return dir
	}
	megabytes := 300
	if text := os.Getenv("FLUXTRAIL_BENCH_MB"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil {
			b.Fatalf("FLUXTRAIL_BENCH_MB: %v", err)
		}
		megabytes = n
	}
	dir := b.TempDir()
	cfg := corpus.Config{From: "../../fixtures/demo/pods", Bytes: int64(megabytes) << 20, Objects: 2000, Seed: 1}
	if _, err := corpus.Write(dir, cfg); err != nil {
		b.Fatal(err)
	}
	return dir
}

func sizeOf(b *testing.B, dir string) (size int64) {
	b.Helper()
	err := filepath.WalkDir(dir, func(_ string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		info, err := d.Info()
		size += info.Size()
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return size
}
