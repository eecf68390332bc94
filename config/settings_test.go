package config

import (
	"strings"
	"testing"
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
