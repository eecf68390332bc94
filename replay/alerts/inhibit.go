package alerts

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/prometheus/alertmanager/pkg/labels"
	"go.yaml.in/yaml/v3"

	"fluxtrail/api"
)

// Inhibit is an inhibit rule of Alertmanager: while an alert that source matches fires, those that
// target matches are not told if both have the same values of the labels in equal.
type Inhibit struct {
	source, target []*labels.Matcher
	equal          []string
}

// LoadInhibit reads the inhibit rules of an Alertmanager configuration.
func LoadInhibit(path string) ([]Inhibit, error) {
	content, err := readFile(path)
	if err != nil {
		return nil, err
	}
	return readInhibit(path, content)
}

// readInhibit is LoadInhibit of content that is at hand.
func readInhibit(name string, content []byte) ([]Inhibit, error) {
	var doc struct {
		Rules []struct {
			SourceMatchers []string          `yaml:"source_matchers"`
			TargetMatchers []string          `yaml:"target_matchers"`
			SourceMatch    map[string]string `yaml:"source_match"`
			TargetMatch    map[string]string `yaml:"target_match"`
			Equal          []string          `yaml:"equal"`
		} `yaml:"inhibit_rules"`
	}
	if err := yaml.Unmarshal(content, &doc); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []Inhibit
	var errs []error
	for i, r := range doc.Rules {
		source, err1 := matchers(r.SourceMatchers, r.SourceMatch)
		target, err2 := matchers(r.TargetMatchers, r.TargetMatch)
		if err := errors.Join(err1, err2); err != nil {
			errs = append(errs, fmt.Errorf("%s: inhibit_rules[%d]: %w", name, i, err))
		}
		all = append(all, Inhibit{source, target, r.Equal})
	}
	return all, errors.Join(errs...)
}

func matchers(texts []string, equal map[string]string) (all []*labels.Matcher, err error) {
	for _, text := range texts {
		ms, err := labels.ParseMatchers(text)
		if err != nil {
			return nil, err
		}
		all = append(all, ms...)
	}
	for name, value := range equal {
		m, err := labels.NewMatcher(labels.MatchEqual, name, value)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

// inhibit says of each alert that fired when it was told, and by which others it was held back
// before.
func inhibit(all []api.Alert, rules []Inhibit, end api.Time) {
	var firing []*api.Alert
	for i := range all {
		if !all[i].FiredAt.IsZero() {
			firing = append(firing, &all[i])
		}
	}
	sources := make([][]*api.Alert, len(rules))
	for i := range rules {
		for _, a := range firing {
			if fits(rules[i].source, a) {
				sources[i] = append(sources[i], a)
			}
		}
	}
	for _, a := range firing {
		a.InhibitedBy, a.NotifiedAt = told(a, rules, sources, end)
	}
}

// told is the first moment at which nothing inhibits an alert, zero for none, and what did before.
func told(a *api.Alert, rules []Inhibit, sources [][]*api.Alert, end api.Time) (by []string, at api.Time) {
	at = a.FiredAt
	last := a.ResolvedAt
	if last.IsZero() {
		last = end
	}
	for {
		s := inhibitor(a, rules, sources, at)
		if s == nil {
			return by, at
		}
		if name := nameWithLabels(s); !slices.Contains(by, name) {
			by = append(by, name)
		}
		if s.ResolvedAt.IsZero() || !s.ResolvedAt.Before(last.Time) {
			return by, api.Time{}
		}
		at = s.ResolvedAt
	}
}

// inhibitor is an alert that fires at a moment and inhibits another, nil for none. What matches
// both sides of a rule does not inhibit what does so, too.
func inhibitor(a *api.Alert, rules []Inhibit, sources [][]*api.Alert, at api.Time) *api.Alert {
	for i := range rules {
		if !fits(rules[i].target, a) {
			continue
		}
		both := fits(rules[i].source, a)
		for _, s := range sources[i] {
			fires := !s.FiredAt.After(at.Time) && (s.ResolvedAt.IsZero() || s.ResolvedAt.After(at.Time))
			if s != a && fires && !(both && fits(rules[i].target, s)) && rules[i].alike(s, a) {
				return s
			}
		}
	}
	return nil
}

func (r *Inhibit) alike(a, b *api.Alert) bool {
	return !slices.ContainsFunc(r.equal, func(name string) bool { return a.Labels[name] != b.Labels[name] })
}

func fits(by []*labels.Matcher, a *api.Alert) bool {
	return !slices.ContainsFunc(by, func(m *labels.Matcher) bool { return !m.Matches(a.Labels[m.Name]) })
}

// nameWithLabels is an alert's name, and its object if it has one.
func nameWithLabels(a *api.Alert) string {
	if ref, ok := objectOf(a); ok {
		return a.Name + " " + strings.TrimSuffix(ref.String(), "/")
	}
	return a.Name
}
