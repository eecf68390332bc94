package parse

import (
	"strings"
)

// parseText reads what is not JSON: flux logs, the console encoder, klog, panics and their traces.
func (r *Record) parseText(s string, near int64) {
	switch {
	case r.fluxLogs(s):
		r.Form = FormFlux
		r.disown()
	case r.console(s):
		r.Form = FormConsole
	case r.klog(s, near):
		r.Form = FormKlog
	case r.library(s):
		r.Form = FormLibrary
	case startsAny(s, panicPrefixes):
		r.Form, r.Level, r.Msg = FormPanic, LevelError, s
	case isTrace(s):
		r.Form, r.Msg = FormTrace, s
	default:
		r.Msg = s
		r.Bad = BadText
	}
}

// console reads zap's console encoder: ts, LEVEL, logger (left out when empty), msg and the JSON of
// the fields, separated by tabs — or by runs of spaces where the line went through a terminal.
func (r *Record) console(s string) bool {
	if len(s) < 24 || s[0] < '0' || s[0] > '9' {
		return false
	}
	cols := columns(s)
	if len(cols) < 3 {
		return false
	}
	t, lv := timestamp(cols[0]), level(cols[1])
	if t == 0 || lv == LevelNone {
		return false
	}
	r.Time, r.Level = t, lv
	rest := cols[2:]
	if last := rest[len(rest)-1]; len(rest) > 1 && strings.HasPrefix(last, "{") {
		rest = rest[:len(rest)-1]
		defer r.fields(last)
	}
	if len(rest) > 1 {
		r.Logger, rest = rest[0], rest[1:]
	}
	r.Msg = strings.Join(rest, " ")
	return true
}

// columns splits a line of the console encoder.
func columns(s string) []string {
	if strings.Contains(s, "\t") {
		return strings.Split(s, "\t")
	}
	var cols []string
	for _, c := range strings.Split(s, "  ") {
		if c = strings.TrimSpace(c); c != "" {
			cols = append(cols, c)
		}
	}
	return cols
}

// klog reads "I1107 10:10:55.887548       7 request.go:682] message".
func (r *Record) klog(s string, near int64) bool {
	if len(s) < 30 || s[5] != ' ' || s[8] != ':' || s[11] != ':' {
		return false
	}
	switch s[0] {
	case 'I', 'W':
		r.Level = LevelInfo
	case 'E', 'F':
		r.Level = LevelError
	default:
		return false
	}
	end := strings.IndexByte(s, ']')
	if end < 0 {
		r.Level = LevelNone
		return false
	}
	r.Time = klogTime(s[1:], near)
	r.Logger = "klog"
	r.Msg = strings.TrimSpace(s[end+1:])
	return true
}

// library reads what a library writes past the controller's own logger with Go's package log:
// "2026/11/26 12:52:25 message", where badger puts its name in front and a level behind.
func (r *Record) library(s string) bool {
	s, badger := strings.CutPrefix(s, "badger ")
	const layout = "2006/01/02 15:04:05 "
	if len(s) <= len(layout) || s[4] != '/' || s[len(layout)-1] != ' ' {
		return false
	}
	at := timestamp(strings.Replace(s[:10], "/", "-", 2) + s[10:len(layout)-1])
	if at == 0 {
		return false
	}
	r.Time, r.Level, r.Msg = at, LevelInfo, s[len(layout):]
	if badger {
		r.Logger = "badger"
	}
	if word, text, ok := strings.Cut(r.Msg, ": "); ok && level(word) != LevelNone {
		r.Level, r.Msg = level(word), text
	}
	return true
}

var panicPrefixes = []string{"panic: ", "fatal error: ", "SIGQUIT: quit", "SIGABRT: abort"}

// tracePrefixes include what the Go runtime prints before a "fatal error:", so that one crash is
// one panic.
var tracePrefixes = []string{
	"runtime: ", "runtime stack:", "[signal SIG", "unexpected fault address", "goroutine ", "created by ", "\t", "        /",
	"exit status ", "[originating from", "main.main", "net/http.", "runtime.", "sigs.k8s.io/", "github.com/", "k8s.io/",
	"panic(", "reflect.", "sync.", "helm.sh/", "golang.org/", "-----",
}

// isTrace reports a line of a Go stack trace: a goroutine's headline, a call, a position, or a
// blank line between them. Such lines are no records of their own.
func isTrace(s string) bool {
	if startsAny(s, tracePrefixes) || strings.TrimSpace(s) == "" {
		return true
	}
	return strings.HasSuffix(s, ")") && strings.Contains(s, "(0x") || strings.HasSuffix(s, "(...)")
}

func startsAny(s string, prefixes []string) bool {
	for _, p := range prefixes {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}
