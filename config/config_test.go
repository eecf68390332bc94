package config

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v3"

	"fluxtrail/parse/redact"
	"fluxtrail/sinks"
)

var update = flag.Bool("update", false, "rewrite the expected part of the files in testdata")

// equal compares Configs; functions are nil in all of them.
var equal = cmp.Options{cmpopts.EquateEmpty(), cmp.Comparer(func(a, b sinks.Secret) bool { return a == b })}

// required are the keys that have no default.
func required(t *testing.T) (names []string) {
	each(t, func(name string, key, value *yaml.Node) {
		if value.LineComment == "# required" {
			names = append(names, name)
		}
	})
	return names
}

// each calls f for every key of the example that can be set.
func each(t *testing.T, f func(name string, key, value *yaml.Node)) {
	t.Helper()
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(Example), &doc); err != nil {
		t.Fatal(err)
	}
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; i < len(n.Content); i += 2 {
			name := strings.TrimPrefix(path+"."+n.Content[i].Value, ".")
			if value := n.Content[i+1]; value.Kind == yaml.MappingNode {
				walk(value, name)
			} else {
				f(name, n.Content[i], value)
			}
		}
	}
	walk(doc.Content[0], "")
}

// The example is a configuration, and what it says is the default.
func TestExample(t *testing.T) {
	got, err := parse("example.yaml", []byte(Example), nil)
	if err != nil {
		t.Fatal(err)
	}
	want := defaults()
	for _, name := range required(t) {
		k, _ := find(strings.Split(name, "."), keys())
		if def := reflect.ValueOf(want).FieldByIndex(k.index); !def.IsZero() {
			t.Errorf("%s is marked required, but has the default %v", name, def)
		}
		reflect.ValueOf(&want).Elem().FieldByIndex(k.index).Set(reflect.ValueOf(got).FieldByIndex(k.index))
	}
	if d := cmp.Diff(want, got, equal); d != "" {
		t.Errorf("(-Default +example):\n%s", d)
	}
}

// The example has all keys and no others, in the order of Config, each with a comment.
func TestExampleIsComplete(t *testing.T) {
	var got, want []string
	each(t, func(name string, key, value *yaml.Node) {
		got = append(got, name)
		if key.HeadComment == "" {
			t.Errorf("%s is not explained", name)
		}
	})
	for _, k := range keys() {
		want = append(want, k.name())
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-Config +example):\n%s", d)
	}
}

func TestDefaultsAreValid(t *testing.T) {
	t.Parallel()
	if err := validate(loadable(defaults())); err != nil {
		t.Error(err)
	}
}

// loadable fills in what is required.
func loadable(c Config) Config {
	c.Loki.URL = "http://loki:3100"
	return c
}

// TestCorpus loads every file of testdata. Its first line says why it is there, lines "# env:
// NAME=value" set the environment, and the comment at its end says what comes out: of NAME.bad.yaml
// the errors, of NAME.good.yaml the keys that are not at their default.
func TestCorpus(t *testing.T) {
	files, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal("no files", err)
	}
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			input, want, _ := bytes.Cut(data, []byte(expected))
			setenv(t, envOf(input)...)
			c, err := parse(filepath.Base(path), input, nil)
			got := ""
			switch {
			case err != nil:
				got = comment(err.Error())
			default:
				got = comment(changes(c))
			}
			if bad := strings.HasSuffix(path, ".bad.yaml"); bad != (err != nil) {
				t.Errorf("error: %v", err)
			}
			if *update {
				if err := os.WriteFile(path, []byte(string(input)+expected+got), 0o644); err != nil {
					t.Fatal(err)
				}
			} else if d := cmp.Diff(strings.Split(string(want), "\n"), strings.Split(got, "\n")); d != "" {
				t.Errorf("(-want +got):\n%s", d)
			}
		})
	}
}

// expected stands before the comment at the end.
const expected = "\n# ---- expected ----\n"

func envOf(input []byte) (environ []string) {
	for l := range strings.Lines(string(input)) {
		if pair, ok := strings.CutPrefix(strings.TrimSpace(l), "# env: "); ok {
			environ = append(environ, pair)
		}
	}
	return environ
}

func comment(s string) string {
	if s == "" {
		return ""
	}
	return "# " + strings.ReplaceAll(s, "\n", "\n# ") + "\n"
}

// changes lists what is not at its default, in one line each.
func changes(c Config) string {
	hide, _ := redact.New(nil)
	def := defaults()
	var lines []string
	for _, k := range keys() {
		a, b := reflect.ValueOf(def).FieldByIndex(k.index), reflect.ValueOf(c).FieldByIndex(k.index)
		if cmp.Equal(a.Interface(), b.Interface(), equal) {
			continue
		}
		n := render(b, k, hide)
		n.Style = yaml.FlowStyle
		text, _ := yaml.Marshal(n)
		lines = append(lines, k.name()+": "+strings.TrimSpace(string(text)))
	}
	return strings.Join(lines, "\n")
}

// viper writes keys in lower case and parts them at its delimiter. What the user writes must come
// through as it is.
func TestUserTextIsNoKey(t *testing.T) {
	const in = "loki:\n  url: http://loki\n  http:\n    headers: [{name: X-Scope.A.b, value: Q::R}]\nagent:\n  labels: [{name: Region, value: EU.West::1}]\n"
	c, err := parse("x", []byte(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	if h := c.Loki.HTTP.Headers; len(h) != 1 || h[0].Name != "X-Scope.A.b" || h[0].Value != "Q::R" {
		t.Errorf("headers: %q", h[0].Name)
	}
	if l := c.Agent.Labels; len(l) != 1 || l[0].Name != "Region" || l[0].Value != "EU.West::1" {
		t.Errorf("labels: %v", l)
	}
}

// No form in which a Config or an error about one can be printed shows a secret.
func TestSecrets(t *testing.T) {
	const in = "loki:\n  url: http://loki\n  http:\n    basic: {username: me, password: hunter2}\n    proxy: http://me:hunter2@proxy:3128\n    headers: [{name: X-Token, value: hunter2}]\n" +
		"webhook: {url: 'https://hooks/in/hunter2?x=y'}\n"
	c, err := parse("x", []byte(in), nil)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(c.Webhook.URL, "hunter2") || c.Loki.HTTP.Basic.Password != "hunter2" || c.Loki.HTTP.Headers[0].Value != "hunter2" {
		t.Error("the secret is lost")
	}
	shown, err := YAML(c)
	if err != nil {
		t.Fatal(err)
	}
	if s := string(shown) + fmt.Sprintf("%v %+v %#v", c.Loki.HTTP.Basic, c.Loki.HTTP.Basic, c.Loki.HTTP.Headers); strings.Contains(s, "hunter2") {
		t.Errorf("shown: %s", s)
	}
	setenv(t, "FLUXTRAIL_LOKI__HTTP__HEADERS=hunter2", "FLUXTRAIL_LOKI__WAIT=http://me:hunter2@x")
	for _, bad := range []string{
		"loki: {url: http://me:hunter2@loki}",
		"loki: {url: [http://me:hunter2@loki]}",
		"loki: {url: http://loki, http: {basic: {password: [hunter2]}}}",
		"loki: {url: http://loki, http: {headers: [{name: a, value: {hunter2: 1}}]}}",
		"loki: {url: http://loki, http: {proxy: 'http://me:hunter2@%zz'}}",
		"loki: {url: http://loki, http: {headers: [hunter2]}}",
		"loki: {url: http://loki, http: {headers: 'X-A: hunter2'}}",
		"loki: {url: http://loki, http: {basic: 'me:hunter2'}}",
		"loki: {url: http://loki, wait: 'http://me:hunter2@proxy'}",
	} {
		_, err := parse("x", []byte(bad), nil)
		if err == nil || strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}

// What is printed can be loaded, and is the same then.
func TestPrintLoads(t *testing.T) {
	c := loadable(defaults())
	c.Tail.Include = []string{"a: b", "- c", "true", "5"}
	c.Agent.Cluster, c.Tail.HoldBytes, c.Loki.StreamRate = "null", 1234567, -1
	c.Redact.Patterns = []redact.Pattern{{Name: "x", Regexp: `a'"b#: {}`}}
	c.Incidents.Hold = 90 * time.Minute
	text, err := YAML(c)
	if err != nil {
		t.Fatal(err)
	}
	back, err := parse("x", text, nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if d := cmp.Diff(c, back, equal); d != "" {
		t.Errorf("(-printed +loaded):\n%s\n%s", d, text)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	if _, err := Load(filepath.Join(dir, "none.yaml"), nil); !os.IsNotExist(err) {
		t.Errorf("a file that is not there: %v", err)
	}
	if _, err := Load("/dev/zero", nil); err == nil || !strings.Contains(err.Error(), "/dev/zero: has more than 1 MiB") {
		t.Errorf("a file without an end: %v", err)
	}
	setenv(t, "FLUXTRAIL_LOKI__URL=http://loki:3100")
	if _, err := Load("", nil); err != nil {
		t.Errorf("no file: %v", err)
	}
}

// setenv sets variables for the rest of a test. What the system cannot hold is left out.
func setenv(t *testing.T, pairs ...string) {
	t.Helper()
	for _, pair := range pairs {
		name, value, _ := strings.Cut(pair, "=")
		if name != "" && !strings.Contains(pair, "\x00") {
			t.Setenv(name, value)
		}
	}
}

// noEnv empties variables.
func noEnv(pairs []string) (empty []string) {
	for _, pair := range pairs {
		name, _, _ := strings.Cut(pair, "=")
		empty = append(empty, name+"=")
	}
	return empty
}

func FuzzLoad(f *testing.F) {
	files, _ := filepath.Glob("testdata/*.yaml")
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data, strings.Join(envOf(data), "\n"))
	}
	f.Add([]byte(Example), "")
	f.Fuzz(func(t *testing.T, data []byte, environ string) {
		setenv(t, strings.Split(environ, "\n")...)
		c, err := parse("f", data, nil)
		if err != nil {
			if _, ours := err.(Errors); !ours {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		text, err := YAML(c)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(text, []byte("<secret>")) || bytes.Contains(text, []byte("<redacted")) {
			return // does not come back
		}
		setenv(t, noEnv(strings.Split(environ, "\n"))...)
		back, err := parse("f", text, nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if d := cmp.Diff(c, back, equal); d != "" {
			t.Fatal(d)
		}
	})
}
