package config

import (
	"fmt"
	"strings"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Flags are command line flags for what can be set: --loki-url for loki.url, --state-dir for agent.state_dir. Lists of
// entries have none.
type Flags struct {
	Set  *pflag.FlagSet
	list []*setting
}

// setting is the value of one of them. It reads its text as the environment's is read.
type setting struct {
	key   key
	text  string
	value any
}

// NewFlags makes the flags. They hold nothing before a command line was parsed with Set.
func NewFlags() *Flags {
	about := exampleComments()
	f := &Flags{Set: pflag.NewFlagSet("configuration", pflag.ContinueOnError)}
	for _, k := range keys() {
		if k.kind == structs || k.kind == secret { // a secret on a command line is none: everybody sees it in the list of processes
			continue
		}
		one := &setting{key: k}
		f.list = append(f.list, one)
		added := f.Set.VarPF(one, flagName(k.name()), "", about[k.name()]+" ("+k.name()+")")
		if k.kind == boolean {
			added.NoOptDefVal = "true"
		}
	}
	return f
}

// exampleComments are the first sentences of what the example says above each key, without the period.
func exampleComments() map[string]string {
	about := map[string]string{}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(Example), &doc); err != nil {
		return about // TestExample holds that it can be read
	}
	var walk func(n *yaml.Node, path string)
	walk = func(n *yaml.Node, path string) {
		for i := 0; n.Kind == yaml.MappingNode && i+1 < len(n.Content); i += 2 {
			name, value := n.Content[i], n.Content[i+1]
			text := strings.Join(strings.Fields(strings.ReplaceAll(name.HeadComment, "#", "")), " ")
			sentence, _, _ := strings.Cut(text, ". ")
			about[path+name.Value] = uncapital(strings.TrimSuffix(sentence, "."))
			walk(value, path+name.Value+".")
		}
	}
	walk(doc.Content[0], "")
	return about
}

// uncapital begins a sentence with a small letter, unless its first word is an acronym.
func uncapital(s string) string {
	if len(s) < 2 || s[1] < 'a' && s[1] != ' ' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func flagName(key string) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(strings.TrimPrefix(key, "agent."))
}

// values are those that were given, by key.
func (f *Flags) values() map[string]any {
	given := map[string]any{}
	if f == nil {
		return given
	}
	for _, one := range f.list {
		if one.value != nil {
			given[one.key.name()] = one.value
		}
	}
	return given
}

// String is the text that was given.
func (f *setting) String() string { return f.text }

// Set reads a text.
func (f *setting) Set(text string) error {
	e := &env{values: map[string]any{}}
	e.set("", text, f.key)
	if len(e.errs) > 0 {
		return fmt.Errorf("%s", e.errs[0].Text)
	}
	f.text, f.value = text, e.values[f.key.name()]
	return nil
}

// Type is what stands behind the flag in the help.
func (f *setting) Type() string {
	return [...]string{text: "text", secret: "text", boolean: "", number: "number", duration: "duration", size: "size", texts: "list", structs: ""}[f.key.kind]
}
