package config

import (
	"strings"
	"testing"
)

func TestUnknownVariables(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ pair, want string }{
		{"FLUXTRAIL_LOKI__URL=x", ""},
		{"FLUXTRAIL_LOKI_URL=x", ""},
		{"FLUXTRAIL_LOKI__URLS=x", "did you mean FLUXTRAIL_LOKI__URL?"},
		{"FLUXTRAIL_LOKI__URLS=", ""},
		{"FLUXTRAIL_LOKI_URLS=x", "did you mean FLUXTRAIL_LOKI_URL?"},
		{"FLUXTRAIL_LOKY_URL=x", "did you mean FLUXTRAIL_LOKI_URL?"},
		{"FLUXTRAIL_NO__SUCH_THING_AT_ALL=x", "there is no such key"},
		{"FLUXTRAIL_PAGER=less", ""},
		{"FLUXTRAIL_REPLAY_OUTPUT=json", ""},
		{"LOKI__URLS=x", ""},
		// What Kubernetes sets for Services called fluxtrail and fluxtrail-loki.
		{"FLUXTRAIL_SERVICE_HOST=10.0.0.1", ""},
		{"FLUXTRAIL_SERVICE_PORT=8080", ""},
		{"FLUXTRAIL_SERVICE_PORT_HTTP=8080", ""},
		{"FLUXTRAIL_PORT=tcp://10.0.0.1:8080", ""},
		{"FLUXTRAIL_PORT_8080_TCP_ADDR=10.0.0.1", ""},
		{"FLUXTRAIL_LOKI_PORT=tcp://10.0.0.1:3100", ""},
		{"FLUXTRAIL_LOKI_SERVICE_HOST=10.0.0.1", ""},
	} {
		got := unknownVariables([]string{c.pair})
		switch {
		case c.want == "" && len(got) > 0:
			t.Errorf("%s: %v", c.pair, got)
		case c.want != "" && (len(got) != 1 || !strings.HasSuffix(got[0].Text, c.want)):
			t.Errorf("%s: %v, want %s", c.pair, got, c.want)
		}
	}
}

func TestEnvNames(t *testing.T) {
	t.Parallel()
	for key, want := range map[string][2]string{
		"tail.poll":         {"FLUXTRAIL_TAIL__POLL", "FLUXTRAIL_TAIL_POLL"},
		"tail.max_line":     {"FLUXTRAIL_TAIL__MAX_LINE", "FLUXTRAIL_TAIL_MAX_LINE"},
		"loki.http.timeout": {"FLUXTRAIL_LOKI__HTTP__TIMEOUT", "FLUXTRAIL_LOKI_HTTP_TIMEOUT"},
	} {
		if got := [2]string{envName(key), shortEnvName(key)}; got != want {
			t.Errorf("%s: %v, want %v", key, got, want)
		}
	}
}
