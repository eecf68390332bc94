package parse

import (
	"testing"
	"time"
)

// at is a time of a test's line.
func at(t *testing.T, s string) int64 {
	t.Helper()
	if s == "" {
		return 0
	}
	v, err := time.Parse(time.RFC3339Nano, s)
	if err != nil {
		t.Fatal(err)
	}
	return v.UnixNano()
}

// TestText reads what is not JSON.
func TestText(t *testing.T) {
	t.Parallel()
	const near = "2022-11-07T10:00:00Z"
	for _, x := range []struct {
		name, line       string
		form             Form
		level            Level
		time, logger     string
		msg, object, bad string
	}{
		{name: "console encoder", form: FormConsole, level: LevelInfo, time: "2020-08-17T10:00:00.5Z", logger: "controllers.GitRepository",
			line: "2020-08-17T10:00:00.500Z\tINFO\tcontrollers.GitRepository\tReconciliation finished\t{\"request\": \"apps/web\"}",
			msg:  "Reconciliation finished", object: "GitRepository/apps/web"},
		{name: "console encoder through a terminal", form: FormConsole, level: LevelError, time: "2020-08-17T10:00:00.5Z", logger: "setup",
			line: "2020-08-17T10:00:00.500Z   ERROR  setup    problem running manager", msg: "problem running manager"},
		{name: "console encoder without a logger", form: FormConsole, level: LevelDebug, time: "2020-08-17T10:00:00Z",
			line: "2020-08-17T10:00:00Z\tDEBUG\tstarting", msg: "starting"},
		{name: "too few columns", line: "2020-08-17T10:00:00.500Z\tINFO", bad: "text", msg: "2020-08-17T10:00:00.500Z\tINFO"},
		{name: "no level", line: "2020-08-17T10:00:00.500Z\tabout\tx\ty", bad: "text", msg: "2020-08-17T10:00:00.500Z\tabout\tx\ty"},
		{name: "no time", line: "2020-13-17T10:00:00.500Z\tINFO\tx\ty", bad: "text", msg: "2020-13-17T10:00:00.500Z\tINFO\tx\ty"},
		{name: "klog", form: FormKlog, level: LevelInfo, time: "2022-11-07T10:10:55.887548Z", logger: "klog",
			line: "I1107 10:10:55.887548       7 request.go:682] Waited for 1.04s due to client-side throttling", msg: "Waited for 1.04s due to client-side throttling"},
		{name: "klog error", form: FormKlog, level: LevelError, time: "2022-12-31T23:59:59Z", logger: "klog",
			line: "E1231 23:59:59.000000       1 leaderelection.go:330] lost", msg: "lost"},
		{name: "klog warning", form: FormKlog, level: LevelInfo, time: "2022-11-07T10:10:55Z", logger: "klog",
			line: "W1107 10:10:55.000000       7 reflector.go:442] watch ended", msg: "watch ended"},
		{name: "klog without its bracket", line: "I1107 10:10:55.887548       7 request.go:682", bad: "text", msg: "I1107 10:10:55.887548       7 request.go:682"},
		{name: "klog of another letter", line: "X1107 10:10:55.887548       7 request.go:682] x", bad: "text", msg: "X1107 10:10:55.887548       7 request.go:682] x"},
		{name: "panic", form: FormPanic, level: LevelError, line: "panic: runtime error: index out of range", msg: "panic: runtime error: index out of range"},
		{name: "fatal error", form: FormPanic, level: LevelError, line: "fatal error: concurrent map writes", msg: "fatal error: concurrent map writes"},
		{name: "goroutine", form: FormTrace, line: "goroutine 1 [running]:", msg: "goroutine 1 [running]:"},
		{name: "call", form: FormTrace, line: "example.com/x.(*T).Run(0xc0001, 0x2)", msg: "example.com/x.(*T).Run(0xc0001, 0x2)"},
		{name: "call without arguments", form: FormTrace, line: "example.com/x.Run(...)", msg: "example.com/x.Run(...)"},
		{name: "position", form: FormTrace, line: "\t/go/src/x.go:17 +0x1d", msg: "\t/go/src/x.go:17 +0x1d"},
		{name: "blank", form: FormTrace, line: "  ", msg: "  "},
		{name: "anything else", line: "hello", bad: "text", msg: "hello"},
		{name: "nothing", form: FormTrace},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			var r Record
			Parse([]byte(x.line), at(t, near), &r)
			object := ""
			if r.Object() {
				object = (Ref{r.Kind, r.Namespace, r.Name}).String()
			}
			if r.Form != x.form || r.Level != x.level || r.Time != at(t, x.time) || r.Logger != x.logger || r.Msg != x.msg || object != x.object || r.Bad.String() != x.bad {
				t.Errorf("%+v", r)
			}
		})
	}
}

// TestKlogNeedsAYear leaves the time of a klog line open when nothing tells the year.
func TestKlogNeedsAYear(t *testing.T) {
	t.Parallel()
	line := []byte("I1107 10:10:55.887548       7 request.go:682] x")
	for near, want := range map[string]string{
		"":                     "",
		"2022-11-07T10:00:00Z": "2022-11-07T10:10:55.887548Z",
		"2023-01-02T00:00:00Z": "2022-11-07T10:10:55.887548Z",
		"2022-06-01T00:00:00Z": "2022-11-07T10:10:55.887548Z",
		"2022-03-01T00:00:00Z": "2021-11-07T10:10:55.887548Z",
	} {
		var r Record
		Parse(line, at(t, near), &r)
		if r.Time != at(t, want) {
			t.Errorf("near %s: %v, want %s", near, time.Unix(0, r.Time).UTC(), want)
		}
	}
}

func TestTimestamp(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-20T10:22:54.690Z":          "2026-11-20T10:22:54.69Z",
		"2026-11-20T10:22:54.690+0530":      "2026-11-20T04:52:54.69Z",
		"2026-11-20T10:22:54.123456789Z":    "2026-11-20T10:22:54.123456789Z",
		"2026-11-20T10:22:54-03:00":         "2026-11-20T13:22:54Z",
		"2026-11-20 10:22:54.690Z":          "2026-11-20T10:22:54.69Z",
		"2026-11-20T10:22:54":               "2026-11-20T10:22:54Z",
		"2026-11-20":                        "",
		"2026-11-31T99:00:00Z":              "",
		"yesterday":                         "",
		"":                                  "",
		"2026-11-20T10:22:54.690Z and more": "",
	} {
		if got := timestamp(text); got != at(t, want) {
			t.Errorf("%q: %v, want %s", text, time.Unix(0, got).UTC(), want)
		}
	}
}

func TestSpan(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Duration{
		"1m1.5s": 61500 * time.Millisecond, "950.5µs": 950500 * time.Nanosecond, "10m0s.": 10 * time.Minute, "30s,": 30 * time.Second,
		"-5s": 0, "soon": 0, "": 0, "99999999h": 0,
	} {
		if got := span(text); got != int64(want) {
			t.Errorf("%q: %v, want %v", text, time.Duration(got), want)
		}
	}
}
