package config

import (
	"errors"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// validate returns all that makes no sense though every value by itself is well formed; nil or
// Errors.
func validate(c Config) error {
	var all Errors
	for _, section := range []struct {
		key string
		err error
	}{
		{"agent", c.Agent.validate()},
		{"tail", c.Tail.Validate()},
		{"kube", c.Kube.Validate()},
		{"conditions.scrape", c.Conditions.Scrape.Validate()},
		{"leader", c.Leader.Validate()},
		{"loki", c.Loki.validate()},
		{"trail", c.lanes()},
		{"alertmanager", c.Alertmanager.validate()},
		{"webhook", c.Webhook.Validate()},
		{"grafana", c.Grafana.Validate()},
		{"incidents", c.Incidents.Validate()},
		{"redact", c.Redact.validate()},
		{"metrics", c.Metrics.Validate()},
		{"server", c.Server.validate()},
		{"log", c.Log.validate()},
	} {
		all = append(all, under(section.key, section.err)...)
	}
	return append(all, zeros(c, all)...).orNil()
}

// lanes reports what cannot do without the lane that is off.
func (c Config) lanes() error {
	switch {
	case c.Trail.Enabled:
	case !c.Loki.Enabled:
		return errors.New("enabled: is false, as loki.enabled is: nothing would be done with the logs")
	case len(c.Alertmanager.URLs) > 0:
		return errors.New("enabled: is false, and alertmanager.urls needs what it finds out")
	}
	return nil
}

// zeros finds numbers that are zero where packages take that for the default, which is another one.
// Keys about which something was said are left out.
func zeros(c Config, said Errors) (all Errors) {
	v, def := reflect.ValueOf(c), reflect.ValueOf(defaults())
	for _, k := range keys() {
		counts := k.kind == number || k.kind == duration || k.kind == size
		if !counts || k.zero || !v.FieldByIndex(k.index).IsZero() || said.about(k.name()) {
			continue
		}
		if d := def.FieldByIndex(k.index); !d.IsZero() {
			text := "is zero; leave the key out for the default of " + plain(d, k.kind)
			all = append(all, Problem{Key: k.name(), Text: text})
		}
	}
	return all
}

// under makes Problems of the error of a section. Packages begin their errors with the key as their
// own Config has it. What begins with no known key belongs to the section as a whole.
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
		of := func(item key) bool { return k.name()+"."+item.name() == name }
		return within(k.name(), name) || slices.ContainsFunc(k.items, of)
	})
}
