package monitoring

import (
	"testing"
	"time"

	"fluxtrail/cmd/cli"
)

// TestPatience holds how long doctor waits for one question: as its flag says, and 30 s without.
func TestPatience(t *testing.T) {
	t.Parallel()
	for flag, want := range map[string]time.Duration{"--prometheus-timeout=7s": 7 * time.Second, "--loki-timeout=7s": 30 * time.Second} {
		var f doctorFlags
		c := f.command(cli.Streams{})
		if err := c.ParseFlags([]string{"--prometheus=http://prometheus.invalid", "--loki=http://loki.invalid", flag}); err != nil {
			t.Fatal(err)
		}
		opt, err := f.compile(c, nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := opt.Prometheus.Client.Timeout; got != want {
			t.Errorf("%s: %s, want %s", flag, got, want)
		}
	}
}
