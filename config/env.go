package config

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

// prefix begins the names of environment variables. Two underscores part the elements of a key, as one is part of
// names; where that is clear without it, one is enough. A variable without two underscores that is none of ours is let
// be: Kubernetes sets FLUXTRAIL_SERVICE_HOST and the like for a Service called fluxtrail.
const (
	prefix    = "FLUXTRAIL_"
	separator = "__"
)

// EnvName is the environment variable of a key: FLUXTRAIL_TAIL__POLL for tail.poll.
func EnvName(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", separator))
}

// shortEnvName is the variable with single underscores: FLUXTRAIL_TAIL_POLL for tail.poll.
func shortEnvName(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "_"))
}

// env is what the environment sets: values by key.
type env struct {
	values map[string]any
	errs   Errors
}

// readEnv looks for our variables among "NAME=value" pairs. An empty variable sets nothing. The long form of a name wins
// over the short one.
func readEnv(environ []string) *env {
	e := &env{values: map[string]any{}}
	byName, short := map[string]key{}, map[string]key{}
	var names []string
	for _, k := range keys() {
		name := EnvName(k.name())
		byName[name], short[shortEnvName(k.name())] = k, k
		names = append(names, name)
	}
	e.read(environ, short, nil)
	e.read(environ, byName, names)
	return e
}

// read takes the variables that are known. With names, one that looks like ours and is not among them is an error.
func (e *env) read(environ []string, known map[string]key, names []string) {
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(name, prefix)
		if !ours || value == "" {
			continue
		}
		switch k, ok := known[name]; {
		case ok:
			e.set(name, value, k)
		case names != nil && strings.Contains(rest, separator):
			e.wrong(shownName(name), "", unknown(name, names))
		}
	}
}

func (e *env) wrong(name, key, text string) {
	e.errs = append(e.errs, Problem{Env: name, Key: key, Text: text})
}

// set reads the text of a variable as its key wants it.
func (e *env) set(name, value string, k key) {
	if k.kind >= texts {
		e.list(name, value, k)
		return
	}
	v, err := k.kind.scalar(value)
	if err != nil {
		e.wrong(name, k.name(), k.kind.not(harmless(value)))
		return
	}
	e.values[k.name()] = v
}

// list reads a list as YAML has it on one line, ["a", "b"]; a list of texts may also be parted by commas, without brackets.
func (e *env) list(name, value string, k key) {
	if k.kind == texts && !strings.HasPrefix(strings.TrimSpace(value), "[") {
		list := []string{}
		for item := range strings.SplitSeq(value, ",") {
			list = append(list, strings.TrimSpace(item))
		}
		e.values[k.name()] = list
		return
	}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(value), &doc); err != nil || len(doc.Content) == 0 {
		e.wrong(name, k.name(), k.kind.not(harmless(value)))
		return
	}
	in := &file{values: map[string]any{}, lines: map[string]int{}}
	v, ok := in.value(doc.Content[0], k.name(), &k)
	for _, p := range in.errs {
		e.wrong(name, p.Key, p.Text)
	}
	if ok {
		e.values[k.name()] = v
	}
}
