package agent

import (
	"io"
	"log/slog"
	"strings"

	"fluxtrail/api"
	"fluxtrail/parse/redact"
)

// NewLog makes the agent's own log, as JSON or as text, with the keys that Flux's logs and our
// events have: ts, level, msg, error. Whatever it says, secrets are taken out. An error is a
// pattern that cannot be used.
func NewLog(w io.Writer, level slog.Level, text bool, patterns []redact.Pattern) (*slog.Logger, error) {
	secrets, err := redact.New(patterns)
	if err != nil {
		return nil, err
	}
	w = &cleanWriter{w, secrets}
	opt := &slog.HandlerOptions{Level: level, ReplaceAttr: asFlux}
	if text {
		return slog.New(slog.NewTextHandler(w, opt)), nil
	}
	return slog.New(slog.NewJSONHandler(w, opt)), nil
}

// asFlux gives the parts that every line has the names that they have in Flux's logs.
func asFlux(groups []string, a slog.Attr) slog.Attr {
	if len(groups) > 0 {
		return a
	}
	switch a.Key {
	case slog.TimeKey:
		a.Key = "ts"
	case slog.LevelKey:
		a.Value = slog.StringValue(strings.ToLower(a.Value.String()))
	case "err":
		a.Key = "error"
	}
	return a
}

// cleanWriter takes secrets out of what is written. A handler of slog writes whole lines, one at a
// time, so it needs no lock of its own.
type cleanWriter struct {
	w       io.Writer
	secrets *redact.Redactor
}

func (c *cleanWriter) Write(line []byte) (int, error) {
	clean, _ := c.secrets.Bytes(nil, line)
	if _, err := c.w.Write(api.Escape(clean)); err != nil {
		return 0, err
	}
	return len(line), nil
}
