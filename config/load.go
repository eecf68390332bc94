package config

import (
	"os"
	"reflect"
	"slices"
	"strings"

	"fluxtrail/agent"

	"github.com/go-viper/mapstructure/v2"
	"github.com/spf13/viper"
)

// nodeName is the variable that a pod's manifest fills with spec.nodeName.
const nodeName = "NODE_NAME"

// Load reads the file at path, none if it is empty, and the environment, a list of "NAME=value" as os.Environ gives.
// Flags win over the environment, the environment over the file, the file over the defaults; flags may be nil. The error
// is Errors with everything that is wrong, or what kept the file from being read.
func Load(path string, environ []string, flags *Flags) (agent.Config, error) {
	var data []byte
	if path != "" {
		var err error
		if data, err = os.ReadFile(path); err != nil {
			return agent.Config{}, err
		}
	}
	return parse(path, data, environ, flags)
}

// parse is Load without the disk.
func parse(name string, data []byte, environ []string, flags *Flags) (agent.Config, error) {
	f, e := readFile(name, data), readEnv(environ)
	c, err := merge(f.values, e.values, flags.values())
	if err != nil {
		return agent.Config{}, err
	}
	if c.Kube.Node == "" {
		c.Kube.Node = lookup(environ, nodeName)
	}
	all := append(f.errs, e.errs...)
	if !f.errs.about("") { // of a file that is no configuration at all, the rest would only be noise
		all = append(all, invalid(c, f, e, flags, all)...)
	}
	if all.sort(); len(all) > 0 {
		return agent.Config{}, all
	}
	return c, nil
}

// invalid is what makes no sense in a Config that could be read, without what follows from errors before.
func invalid(c agent.Config, f *file, e *env, flags *Flags, before Errors) (all Errors) {
	found, _ := validate(c).(Errors)
	for _, p := range found {
		if !before.about(p.Key) {
			all = append(all, placed(p, f, e, flags))
		}
	}
	return all
}

// placed says where the value stands that a problem is about. What is missing has only a file.
func placed(p Problem, f *file, e *env, flags *Flags) Problem {
	for name := range flags.values() {
		if within(p.Key, name) {
			p.Env = "--" + flagName(name)
			return p
		}
	}
	for name := range e.values {
		if within(p.Key, name) {
			p.Env = EnvName(name)
			return p
		}
	}
	p.File, p.Line = f.name, f.line(p.Key)
	return p
}

func lookup(environ []string, name string) string {
	for _, pair := range slices.Backward(environ) {
		if value, ok := strings.CutPrefix(pair, name+"="); ok {
			return value
		}
	}
	return ""
}

// merge lays flags over environment over file over defaults. Everything was checked against the keys before: the values have the types that the
// fields want, so the decoder converts nothing, and a key that it does not know is a mistake of this package.
//
// viper writes all keys in lower case and parts them at a delimiter. Ours are in lower case, none holds "::", and no text of the user is
// ever a key: what the user names stands in lists of entries.
func merge(file, env, flags map[string]any) (agent.Config, error) {
	const delimiter = "::"
	v := viper.NewWithOptions(viper.KeyDelimiter(delimiter))
	def := reflect.ValueOf(agent.DefaultConfig())
	for _, k := range keys() {
		v.SetDefault(strings.Join(k.path, delimiter), def.FieldByIndex(k.index).Interface())
	}
	for _, layer := range []map[string]any{file, env} {
		nested := map[string]any{}
		for name, value := range layer {
			put(nested, strings.Split(name, "."), value)
		}
		if err := v.MergeConfigMap(nested); err != nil {
			return agent.Config{}, err
		}
	}
	for name, value := range flags {
		v.Set(strings.ReplaceAll(name, ".", delimiter), value)
	}
	var c agent.Config
	err := v.UnmarshalExact(&c, func(d *mapstructure.DecoderConfig) {
		d.WeaklyTypedInput, d.DecodeHook, d.Squash = false, nil, true
		d.MatchName = func(key, field string) bool { return key == snake(field) }
	})
	return c, err
}

func put(in map[string]any, path []string, value any) {
	for _, name := range path[:len(path)-1] {
		below, ok := in[name].(map[string]any)
		if !ok {
			below = map[string]any{}
			in[name] = below
		}
		in = below
	}
	in[path[len(path)-1]] = value
}
