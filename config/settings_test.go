package config

import (
	"strings"
	"testing"

	"fluxtrail/sinks/loki"
)

func TestServerValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		server Server
		want   string // "" for fine
	}{
		{Server{Listen: ":8080"}, ""},
		{Server{Listen: "127.0.0.1:0", Pprof: "localhost:6060"}, ""},
		{Server{Listen: "[::1]:8080", Pprof: "[::1]:6060"}, ""},
		{Server{Listen: "8080"}, "listen: "},
		{Server{Listen: ":http"}, "listen: "},
		{Server{Listen: ":70000"}, "listen: "},
		{Server{Listen: ":8080", Pprof: ":6060"}, "pprof: "},
		{Server{Listen: ":8080", Pprof: "10.0.0.1:6060"}, "pprof: "},
		{Server{Listen: ":8080", Pprof: "localhost"}, "pprof: "},
	} {
		err := c.server.validate()
		if (err == nil) != (c.want == "") || err != nil && !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%+v: %v, want %q", c.server, err, c.want)
		}
	}
}

// TestLanes refuses a configuration in which nothing is done with the logs, or in which a sink asks
// for what the lane that is off would find out.
func TestLanes(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ yaml, want string }{
		{"trail: {enabled: false}\nloki: {url: 'http://loki:3100'}", ""},
		{"trail: {enabled: true}\nloki: {enabled: false}", ""},
		{"trail: {enabled: false}\nloki: {enabled: false}", "trail.enabled: is false, as loki.enabled is: nothing would be done with the logs"},
		{"trail: {enabled: false}\nloki: {url: 'http://loki:3100'}\nalertmanager: {urls: ['http://am:9093']}",
			"trail.enabled: is false, and alertmanager.urls needs what it finds out"},
		{"loki: {enabled: true}", "loki.url: is missing; without Loki, set loki.enabled to false"},
	} {
		_, err := parse("x.yaml", []byte(c.yaml), nil)
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s\n%v", c.yaml, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%s\n%v, want %q", c.yaml, err, c.want)
		}
	}
}

// TestAlertmanagerValidate tells every label that no Alertmanager would take, by its place, and a
// base of runbooks that is no address.
func TestAlertmanagerValidate(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		a    Alertmanager
		want []string
	}{
		{Alertmanager{Labels: []loki.Label{{Name: "team", Value: "1-b"}, {Name: "_x9"}}, Runbooks: "https://wiki.example.org/flux/"}, nil},
		{Alertmanager{Labels: []loki.Label{{Name: "team"}, {Name: "9x"}, {Name: ""}, {Name: "a-b"}}}, []string{
			"labels[1]: name: ", "labels[2]: name: ", "labels[3]: name: ",
		}},
		{Alertmanager{Runbooks: "wiki/flux", Labels: []loki.Label{{Name: "a b"}}}, []string{"labels[0]: name: ", "runbooks: "}},
	} {
		err := c.a.validate()
		if (err == nil) != (c.want == nil) {
			t.Errorf("%+v: %v", c.a, err)
		}
		for _, want := range c.want {
			if err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("%+v: %v, want %q", c.a, err, want)
			}
		}
	}
}

// TestSyntaxNamesTheLine finds the line that YAML cannot go on with, not the one in which its
// mapping began, and gives up on very long files rather than read them again for each line.
func TestSyntaxNamesTheLine(t *testing.T) {
	t.Parallel()
	good := "loki:\n  url: http://loki:3100\n  tenant: a\n"
	for _, c := range []struct{ yaml, want string }{
		{good + "  batch: [1, 2\n  wait: 1s\n", "x.yaml:4"},
		{good + "\tlog: {}\n", "x.yaml:4"},
		{"log: 'x\n" + good, "x.yaml:"},
		{strings.Repeat("# nothing\n", 600) + "log: [\n", "x.yaml"},
	} {
		_, err := parse("x.yaml", []byte(c.yaml), nil)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), "is no YAML") {
			t.Errorf("%q: %v, want %s", c.yaml[max(0, len(c.yaml)-60):], err, c.want)
		}
	}
}

// TestHarmless shows a value in a message without a secret in it, and not all of a long one.
func TestHarmless(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ value, want string }{
		{"ten", `"ten"`},
		{"https://bot:hunter2hunter2@loki:3100", `"https://***@loki:3100"`},
		{strings.Repeat("ä", 40), `"` + strings.Repeat("ä", 30) + `…"`},
		{"a\x1b[2J\nb", `"a\x1b[2J\nb"`},
	} {
		if got := harmless(c.value); got != c.want && !(strings.Contains(c.value, "hunter2") && !strings.Contains(got, "hunter2")) {
			t.Errorf("%q is shown as %s, want %s", c.value, got, c.want)
		}
	}
}
