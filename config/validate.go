package config

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks/loki"
)

// Validate returns all that makes no sense though every value by itself is well formed; nil or Errors.
func (c Config) Validate() error {
	all := c.zeros()
	for _, section := range []struct {
		key string
		err error
	}{
		{"agent", c.Agent.Validate()},
		{"tail", errors.Join(c.Tail.FollowConfig.Validate(), atLeast("poll", c.Tail.Poll, 10*time.Millisecond))},
		{"kube", c.Kube.Validate()},
		{"loki", c.Loki.Validate()},
		{"incidents", c.Incidents.Validate()},
		{"redact", c.Redact.Validate()},
		{"metrics", c.Metrics.Validate()},
		{"server", c.Server.Validate()},
		{"log", c.Log.Validate()},
	} {
		all = append(all, under(section.key, section.err)...)
	}
	return all.orNil()
}

// zeros finds numbers that are zero where that would silently be the default.
func (c Config) zeros() (all Errors) {
	v, def := reflect.ValueOf(c), reflect.ValueOf(Default())
	for _, k := range keys() {
		counts := k.kind == number || k.kind == duration || k.kind == size
		if !counts || !slices.Contains(zeroIsDefault, k.path[0]) || !v.FieldByIndex(k.index).IsZero() {
			continue
		}
		if d := def.FieldByIndex(k.index); !d.IsZero() {
			all = append(all, Problem{Key: k.name(), Text: "is zero; leave the key out for the default of " + plain(d, k.kind)})
		}
	}
	return all
}

// under makes Problems of the error of a section. Packages begin their errors with the key as their own Config has it; what begins with no
// key that there is belongs to the section as a whole.
func under(section string, err error) Errors {
	if err == nil {
		return nil
	}
	if several, ok := err.(interface{ Unwrap() []error }); ok {
		var all Errors
		for _, e := range several.Unwrap() {
			all = append(all, under(section, e)...)
		}
		return all
	}
	key, text, ok := strings.Cut(err.Error(), ": ")
	if !ok || !exists(section+"."+key) {
		return Errors{{Key: section, Text: err.Error()}}
	}
	if inner := errors.Unwrap(err); inner != nil && inner.Error() == text {
		return under(section+"."+key, inner)
	}
	return Errors{{Key: section + "." + key, Text: text}}
}

// exists reports whether a name is that of a key, of a section, or of an entry of a list.
func exists(name string) bool {
	name = regexp.MustCompile(`\[\d+\]`).ReplaceAllString(name, "")
	return slices.ContainsFunc(keys(), func(k key) bool {
		return within(k.name(), name) || slices.ContainsFunc(k.items, func(item key) bool { return k.name()+"."+item.name() == name })
	})
}

func atLeast(key string, v, least time.Duration) error {
	if v >= least {
		return nil
	}
	return fmt.Errorf("%s: %s is too short: use %s or more", key, v, least)
}

func oneOf(key, v string, words ...string) error {
	if slices.Contains(words, v) {
		return nil
	}
	last := len(words) - 1
	return fmt.Errorf("%s: %q is not known: use %s or %s", key, v, strings.Join(words[:last], ", "), words[last])
}

// Validate reports settings that make no sense.
func (a Agent) Validate() error {
	var dir error
	if !filepath.IsAbs(a.StateDir) {
		dir = fmt.Errorf("state_dir: %q is not an absolute path", a.StateDir)
	}
	return errors.Join(dir, atLeast("checkpoint_every", a.CheckpointEvery, 100*time.Millisecond), atLeast("shutdown_grace", a.ShutdownGrace, 0), a.labels())
}

// labels puts the labels together as every stream has them, to see whether Loki takes them.
func (a Agent) labels() error {
	all := []loki.Label{{Name: "namespace", Value: "x"}, {Name: "app", Value: "x"}, {Name: "stream", Value: "x"}, {Name: "cluster", Value: "x"}}
	_, err := loki.Labels(append(all, a.Labels...))
	if err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	return nil
}

// Validate reports settings that make no sense. Where nothing is shipped nothing has to be set.
func (l Loki) Validate() error {
	switch {
	case !l.Enabled:
		return nil
	case l.URL == "":
		return errors.New("url: is missing; without Loki, set loki.enabled to false")
	}
	return l.Config.Validate()
}

// Validate reports patterns that cannot be used.
func (r Redact) Validate() error {
	if _, err := redact.New(r.Patterns); err != nil {
		return err
	}
	return nil
}

// Validate reports addresses that cannot be used. The profiler shows memory, and with it secrets; it must not leave the machine.
func (s Server) Validate() error {
	return errors.Join(address("listen", s.Listen), s.loopback())
}

func (s Server) loopback() error {
	if s.Pprof == "" {
		return nil
	}
	if err := address("pprof", s.Pprof); err != nil {
		return err
	}
	host, _, _ := net.SplitHostPort(s.Pprof)
	if ip, err := netip.ParseAddr(host); host == "localhost" || err == nil && ip.IsLoopback() {
		return nil
	}
	return fmt.Errorf("pprof: %q is not on loopback: use 127.0.0.1:6060", s.Pprof)
}

func address(key, s string) error {
	_, port, err := net.SplitHostPort(s)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return fmt.Errorf("%s: %q is no address: use host:port or :port", key, s)
	}
	return nil
}

// Validate reports words that are not known.
func (l Log) Validate() error {
	return errors.Join(oneOf("level", l.Level, "debug", "info", "warn", "error"), oneOf("format", l.Format, "json", "text"))
}
