package frame

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
	"unsafe"
)

func checkTimestamp(t *testing.T, b []byte) {
	t.Helper()
	c := new(Clock)
	ns, n := c.Parse(b)
	again, m := c.Parse(b)
	if ns != again || n != m {
		t.Errorf("%q: %d,%d and then %d,%d", b, ns, n, again, m)
	}
	if n > len(b) {
		t.Fatalf("%q: length %d", b, n)
	}
	head := b
	if n > 0 {
		head = b[:n]
	}
	want, err := time.Parse(time.RFC3339Nano, string(head))
	inRange := want.Year() > minYear && want.Year() < maxYear
	strict := bytes.Contains(head, []byte(want.Format("T15:04:05"))) && bytes.HasSuffix(head, []byte(want.Format("Z07:00"))) &&
		!bytes.Contains(head, []byte("24:")) // time.Parse takes a zone of 24 hours
	if err == nil && inRange && strict && (n != len(head) || ns != want.UnixNano()) {
		t.Errorf("%q: %d, want %d", head, ns, want.UnixNano())
	}
}

func checkUnescape(t *testing.T, b []byte) {
	t.Helper()
	var want string
	isJSON := json.Unmarshal(append(append([]byte{'"'}, b...), '"'), &want) == nil
	valid := utf8.Valid(b)
	size := len(b)
	got := unescape(bytes.Clone(b))
	if len(got) > size || isJSON && valid && string(got) != want {
		t.Errorf("%q: %q, want %q", b, got, want)
	}
}

func TestLabel(t *testing.T) {
	set := []byte(`{app="a", other_pod="x",pod="p-1", stream="stderr"}`)
	for name, want := range map[string]string{"app": "a", "pod": "p-1", "stream": "stderr", "none": ""} {
		if got := label(set, name); string(got) != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

func TestPodName(t *testing.T) {
	for name, want := range map[string]bool{
		"kustomize-controller-54954bd5dd-m68tt": true,
		"source-controller-6d4cf56db6-x2x17":    true,
		"flux-operator-x2x27":                   true,
		"server-side":                           false,
		"non-empty":                             false,
		"x2x27":                                 false,
		"-x2x27":                                false,
		"Flux-x2x27":                            false,
	} {
		if podName([]byte(name)) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
}

func TestSniffPrefersFraming(t *testing.T) {
	const cri = "2026-11-20T10:22:54Z stderr F text\n"
	for sample, want := range map[string]Format{
		"":                              Raw,
		"text\n":                        Raw,
		cri:                             CRI,
		cri + "panic:\n":                CRI,
		cri + "panic:\ngoroutine 1\n":   Raw,
		"\n\n\n\r\n" + cri:              CRI,
		"\x1b[1mmanager\x1b[0m {\"a\":": Prefixed,
		`{"log":"a\n","stream":"stdout","time":"2026-11-20T10:22:54Z"}`: Docker,
		`{"log":"a key of the program's own","level":"info"}`:           Raw,
		`{"level":"info","msg":"labels","labels":{"a":"b"}}`:            Raw,
	} {
		if got := Sniff([]byte(sample)); got != want {
			t.Errorf("%q: %v, want %v", sample, got, want)
		}
	}
}

// TestDays compares the calendar with the standard library's, day by day and beyond the end of each
// month.
func TestDays(t *testing.T) {
	t.Parallel()
	for year := minYear; year <= maxYear; year++ {
		for month := 1; month <= 12; month++ {
			last := time.Date(year, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC)
			if daysIn(year, month) != last.Day() || int64(days(year, month, last.Day()))*86400 != last.Unix() {
				t.Fatal(last, daysIn(year, month), days(year, month, last.Day()))
			}
		}
	}
}

func TestReadTime(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{
		"2026-11-20T10:22:54Z":                  "2026-11-20T10:22:54Z",
		"2026-11-20T10:22:54.417159105+02:00 x": "2026-11-20T08:22:54.417159105Z",
		"2026-11-20T10:22:54,4-0130":            "2026-11-20T11:52:54.4Z",
		"2024-02-29T23:59:60Z":                  "2024-03-01T00:00:00Z",
		"2026-02-29T00:00:00Z":                  "",
		"2026-11-20T24:00:00Z":                  "",
		"2026-11-20T10:22:54":                   "",
		"2026-11-20 10:22:54Z":                  "",
		"9999-11-20T10:22:54Z":                  "",
	} {
		got := ""
		ns, n := ReadTime(new(Clock), s)
		if n > 0 {
			got = time.Unix(0, ns).UTC().Format(time.RFC3339Nano)
		}
		if got != want {
			t.Errorf("%s: %q, want %q", s, got, want)
		}
	}
}

// TestJoinerHoldsItsShare gives objects without end, in rows of all lengths, to joiners of few and
// of many logs: what one holds is bounded by the longest line that is wanted, whatever the rows are.
func TestJoinerHoldsItsShare(t *testing.T) {
	t.Parallel()
	for _, longest := range []int{256 << 10, 1 << 20, 4 << 20, 10 << 20} {
		for _, row := range []string{`"a":1,`, `  "key": "` + strings.Repeat("v", 50) + `",`, `"a": "` + strings.Repeat("v", 100_000) + `",`} {
			j := NewJoiner(Shape{documents: true}, longest)
			j.Row([]byte("{"), 0, 1, false)
			most, given := 0, false
			for fed := 0; fed < 5*longest; fed += len(row) {
				j.Row([]byte(row), int64(fed), 1, false)
				most = max(most, cap(j.raw)+cap(j.text)+cap(j.rows)*int(unsafe.Sizeof(held{}))+cap(j.units)*int(unsafe.Sizeof(Unit{})))
				for _, ok := j.Next(); ok; _, ok = j.Next() {
					given = true
				}
			}
			if !given || most > 2*unitOf(longest)+maxUnit/16 {
				t.Errorf("lines of %d bytes, rows of %d: given %v, up to %d bytes held", longest, len(row), given, most)
			}
		}
	}
}
