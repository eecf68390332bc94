package parse

import (
	"flag"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/fixtures"
)

var update = flag.Bool("update", false, "rewrite what the fixtures want")

// TestGolden parses in.log of each case and compares what every line was taken for with
// want.records, one line for each.
func TestGolden(t *testing.T) {
	for _, dir := range []string{"parse", "real-lines"} {
		for _, c := range fixtures.Cases(dir) {
			t.Run(c.Path, func(t *testing.T) { golden(t, &c) })
		}
	}
}

func golden(t *testing.T, c *fixtures.Case) {
	if c.Why == "" {
		t.Error("the first lines have to say why the case exists")
	}
	got := records(c.Section("in.log"), c.Section("near"))
	want := c.Section("want.records")
	if *update && got != want {
		if err := c.Rewrite("../fixtures", "want.records", got); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-update rewrites the case (-want +got):\n%s", diff)
	}
}

// records describes the lines of a log. near is the time that the framing gives the first of them,
// empty for none.
func records(log, near string) string {
	var out strings.Builder
	start, _ := time.Parse(time.RFC3339, strings.TrimSpace(near))
	at := max(start.UnixNano(), 0)
	for i, line := range strings.Split(strings.TrimSuffix(log, "\n"), "\n") {
		var r Record
		Parse([]byte(line), at, &r)
		if r.Time != 0 {
			at = r.Time
		}
		fmt.Fprintf(&out, "%d %s\n", i+1, describe(&r))
	}
	return out.String()
}

// describe says what a line was taken for: form, level, time, sign, object, and then what it
// carries besides.
func describe(r *Record) string {
	form := [...]string{"text", "json", "console", "klog", "panic", "trace", "flux", "library"}[r.Form]
	at, object := "-", ""
	if r.Time != 0 {
		at = instant(r.Time)
	}
	if r.Object() {
		object = " " + r.Kind + "/" + r.Namespace + "/" + r.Name
	}
	s := fmt.Sprintf("%s %s %s %s%s", form, r.Level, at, r.Meaning, object)
	for _, f := range []struct{ key, value string }{
		{"about", about(r)}, {"id", r.ID}, {"revision", r.Revision}, {"took", length(r.Took)}, {"next", length(r.Next)},
		{"logger", r.Logger}, {"error", r.Error}, {"reason", r.Reason}, {"message", r.Message}, {"involved", r.Involved},
		{"bad", r.Bad.String()}, {"msg", message(r)},
	} {
		if f.value != "" {
			s += " " + f.key + "=" + quoted(f.value)
		}
	}
	return s
}

func instant(ns int64) string {
	layout := "2006-01-02T15:04:05.000Z"
	if ns%1e6 != 0 {
		layout = "2006-01-02T15:04:05.999999999Z"
	}
	return time.Unix(0, ns).UTC().Format(layout)
}

func about(r *Record) string {
	if r.About == "" {
		return ""
	}
	return r.About + "/" + r.Namespace + "/" + r.Name
}

func length(ns int64) string {
	if ns == 0 {
		return ""
	}
	return time.Duration(ns).String()
}

// message is only shown where it takes more than one JSON key to find it, or where nothing else
// tells the line.
func message(r *Record) string {
	if r.Form == FormJSON && r.Meaning != None {
		return ""
	}
	return r.Msg
}

// quoted keeps words as they are, and shortens what is long.
func quoted(s string) string {
	if len(s) > 120 {
		s = s[:100] + "…"
	}
	if strings.ContainsAny(s, " \"\n\t=") {
		return fmt.Sprintf("%q", s)
	}
	return s
}
