package report

import (
	"cmp"
	"iter"
	"slices"
)

// each makes a nil sequence an empty one.
func each[T any](seq iter.Seq[T]) iter.Seq[T] {
	if seq == nil {
		return func(func(T) bool) {}
	}
	return seq
}

// incidentGroup is an incident that has no cause among the others, with those that happened because of it.
type incidentGroup struct {
	Incident
	Because []Incident // by opening
}

// quiet returns the affected objects that only waited: those without an incident of their own in the group.
func (g *incidentGroup) quiet() []Ref {
	var out []Ref
	for _, a := range g.Affected {
		if !slices.ContainsFunc(g.Because, func(i Incident) bool { return i.Ref == a }) {
			out = append(out, a)
		}
	}
	return out
}

// incidentGroups returns the most urgent groups, at most limit of them (all for a negative limit), and how many there
// are. Memory is bounded by the limit plus a few words per incident, because incidents may be many.
func incidentGroups(seq iter.Seq[Incident], limit int) (groups []incidentGroup, total int) {
	seq = each(seq)
	heads := headIndex(seq)
	for i := range seq {
		if heads.of(&i) != "" {
			continue
		}
		total++
		groups = append(groups, incidentGroup{Incident: i})
		if limit >= 0 && len(groups) > 2*limit+64 {
			groups = firstGroups(groups, limit)
		}
	}
	groups = firstGroups(groups, limit)
	at := make(map[string]int, len(groups))
	for n := range groups {
		at[groups[n].ID] = n
	}
	for i := range seq {
		if n, ok := at[heads.of(&i)]; ok {
			groups[n].Because = append(groups[n].Because, i)
		}
	}
	return groups, total
}

// firstGroups sorts by urgency and cuts: open ones by age, then the others from the newest back.
func firstGroups(groups []incidentGroup, limit int) []incidentGroup {
	slices.SortFunc(groups, func(a, b incidentGroup) int {
		openA, openB := isOpen(&a.Incident), isOpen(&b.Incident)
		switch {
		case openA && openB:
			return cmp.Or(a.OpenedAt.Compare(b.OpenedAt.Time), compareRef(a.Ref, b.Ref))
		case openA != openB && openA:
			return -1
		case openA != openB:
			return 1
		}
		return cmp.Or(b.OpenedAt.Compare(a.OpenedAt.Time), compareRef(a.Ref, b.Ref))
	})
	if limit >= 0 && len(groups) > limit {
		clear(groups[limit:])
		groups = groups[:limit]
	}
	return groups
}

// heads knows, per object, when its incidents without a cause lasted.
type heads map[Ref][]headSpan

type headSpan struct {
	from, to int64 // milliseconds
	id       string
}

func headIndex(seq iter.Seq[Incident]) heads {
	h := heads{}
	for i := range seq {
		if i.RootCause == nil || *i.RootCause == i.Ref {
			h[i.Ref] = append(h[i.Ref], headSpan{i.OpenedAt.UnixMilli(), endOf(&i), i.ID})
		}
	}
	return h
}

// endOf is when an incident ended, or the end of time for an open one.
func endOf(i *Incident) int64 {
	if i.ResolvedAt.IsZero() {
		return 1<<63 - 1
	}
	return i.ResolvedAt.UnixMilli()
}

// of returns the id of the incident that i belongs under: one of its root cause at the same time. It is empty when i
// stands for itself.
func (h heads) of(i *Incident) string {
	if i.RootCause == nil || *i.RootCause == i.Ref {
		return ""
	}
	from, to := i.OpenedAt.UnixMilli(), endOf(i)
	spans := h[*i.RootCause]
	for n := len(spans) - 1; n >= 0; n-- {
		if spans[n].from <= to && from <= spans[n].to {
			return spans[n].id
		}
	}
	return ""
}
