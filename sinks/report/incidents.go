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

// incidentGroups returns the most urgent groups, at most limit of them (all for a negative limit), and how many there are. There may be very
// many incidents: the first walk keeps a few words of each, the second one keeps those that are shown.
func incidentGroups(seq iter.Seq[Incident], limit int) (groups []incidentGroup, total int) {
	all := briefs(seq)
	var first []*brief
	for i := range all {
		if all[i].head != nil {
			continue
		}
		total++
		first = append(first, &all[i])
		if limit >= 0 && len(first) > 2*limit+64 {
			first = mostUrgent(first, limit)
		}
	}
	first = mostUrgent(first, limit)
	at := make(map[*brief]int, len(first))
	for n, b := range first {
		at[b] = n
	}
	groups = make([]incidentGroup, len(first))
	next := 0
	for i := range each(seq) {
		b := &all[next]
		next++
		if n, ok := at[b]; ok {
			groups[n].Incident = i
		} else if n, ok := at[b.head]; ok {
			groups[n].Because = append(groups[n].Because, i)
		}
	}
	return groups, total
}

// brief is what grouping needs of an incident.
type brief struct {
	ref, root Ref
	from, to  int64 // milliseconds; to is the end of time for an open one
	head      *brief
}

// briefs walks over all incidents and finds for each the one that it belongs under: one of its root cause at the same time. An incident
// without such a head stands for itself.
func briefs(seq iter.Seq[Incident]) []brief {
	var all []brief
	causes := map[Ref][]*brief{}
	for i := range each(seq) {
		b := brief{ref: i.Ref, from: i.OpenedAt.UnixMilli(), to: endOf(&i)}
		if i.RootCause != nil && *i.RootCause != i.Ref {
			b.root = *i.RootCause
			causes[b.root] = nil
		}
		all = append(all, b)
	}
	for i := range all {
		if b := &all[i]; b.root == (Ref{}) {
			if list, ok := causes[b.ref]; ok {
				causes[b.ref] = append(list, b)
			}
		}
	}
	for i := range all {
		all[i].head = all[i].under(causes[all[i].root])
	}
	return all
}

// under is the latest of the candidates that lasted at the same time as b, nil for none.
func (b *brief) under(candidates []*brief) *brief {
	for n := len(candidates) - 1; n >= 0 && b.root != (Ref{}); n-- {
		if c := candidates[n]; c.from <= b.to && b.from <= c.to {
			return c
		}
	}
	return nil
}

// mostUrgent sorts by urgency and cuts: open ones by age, then the others from the newest back.
func mostUrgent(list []*brief, limit int) []*brief {
	slices.SortFunc(list, func(a, b *brief) int {
		switch openA, openB := a.to == forever, b.to == forever; {
		case openA && openB:
			return cmp.Or(cmp.Compare(a.from, b.from), compareRef(a.ref, b.ref))
		case openA != openB && openA:
			return -1
		case openA != openB:
			return 1
		}
		return cmp.Or(cmp.Compare(b.from, a.from), compareRef(a.ref, b.ref))
	})
	if limit >= 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

const forever = 1<<63 - 1

// endOf is when an incident ended, or the end of time for an open one.
func endOf(i *Incident) int64 {
	if isOpen(i) {
		return forever
	}
	return i.ResolvedAt.UnixMilli()
}
