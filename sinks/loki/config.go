package loki

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"fluxtrail/sinks"
)

// Config says where Loki is and what it takes. The zero value of a field means its default.
// Sizes are in bytes.
type Config struct {
	URL    string // http://loki:3100; /loki/api/v1/push is added if it has no path
	Tenant string // sent as X-Scope-OrgID; default: none
	HTTP   sinks.HTTP

	// Verify asks Loki what it has of a request that is to be sent again. It takes the right to
	// query.
	Verify bool

	BatchBytes   int           `unit:"bytes"` // of a request before compression; default 1 MiB
	BatchEntries int           // of a request; default 10000
	Wait         time.Duration // how long the lane collects a batch that is not full; default: not at all

	MaxLine     int           `unit:"bytes"` // a longer line is cut; default 256 KiB
	StreamRate  int           `unit:"bytes"` // per second and stream; default 2.5 MB, negative: no limit
	StreamBurst int           `unit:"bytes"` // per stream; default 5 MB
	Window      time.Duration // how far the entries of a stream for late entries may be apart; default 1h

	RetryMin time.Duration // default 500ms
	RetryMax time.Duration // default 1m
}

// Defaults of Config. They stay below the limits that Loki has if nobody changed them:
// messages of 4 MiB between its parts, lines of 256 KiB, 3 MB per second and 15 MB at once
// per stream, and an hour (half of max_chunk_age) that an entry may be older than the
// newest of its stream.
const (
	DefaultBatchBytes   = 1 << 20
	DefaultBatchEntries = 10000
	DefaultMaxLine      = 256 << 10
	DefaultStreamRate   = 2_500_000
	DefaultStreamBurst  = 5_000_000
	DefaultWindow       = time.Hour
)

const (
	pushPath = "/loki/api/v1/push"
	// minLine leaves room for the note at the end of a line that was cut.
	minLine = 1 << 10
)

// Validate returns all that is wrong, each with the key that it stands under.
func (c Config) Validate() error {
	var errs []error
	if err := sinks.CheckURL(c.URL); err != nil {
		errs = append(errs, fmt.Errorf("url: %w", err))
	}
	if strings.ContainsAny(c.Tenant, "/\\\r\n") || c.Tenant == "." || c.Tenant == ".." {
		errs = append(errs, errors.New("tenant: Loki takes no slash, line break or mere dots"))
	}
	if c.Tenant != "" && slices.ContainsFunc(c.HTTP.Headers, func(h sinks.Header) bool { return strings.EqualFold(h.Name, "X-Scope-OrgID") }) {
		errs = append(errs, errors.New("tenant: is a header X-Scope-OrgID, too; give one of them"))
	}
	for _, n := range []struct {
		key string
		v   int64
	}{
		{"batch_bytes", int64(c.BatchBytes)}, {"batch_entries", int64(c.BatchEntries)}, {"wait", int64(c.Wait)},
		{"max_line", int64(c.MaxLine)}, {"stream_burst", int64(c.StreamBurst)}, {"window", int64(c.Window)},
		{"retry_min", int64(c.RetryMin)}, {"retry_max", int64(c.RetryMax)},
	} {
		if n.v < 0 {
			errs = append(errs, fmt.Errorf("%s: is negative; leave it out for the default", n.key))
		}
	}
	if c.MaxLine > 0 && c.MaxLine < minLine {
		errs = append(errs, fmt.Errorf("max_line: want %d or more", minLine))
	}
	if d := c.withDefaults(); d.RetryMin > d.RetryMax {
		errs = append(errs, errors.New("retry_min: is more than retry_max"))
	}
	if err := c.HTTP.Validate(); err != nil {
		errs = append(errs, fmt.Errorf("http: %w", err))
	}
	return errors.Join(errs...)
}

func (c Config) withDefaults() Config {
	or := func(v *int, d int) {
		if *v == 0 {
			*v = d
		}
	}
	orTime := func(v *time.Duration, d time.Duration) {
		if *v == 0 {
			*v = d
		}
	}
	or(&c.BatchBytes, DefaultBatchBytes)
	or(&c.BatchEntries, DefaultBatchEntries)
	or(&c.MaxLine, DefaultMaxLine)
	or(&c.StreamRate, DefaultStreamRate)
	or(&c.StreamBurst, DefaultStreamBurst)
	orTime(&c.Window, DefaultWindow)
	orTime(&c.RetryMin, sinks.DefaultMin)
	orTime(&c.RetryMax, sinks.DefaultMax)
	return c
}

// pushURL returns the address that requests go to. The URL is valid.
func (c Config) pushURL() string {
	u, err := url.Parse(c.URL)
	if err != nil {
		return c.URL
	}
	if strings.Trim(u.Path, "/") == "" {
		u.Path = pushPath
	}
	return u.String()
}
