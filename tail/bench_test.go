package tail

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/klauspost/compress/gzip"

	"fluxtrail/tail/frame"
)

// benchText is a line as kustomize-controller writes it, of the usual length.
const benchText = `{"level":"info","ts":"2026-11-20T10:22:54.417Z","msg":"Reconciliation finished in 1.578240643s, next run in 10m0s",` +
	`"controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization",` +
	`"Kustomization":{"name":"web","namespace":"flux-system"},"namespace":"flux-system","name":"web",` +
	`"reconcileID":"d8364e98-fe16-4630-87df-3b5459ec8e29","revision":"main@sha1:dc74456474966c5bc8d450eb3d7f381965b416bc"}`

const benchStamp = "2026-11-20T10:%02d:%02d.417159105Z"

// benchFile gives n lines in one framing.
func benchFile(format Format, n int) []byte {
	var b bytes.Buffer
	for i := range n {
		stamp := fmt.Sprintf(benchStamp, i/6000%60, i/100%60)
		switch format {
		case frame.CRI:
			fmt.Fprintf(&b, "%s stderr F %s\n", stamp, benchText)
		case frame.Docker:
			fmt.Fprintf(&b, `{"log":%s,"stream":"stderr","time":"%s"}`+"\n", strconv.Quote(benchText+"\n"), stamp)
		case frame.Prefixed:
			fmt.Fprintf(&b, "kustomize-controller-6d4cf56db6-x2x2%d manager %s\n", i%3+2, benchText)
		default:
			fmt.Fprintf(&b, "%s\n", benchText)
		}
	}
	return b.Bytes()
}

// BenchmarkReader reads a file of 32 MiB in the page cache. Bytes are those of the decompressed
// text.
func BenchmarkReader(b *testing.B) {
	const lines = 32 << 20 / 500
	for _, format := range []Format{frame.CRI, frame.Docker, frame.Raw, frame.Prefixed} {
		text := benchFile(format, lines)
		b.Run(format.String(), func(b *testing.B) { benchRead(b, text, int64(len(text)), lines) })
	}
	text := benchFile(frame.CRI, lines)
	var packed bytes.Buffer
	w := gzip.NewWriter(&packed)
	w.Write(text) //nolint:errcheck // into memory
	w.Close()     //nolint:errcheck // into memory
	b.Run("cri.gz", func(b *testing.B) { benchRead(b, packed.Bytes(), int64(len(text)), lines) })
}

func benchRead(b *testing.B, content []byte, size, lines int64) {
	path := filepath.Join(b.TempDir(), "0.log")
	if err := os.WriteFile(path, content, 0o600); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(size)
	b.ReportAllocs()
	for b.Loop() {
		r := NewReader(Source{Files: []File{{Path: path}}}, Options{})
		n := int64(0)
		for r.Next() {
			n++
		}
		if n != lines {
			b.Fatalf("%d lines, want %d", n, lines)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(int64(b.N)*lines), "ns/line")
}
