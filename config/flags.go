package config

import (
	"errors"
	"reflect"
	"strings"
	"sync"

	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// Section is the annotation of a flag that holds the section of its key.
const Section = "fluxtrail_section"

// NewFlags makes command line flags for what can be set, to be parsed and then handed to Load:
// --loki-url for loki.url, --state-dir for agent.state_dir. Lists of entries have none, nor have
// secrets, because everybody can see the command lines of all processes.
func NewFlags() *pflag.FlagSet {
	about, usual := exampleComments(), reflect.ValueOf(defaults())
	flags := pflag.NewFlagSet("configuration", pflag.ContinueOnError)
	for _, k := range keys() {
		usage := about[k.name()] + " (" + k.name() + defaultOf(k, usual.FieldByIndex(k.index)) + ")"
		switch k.kind {
		case structs, secret:
		case texts:
			flags.StringSlice(flagName(k.name()), nil, usage)
		case boolean:
			flags.VarPF(&setting{key: k}, flagName(k.name()), "", usage).NoOptDefVal = "true"
		default:
			flags.Var(&setting{key: k}, flagName(k.name()), usage)
		}
		_ = flags.SetAnnotation(flagName(k.name()), Section, k.path[:1]) // fails for those without a flag
	}
	return flags
}

// defaultOf is what the help says of a default, "" where it is none or goes without saying.
func defaultOf(k key, v reflect.Value) string {
	switch {
	case v.IsZero() || k.kind >= texts:
		return ""
	case k.kind == text:
		return ", default " + v.String()
	}
	return ", default " + plain(v, k.kind)
}

func flagName(key string) string {
	return strings.NewReplacer(".", "-", "_", "-").Replace(strings.TrimPrefix(key, "agent."))
}

// setting is the value of a flag: a text that its key can read.
type setting struct {
	key  key
	text string
}

// String is the text that was given.
func (s *setting) String() string { return s.text }

// Type is how the help calls the value.
func (s *setting) Type() string { return kinds[s.key.kind].hint }

// Set takes a text that is what the key wants.
func (s *setting) Set(text string) error {
	if _, wrong := s.key.parse(text); len(wrong) > 0 {
		return errors.New(wrong[0].Text)
	}
	s.text = text
	return nil
}

// exampleComments are the first sentences of what the example says above each key, without the
// period. Each start of the program makes the flags of several commands of them.
var exampleComments = sync.OnceValue(func() map[string]string {
	about := map[string]string{}
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(Example), &doc); err != nil {
		return about // TestExample shows that it can be read
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
})

// uncapital begins a sentence with a small letter, unless its first word is an acronym.
func uncapital(s string) string {
	if len(s) < 2 || s[1] < 'a' && s[1] != ' ' {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

// FromEnvironment sets flags that were not given on the command line from the environment, each
// from prefix, an underscore and its name in capitals: FLUXTRAIL_REPLAY_OUT_DIR for --out-dir. The
// error names the variable. A variable with the prefix that belongs to no flag is an error, too.
func FromEnvironment(flags *pflag.FlagSet, prefix string, environ []string) error {
	variables, names, errs := map[string]*pflag.Flag{}, []string{}, Errors{}
	flags.VisitAll(func(f *pflag.Flag) {
		name := prefix + "_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		variables[name], names = f, append(names, name)
	})
	values := environment(names)
	for name, f := range variables {
		if value := values(name); value != "" && !f.Changed {
			if err := flags.Set(f.Name, value); err != nil {
				errs = append(errs, Problem{Env: name, Text: err.Error()})
			}
		}
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, prefix+"_") && variables[name] == nil && value != "" {
			errs = append(errs, Problem{Env: shownName(name), Text: unknown("flag of the command", name, names)})
		}
	}
	errs.sort()
	return errs.orNil()
}
