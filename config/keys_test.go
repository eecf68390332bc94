package config

import (
	"reflect"
	"slices"
	"strings"
	"testing"
)

func TestSnake(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"URL": "url", "CAFile": "ca_file", "MaxLine": "max_line", "TTL": "ttl", "HTTP": "http",
		"InsecureSkipVerify": "insecure_skip_verify", "max_open": "max_open", "A": "a", "": "",
	} {
		if got := snake(name); got != want {
			t.Errorf("snake(%q) = %q, want %q", name, got, want)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]kind{
		"agent.cluster": text, "loki.http.basic.password": secret, "loki.enabled": boolean,
		"tail.max_open": number, "tail.poll": duration, "tail.max_line": size,
		"tail.include": texts, "agent.labels": structs,
	} {
		k, _ := find(strings.Split(name, "."), keys())
		if k == nil || k.kind != want {
			t.Errorf("%s: %+v, want the kind %d", name, k, want)
		}
	}
}

// TestKeysAreTheUsers holds that nothing can be set that the program sets itself.
func TestKeysAreTheUsers(t *testing.T) {
	t.Parallel()
	for _, k := range keys() {
		if k.path[0] == "incidents" && !slices.Contains([]string{"hold", "keep", "grace"}, k.path[1]) {
			t.Errorf("%s can be set", k.name())
		}
	}
}

// TestNamesAreUnique holds that no two keys share a variable or a flag.
func TestNamesAreUnique(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, k := range keys() {
		names := []string{envName(k.name()), flagName(k.name())}
		if short := shortEnvName(k.name()); short != names[0] {
			names = append(names, short)
		}
		for _, name := range names {
			if other := seen[name]; other != "" {
				t.Errorf("%s stands for %s and %s", name, other, k.name())
			}
			seen[name] = k.name()
		}
	}
}

// TestZero holds that a number with a default may only be zero where its package takes that for
// zero, and that it says so.
func TestZero(t *testing.T) {
	t.Parallel()
	allowed := []string{"agent.shutdown_grace", "tail.hold_bytes", "tail.hold_files", "tail.quiet_after"}
	for _, k := range keys() {
		c := loadable(defaults())
		v := reflect.ValueOf(&c).Elem().FieldByIndex(k.index)
		if k.kind < number || k.kind > size || v.IsZero() {
			continue
		}
		v.SetZero()
		err, _ := validate(c).(Errors)
		if refused := len(err) > 0; refused == slices.Contains(allowed, k.name()) {
			t.Errorf("%s: %v", k.name(), err)
		}
	}
}
