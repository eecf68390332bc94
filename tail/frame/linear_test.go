package frame

import (
	"bytes"
	"runtime"
	"strings"
	"testing"
)

// pieces are what the framings look for, whole, nested and broken off.
var pieces = []string{
	" ", "x", "\t", "\r", "\\", "\"", "'", "{", "}", "[", "]", "[[", "{\"", "\":", "\":\"", "\",\"", "{\"a\":", "[{\"a\":", "\\\"", "\\\\\"", "\\u00e9", "\\ud83d", "\\n", "&quot;", "&#34;", "&amp;",
	",", ";", ":", "=", "-", "|", "…", "\ufeff", "\x00", "\xff", "0", "1.", "2026-11-20T10:22:54Z ", "2026-11-20T10:22:54.417159105Z stderr F ",
	"2026-11-20T10:22:54Z stderr P ", `{"log":"`, `{"log":"x\n","stream":"stderr","time":"2026-01-01T00:00:00Z"}`, `","stream":"`, `","time":"`, `"}`,
	"[pod/a/b] ", "pod › container ", "pod container ", "info  - ", "✗ ", "✔ ", "E1120 10:22:54.417159       1 a.go:1] ", "level=info ", `msg="`, `{"level":"error","msg":"`,
	`{"jsonPayload":{`, `"textPayload":"`, `"message":"`, `"kubernetes":{"pod_name":"`, `{"stream":{`, `"values":[["`, `"resultType":"streams",`, `{"columns":[`, `"rows":[[`,
	"- a: b", "msg: ", "msg: |", "&a ", "*a ", "? ", "!!str ", "...", "---", "a,b,", "\"\",", "\"a\"\"b\",", "<", "</", "<!--", "# ",
}

// long is a line of about size bytes that consists of a piece, behind a beginning.
func long(start, piece string, size int) []byte {
	return []byte(start + strings.Repeat(piece, size/len(piece)+1))
}

// allocated runs f and gives the bytes that it allocates.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// TestMemoryIsLinear doubles lines that are made of what the framings look for, and wants the memory
// that they take to double, too, for each framing and for finding it.
func TestMemoryIsLinear(t *testing.T) {
	starts := []string{"", "{", `{"log":"`, "[", `"`, "2026-11-20T10:22:54Z stderr F ", "2026-11-20T10:22:54Z ", "[pod/a/b] ", `{"message":"{\"`, "a,\""}
	for _, start := range starts {
		for _, piece := range pieces {
			for f := CRI; f <= CSV; f++ {
				small := allocated(func() { new(Decoder).Decode(f, long(start, piece, 1<<14)) })
				large := allocated(func() { new(Decoder).Decode(f, long(start, piece, 1<<16)) })
				if large > 5*small+64<<10 {
					t.Errorf("%v, %q after %q: %d bytes, %d for four times as much", f, piece, start, small, large)
				}
			}
			sample := func(size int) []byte { return long(start, piece, size) }
			small := allocated(func() { Sniff(sample(1 << 14)) })
			large := allocated(func() { Sniff(sample(1 << 16)) })
			if large > 5*small+64<<10 {
				t.Errorf("sniffing %q after %q: %d bytes, %d for four times as much", piece, start, small, large)
			}
		}
	}
}

// joined puts rows together and gives the bytes that come out.
func joined(shape Shape, rows [][]byte) (size int) {
	j := NewJoiner(shape, maxUnit)
	for i, row := range rows {
		j.Row(bytes.Clone(row), int64(i), int64(i+1), false)
		for u, ok := j.Next(); ok; u, ok = j.Next() {
			size += len(u.Text)
		}
	}
	j.End()
	for u, ok := j.Next(); ok; u, ok = j.Next() {
		size += len(u.Text)
	}
	return size
}

// TestJoinerMemoryIsLinear does the same with many rows. What is kept grows in steps, so that four
// times as many rows may take more than four times the memory.
func TestJoinerMemoryIsLinear(t *testing.T) {
	shapes := [...]Shape{{documents: true}, {documents: true, width: 12}, {table: true}, {entries: true}, {yaml: true}, {html: true}}
	for _, shape := range shapes {
		for _, piece := range pieces {
			rows := func(n int) (all [][]byte) {
				for range n {
					all = append(all, []byte(strings.Repeat(piece, 20/len(piece)+1)))
				}
				return all
			}
			few, many := rows(500), rows(2000)
			small := allocated(func() { joined(shape, few) })
			large := allocated(func() { joined(shape, many) })
			if large > 8*small+256<<10 {
				t.Errorf("%+v, rows of %q: %d bytes, %d for four times as many", shape, piece, small, large)
			}
		}
	}
}
