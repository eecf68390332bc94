package replay

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"fluxtrail/derive"
	"fluxtrail/parse"
)

// Filter says what of a replay is reported. It never hides a line from the derivation: causes lie
// outside of what one asks for.
type Filter struct {
	Kinds, Namespaces, Names, Controllers Patterns
	Objects                               []Patterns // each of kind, namespace and name; one that fits is enough
	Since, Until                          Instant
	OnlyFailing                           bool // leaves out objects that are well
}

// Patterns are globs as package path matches them, in any case of letters. A value fits when one of
// them does and none that begins with ! does; where all begin with !, and where there are none,
// every other value fits.
type Patterns []string

func (p Patterns) fits(s string) bool {
	wanted, chosen := false, false
	for _, pattern := range p {
		rest, not := strings.CutPrefix(pattern, "!")
		ok, _ := path.Match(strings.ToLower(rest), strings.ToLower(s))
		if not && ok {
			return false
		}
		wanted = wanted || !not
		chosen = chosen || ok && !not
	}
	return chosen || !wanted
}

// ObjectNamed reads KIND/NAMESPACE/NAME, or KIND/NAME for any namespace, for Filter.Objects. KIND
// may be written short.
func ObjectNamed(s string) (Patterns, bool) {
	parts := strings.Split(s, "/")
	kind := parse.KindNamed(parts[0])
	switch {
	case kind != "" && len(parts) == 3:
		return Patterns{kind, parts[1], parts[2]}, true
	case kind != "" && len(parts) == 2:
		return Patterns{kind, "*", parts[1]}, true
	}
	return nil, false
}

// Kinds are patterns of kinds, in which a kind may be written short.
func Kinds(names []string) Patterns {
	var p Patterns
	for _, name := range names {
		kind := strings.TrimPrefix(name, "!")
		if known := parse.KindNamed(kind); known != "" {
			name = strings.TrimSuffix(name, kind) + known
		}
		p = append(p, name)
	}
	return p
}

// criterion is one kind of filter: the flag that sets it, and what it looks at.
type criterion struct {
	flag     string
	patterns Patterns
	of       func(derive.Ref) string
}

// criteria are the filters that look at one word of an object.
func (f *Filter) criteria() []criterion {
	return []criterion{
		{"kind", f.Kinds, func(r derive.Ref) string { return r.Kind }},
		{"namespace", f.Namespaces, func(r derive.Ref) string { return r.Namespace }},
		{"name", f.Names, func(r derive.Ref) string { return r.Name }},
		{"controller", f.Controllers, func(r derive.Ref) string { return parse.ControllerOf(r.Kind) }},
	}
}

// Validate reports patterns that are malformed, each with its flag.
func (f *Filter) Validate() error {
	var bad []error
	for _, part := range f.criteria() {
		for _, pattern := range part.patterns {
			if _, err := path.Match(strings.TrimPrefix(pattern, "!"), ""); err != nil {
				bad = append(bad, fmt.Errorf("--%s %s: %w", part.flag, pattern, err))
			}
		}
	}
	return errors.Join(bad...)
}

// narrow reports whether the filter asks for some objects only.
func (f *Filter) narrow() bool {
	return len(f.Kinds)+len(f.Namespaces)+len(f.Names)+len(f.Controllers)+len(f.Objects) > 0
}

func (f *Filter) object(r derive.Ref) bool {
	if !f.narrow() {
		return true
	}
	for _, part := range f.criteria() {
		if !part.patterns.fits(part.of(r)) {
			return false
		}
	}
	return f.named(r)
}

// named reports whether the object is one of those that are asked for by their whole names.
func (f *Filter) named(r derive.Ref) bool {
	return len(f.Objects) == 0 || slices.ContainsFunc(f.Objects, func(o Patterns) bool {
		return o[:1].fits(r.Kind) && o[1:2].fits(r.Namespace) && o[2:].fits(r.Name)
	})
}

// incident keeps an incident also for the objects that it affects: the cause of a failing object
// belongs to it.
func (f *Filter) incident(i *derive.Incident) bool {
	return f.object(i.Object) || slices.ContainsFunc(i.Affected, f.object)
}

// status reports whether an object in this state is listed.
func (f *Filter) status(s derive.Status) bool {
	switch s {
	case derive.Failing, derive.Stalled, derive.Silent, derive.Waiting:
		return true
	}
	return !f.OnlyFailing
}

// noMatch says what there is where nothing matches.
func (f *Filter) noMatch(v derive.View) error {
	var asked, have []string
	for _, part := range f.criteria() {
		if len(part.patterns) > 0 {
			asked = append(asked, "--"+part.flag+" "+strings.Join(part.patterns, ","))
			have = append(have, part.flag+"s here: "+some(v, part.of))
		}
	}
	for _, o := range f.Objects {
		asked = append(asked, strings.Join(o, "/"))
	}
	if len(f.Objects) > 0 {
		have = append(have, "objects here: "+some(v, derive.Ref.String))
	}
	return fmt.Errorf("no object matches %s; %s", strings.Join(asked, " "), strings.Join(have, "; "))
}

// some lists different values in order, as many as fit on a line or two.
func some(v derive.View, of func(derive.Ref) string) string {
	const limit = 10
	var all []string
	for i := range v.Objects {
		if value := of(v.Objects[i].Ref); value != "" {
			all = append(all, value)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if len(all) > limit {
		all = append(all[:limit], "…")
	}
	return strings.Join(all, ", ")
}
