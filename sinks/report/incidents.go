package report

import (
	"cmp"
	"iter"
	"slices"

	"fluxtrail/api"
)

// each makes a nil sequence an empty one.
func each[T any](seq iter.Seq[T]) iter.Seq[T] {
	if seq == nil {
		return func(func(T) bool) {}
	}
	return seq
}

// incidentGroup is an incident that has no cause among the others, with those that happened because
// of it.
type incidentGroup struct {
	api.Incident
	Because []api.Incident // by opening
}

// waited returns the affected objects that only waited: those without an incident of their own in
// the group.
func (g *incidentGroup) waited() []api.Ref {
	var out []api.Ref
	for _, a := range g.Affected {
		if !slices.ContainsFunc(g.Because, func(i api.Incident) bool { return i.Ref == a }) {
			out = append(out, a)
		}
	}
	return out
}

// incidentGroups returns the most urgent groups, at most limit of them (all for a negative limit),
// and how many there are. There may be very many incidents: the first walk keeps a few words of
// each, the second one keeps those that are shown.
func incidentGroups(r *api.Report, limit int) (groups []incidentGroup, total int) {
	all := briefs(r.Incidents, r.Totals.Incidents)
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
	for i := range each(r.Incidents) {
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

// brief is what grouping needs of an incident. Objects are numbers: there may be a million
// incidents of a few objects.
type brief struct {
	ref, root uint32 // root is 0 for none
	from, to  int64  // milliseconds; to is the end of time for an open one
	head      *brief
}

// briefs walks over all incidents and finds for each the one that it belongs under: one of its root
// cause at the same time. An incident without such a head stands for itself.
func briefs(seq iter.Seq[api.Incident], n int64) []brief {
	all := make([]brief, 0, n)
	numbers := map[api.Ref]uint32{{}: 0}
	number := func(r api.Ref) uint32 {
		if _, ok := numbers[r]; !ok {
			numbers[r] = uint32(len(numbers))
		}
		return numbers[r]
	}
	causes := map[uint32][]*brief{}
	for i := range each(seq) {
		b := brief{ref: number(i.Ref), from: i.OpenedAt.UnixMilli(), to: endOf(&i)}
		if i.RootCause != nil && *i.RootCause != i.Ref {
			b.root = number(*i.RootCause)
			causes[b.root] = nil
		}
		all = append(all, b)
	}
	for i := range all {
		if list, ok := causes[all[i].ref]; ok && all[i].root == 0 {
			causes[all[i].ref] = append(list, &all[i])
		}
	}
	for i := range all {
		if b := &all[i]; b.root != 0 {
			b.head = b.under(causes[b.root])
		}
	}
	return all
}

// under is the latest of the candidates that lasted at the same time as b, nil for none.
func (b *brief) under(candidates []*brief) *brief {
	for n := len(candidates) - 1; n >= 0; n-- {
		if c := candidates[n]; c.from <= b.to && b.from <= c.to {
			return c
		}
	}
	return nil
}

// mostUrgent sorts by urgency and cuts: open ones by age, then the others from the newest back.
// Incidents come by opening, then object, so a stable sort leaves equals in the order of their
// objects.
func mostUrgent(list []*brief, limit int) []*brief {
	slices.SortStableFunc(list, func(a, b *brief) int {
		switch openA, openB := a.to == forever, b.to == forever; {
		case openA && openB:
			return cmp.Compare(a.from, b.from)
		case openA != openB && openA:
			return -1
		case openA != openB:
			return 1
		}
		return cmp.Compare(b.from, a.from)
	})
	if limit >= 0 && len(list) > limit {
		list = list[:limit]
	}
	return list
}

const forever = 1<<63 - 1

// endOf is when an incident ended, or the end of time for an open one.
func endOf(i *api.Incident) int64 {
	if isOpen(i) {
		return forever
	}
	return i.ResolvedAt.UnixMilli()
}
