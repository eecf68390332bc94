package config

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/pflag"
)

// TestFlagsOfKeys holds that every key has a flag with a sentence, but for secrets and lists of
// entries.
func TestFlagsOfKeys(t *testing.T) {
	t.Parallel()
	flags := NewFlags()
	for _, k := range keys() {
		flag := flagOf(k, flags)
		if none := k.kind == secret || k.kind == structs; none != (flag == nil) {
			t.Errorf("%s: flag %v", k.name(), flag)
		}
		if flag == nil {
			continue
		}
		if hint, usage := pflag.UnquoteUsage(flag); len(usage) < 20 || (hint == "") != (k.kind == boolean) {
			t.Errorf("--%s %s: %q", flag.Name, hint, usage)
		}
	}
}

func TestFlagValues(t *testing.T) {
	t.Parallel()
	flags := NewFlags()
	err := flags.Parse([]string{"--loki-enabled=false", "--tail-poll", "1s", "--tail-exclude", "a,b", "--tail-exclude=c",
		"--metrics-ttl=7d", "--tail-max-line=2MiB", "--state-dir=/var/tmp/x", "--loki-verify"})
	if err != nil {
		t.Fatal(err)
	}
	c, err := parse("", nil, flags)
	if err != nil {
		t.Fatal(err)
	}
	if c.Loki.Enabled || !c.Loki.Verify || c.Tail.Poll != time.Second || c.Metrics.TTL != 7*day ||
		c.Tail.MaxLine != 2<<20 || c.Agent.StateDir != "/var/tmp/x" {
		t.Errorf("%+v", c)
	}
	if d := cmp.Diff([]string{"a", "b", "c"}, c.Tail.Exclude); d != "" {
		t.Error(d)
	}
}

func TestWrongFlags(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{
		"--tail-poll=5":                      "want a duration",
		"--tail-max-line=5":                  "want a size",
		"--loki-enabled=maybe":               "want true or false",
		"--tail-max-open=many":               "want a whole number",
		"--loki-http-basic-password=hunter2": "unknown flag",
		"--agent-labels=x":                   "unknown flag",
	} {
		err := NewFlags().Parse([]string{arg})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", arg, err, want)
		}
	}
}

func TestUncapital(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]string{"Name of": "name of", "URL of": "URL of", "A file": "a file", "": "", "X": "X"} {
		if got := uncapital(s); got != want {
			t.Errorf("%q: %q", s, got)
		}
	}
}

// someFlags are flags as a command has them.
func someFlags() (*pflag.FlagSet, *string, *[]string) {
	flags := pflag.NewFlagSet("x", pflag.ContinueOnError)
	flags.Duration("keep", 0, "")
	return flags, flags.String("out-dir", "default", ""), flags.StringSlice("kind", []string{"all"}, "")
}

func TestFromEnvironment(t *testing.T) {
	environ := []string{"X_REPLAY_OUT_DIR=from-env", "X_REPLAY_KIND=a,b", "X_OTHER=1", "X_REPLAY_OUTDIR="}
	setenv(t, environ...)
	flags, dir, kinds := someFlags()
	if err := flags.Parse([]string{"--kind", "c"}); err != nil {
		t.Fatal(err)
	}
	if err := FromEnvironment(flags, "X_REPLAY", environ); err != nil {
		t.Fatal(err)
	}
	if *dir != "from-env" || !slices.Equal(*kinds, []string{"c"}) {
		t.Errorf("%s, %v", *dir, *kinds)
	}
}

func TestFromWrongEnvironment(t *testing.T) {
	environ := []string{"X_REPLAY_OUTDIR=typo", "X_REPLAY_KEEP=long"}
	setenv(t, environ...)
	flags, _, _ := someFlags()
	err := FromEnvironment(flags, "X_REPLAY", environ)
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"X_REPLAY_OUTDIR: there is no such", "did you mean X_REPLAY_OUT_DIR?", "X_REPLAY_KEEP: ", `"long"`} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestPart(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"loki.enabled": "loki:\n  # Whether lines are shipped.\n  enabled: true\n",
		"log":          "log:\n  # a\n  level: info\n  format: json # b\n",
	} {
		const doc = "# head\n\nloki:\n  # Whether lines are shipped.\n  enabled: true\n  url: x\n\nlog:\n  # a\n  level: info\n  format: json # b\n"
		got, err := Part([]byte(doc), name)
		if err != nil || string(got) != want {
			t.Errorf("%s: %v\n%s", name, err, cmp.Diff(want, string(got)))
		}
	}
	for name, want := range map[string]string{
		"loki.ulr": "there is no such key; did you mean loki.url?", "": "there is no such key", "nothing.at.all": "there is no such key",
	} {
		if _, err := Part([]byte(Example), name); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", name, err, want)
		}
	}
}

// TestKeysHaveParts holds that the example has every key and section.
func TestKeysHaveParts(t *testing.T) {
	t.Parallel()
	for _, name := range Keys() {
		if part, err := Part([]byte(Example), name); err != nil || !strings.Contains(string(part), name[strings.LastIndex(name, ".")+1:]+":") {
			t.Errorf("%s: %v\n%s", name, err, part)
		}
	}
}
