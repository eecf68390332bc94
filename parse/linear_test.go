package parse

import (
	"runtime"
	"strings"
	"testing"
	"time"
)

// linePieces are what a line is looked through for: whole, nested and broken off.
var linePieces = []string{
	" ", "x", "\t", "\\", "\"", "'", "{", "}", "[", "]", "{\"", "\":", "\":\"", "\",\"", "{\"a\":", "\\\"", "\\\\\"", "\\u00e9", "\\ud83d", "\\n", ",", ":", "=", "/", "-", "@",
	"\xff", "\x00", "0", "1.5", "1e", "2m3s", "2026-11-20T10:22:54Z", `"level":"error",`, `"msg":"`, `"ts":"2026-11-20T10:22:54.417Z",`, `"ts":1.7,`, `"controller":"kustomization",`,
	`"controllerKind":"Kustomization",`, `"Kustomization":{"name":"a","namespace":"b"},`, `"namespace":"a",`, `"name":"b",`, `"reconcileID":"`, `"error":"`, `"revision":"main@sha1:`,
	`"logger":"x",`, `"object":{`, `"involvedObject":{"kind":"`, `"severity":"`, `"alerts":[{`, `"reconciler kind":"`, `"trace":"goroutine 1 [running]:\n`, `"duration":"`,
	"\tERROR\t", "\tINFO\tx\t{", "E1120 10:22:54.417159       1 a.go:1] ", "Reconciler error ", "Reconciliation finished in ", "next run in 5m0s", "Kustomization/a/b.", "kustomization/a.b ",
	"level=error ", `err="`, "a=b ", "goroutine 1 [running]:", "panic: ", "time=\"2026-11-20T10:22:54Z\" ", "controller-runtime.manager.controller.kustomization",
}

// allocated runs f and gives the bytes that it allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryIsLinear doubles lines that are made of what is looked for, behind each beginning of a
// form, and wants the memory that they take to double, too. A megabyte of each has to come to an
// end: what takes time in the square of the length does not before the test's own limit.
func TestMemoryIsLinear(t *testing.T) {
	near := time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC).UnixNano()
	read := func(start, piece string, size int) func() {
		line := []byte(start + strings.Repeat(piece, size/len(piece)+1))
		return func() { Parse(line, near, &Record{}) }
	}
	starts := []string{
		"", "{", `{"level":"error","ts":"2026-11-20T10:22:54.417Z","msg":"`, `{"level":"error","ts":"2026-11-20T10:22:54.417Z","msg":"x",`,
		"2026-11-20T10:22:54.417Z\tERROR\t", "2026-11-20T10:22:54.417Z\tERROR\tcontroller.kustomization\tx\t{", "E1120 10:22:54.417159       1 a.go:1] ",
		"E1120 10:22:54.417159       1 a.go:1] \"x\" ", "2026-11-20T10:22:54.417Z error Kustomization/", "level=error ts=2026-11-20T10:22:54Z msg=\"",
	}
	for _, start := range starts {
		for _, piece := range linePieces {
			small, large := allocated(read(start, piece, 1<<13)), allocated(read(start, piece, 1<<15))
			if large > 5*small+64<<10 {
				t.Errorf("%q after %q: %d bytes, %d for four times as much", piece, start, small, large)
			}
			read(start, piece, 1<<20)()
		}
	}
}
