package config

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
)

// sample is the text of a value of each kind that is no default.
var sample = map[kind][3]string{ // in the file, in the environment, as a flag
	text: {"other", "third", "last"}, secret: {"hunter2", "hunter3", ""},
	number: {"4711", "4712", "4713"}, duration: {"17m", "18m", "1d"}, size: {"3MiB", "4MiB", "5MB"},
	texts: {`["in", "file"]`, "one, two", "three,four"},
}

// settings are the texts that a key is set to in TestPrecedence.
func settings(k key) [3]string {
	switch k.kind {
	case boolean:
		if reflect.ValueOf(defaults()).FieldByIndex(k.index).Bool() {
			return [3]string{"false", "true", "false"}
		}
		return [3]string{"true", "false", "true"}
	case structs:
		return [3]string{"[]", "[{" + k.items[0].name() + ": first, " + k.items[1].name() + ": second}]", ""}
	}
	return sample[k.kind]
}

// inFile is a file that sets one key.
func inFile(k key, value string) string {
	var b strings.Builder
	for i, name := range k.path {
		fmt.Fprintf(&b, "\n%s%s:", strings.Repeat("  ", i), name)
	}
	return b.String() + " " + value
}

// TestPrecedence sets every key in all places: a flag wins over the environment, its variable over
// the file, the file over the default.
func TestPrecedence(t *testing.T) {
	for _, k := range keys() {
		t.Run(k.name(), func(t *testing.T) {
			set := settings(k)
			get := func(data string, args ...string) any {
				t.Helper()
				flags := NewFlags()
				if err := flags.Parse(args); err != nil {
					t.Fatal(err)
				}
				f := readFile("x", []byte(data))
				v, errs := layers(f, flags)
				c, err := decode(v)
				if len(f.errs)+len(errs) > 0 || err != nil {
					t.Fatal(f.errs, errs, err)
				}
				return reflect.ValueOf(c).FieldByIndex(k.index).Interface()
			}
			def, fromFile := get(""), get(inFile(k, set[0]))
			t.Setenv(shortEnvName(k.name()), set[1])
			short := get(inFile(k, set[0]))
			t.Setenv(shortEnvName(k.name()), set[0])
			t.Setenv(envName(k.name()), set[1])
			long := get(inFile(k, set[0]))
			if !reflect.DeepEqual(short, long) {
				t.Errorf("by the short variable %v, by the long one %v", short, long)
			}
			if k.kind != structs && (reflect.DeepEqual(def, fromFile) || reflect.DeepEqual(fromFile, long)) {
				t.Errorf("default %v, file %v, environment %v", def, fromFile, long)
			}
			if flagOf(k, NewFlags()) == nil {
				return
			}
			flag := get(inFile(k, set[0]), "--"+flagName(k.name())+"="+set[2])
			if reflect.DeepEqual(flag, long) {
				t.Errorf("environment %v, flag %v", long, flag)
			}
		})
	}
}

func TestNodeName(t *testing.T) {
	for _, c := range []struct {
		name, file, want string
		environ          []string
	}{
		{"from the manifest", "", "node-1", []string{"NODE_NAME=node-1"}},
		{"our variable wins", "", "node-2", []string{"NODE_NAME=node-1", "FLUXTRAIL_KUBE__NODE=node-2"}},
		{"the file wins", "kube: {node: node-3}", "node-3", []string{"NODE_NAME=node-1"}},
		{"none", "", "", []string{"NODE_NAME="}},
	} {
		t.Run(c.name, func(t *testing.T) {
			setenv(t, c.environ...)
			got, err := parse("x", []byte("loki: {enabled: false}\n"+c.file), nil)
			if err != nil || got.Kube.Node != c.want {
				t.Errorf("%q, %v", got.Kube.Node, err)
			}
		})
	}
}

// TestPlaces holds that an error names the place that the value came from.
func TestPlaces(t *testing.T) {
	const file = "loki: {enabled: false}\nlog:\n  level: loud\n"
	for _, c := range []struct{ name, environ, flag, want string }{
		{"file", "", "", `x.yaml:3: log.level: "loud"`},
		{"environment", "FLUXTRAIL_LOG__LEVEL=shrill", "", `FLUXTRAIL_LOG__LEVEL: log.level: "shrill"`},
		{"short variable", "FLUXTRAIL_LOG_LEVEL=shrill", "", `FLUXTRAIL_LOG_LEVEL: log.level: "shrill"`},
		{"flag", "FLUXTRAIL_LOG__LEVEL=shrill", "--log-level=dull", `--log-level: log.level: "dull"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			setenv(t, c.environ)
			flags := NewFlags()
			if err := flags.Parse(strings.Fields(c.flag)); err != nil {
				t.Fatal(err)
			}
			_, err := parse("x.yaml", []byte(file), flags)
			if err == nil || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("%v, want %s…", err, c.want)
			}
		})
	}
}
