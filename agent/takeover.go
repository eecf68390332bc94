package agent

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/parse"
	"fluxtrail/tail"
)

// takeover is what the trail lane does when a controller moves: incidents of its objects go on at
// the node where its log is read now, and end where it was read before. It belongs to the lane's
// goroutine. A nil takeover does nothing.
type takeover struct {
	node    string
	peers   func() *peers
	now     func() time.Time
	checked time.Time
	there   func(log string) bool // the log is on the disk, and not only held open
	changed bool                  // something was taken or given since the last delivery
}

// What is remembered of incidents that were taken over.
const (
	takenFor  = 7 * 24 * time.Hour
	takeEvery = time.Second
)

// took reports whether incidents moved since the last call.
func (m *takeover) took() bool {
	if m == nil {
		return false
	}
	changed := m.changed
	m.changed = false
	return changed
}

// handOver takes over what moved here, and lets go of what moved away.
func (t *trail) handOver() {
	m := t.moves
	if m == nil || m.now().Sub(m.checked) < takeEvery {
		return
	}
	m.checked = m.now()
	t.noteWriters()
	all := m.peers()
	if all == nil {
		return
	}
	reads, spoke := t.readsNow(), t.spoke()
	for _, node := range slices.Sorted(maps.Keys(all.all)) {
		if p := all.all[node]; node != m.node {
			t.takeFrom(all, p, reads, spoke)
		}
	}
	t.letGo(all, reads, spoke)
	maps.DeleteFunc(t.Taken, func(_ string, at time.Time) bool { return m.checked.Sub(at) > takenFor })
}

// noteWriters remembers which controller each pod is whose log is read: the pod may be gone when
// that is asked for.
func (t *trail) noteWriters() {
	if t.Writers == nil {
		t.Writers = map[string]controllerID{}
	}
	for _, src := range t.reads {
		if c, ok := t.writer(src); ok {
			t.Writers[src.Pod] = c
		}
	}
	if len(t.Writers) < maxWriters {
		return
	}
	used := map[string]bool{}
	for _, src := range t.reads {
		used[src.Pod] = true
	}
	for _, o := range t.Engine.Objects() {
		used[o.Pod] = true
	}
	maps.DeleteFunc(t.Writers, func(pod string, _ controllerID) bool { return !used[pod] })
}

// maxWriters is how many pods are remembered before those are forgotten that no object names.
const maxWriters = 256

// writer is the controller of Flux that writes a log.
func (t *trail) writer(src source) (controllerID, bool) {
	name, flux := t.trust.controller(src)
	if src.Pod == "" || name == "" || !flux {
		return controllerID{}, false
	}
	c := controllerID{Namespace: src.Namespace, Name: name}
	if t.trust.pods != nil {
		meta, _ := t.trust.pods(src.Namespace, src.Pod)
		c.Shard = meta.Shard
	}
	return c, true
}

// readsNow are the controllers whose logs are read.
func (t *trail) readsNow() map[controllerID]bool {
	all := map[controllerID]bool{}
	for _, src := range t.reads {
		if c, ok := t.writer(src); ok && t.moves.there(src.Name) {
			all[c] = true
		}
	}
	return all
}

// spoke is when each controller told of an object last.
func (t *trail) spoke() map[controllerID]int64 {
	all := map[controllerID]int64{}
	for _, o := range t.Engine.Objects() {
		if c, ok := t.Writers[o.Pod]; ok {
			all[c] = max(all[c], o.HeardOf())
		}
	}
	return all
}

// owners finds the controller that told of an object. One of which no log told is that of the main
// controller of its kind.
func (t *trail) owners() func(*derive.Object) controllerID {
	mains := map[string]controllerID{}
	for _, pod := range slices.Sorted(maps.Keys(t.Writers)) {
		if c := t.Writers[pod]; c.Shard == "" {
			mains[c.Name] = c
		}
	}
	return func(o *derive.Object) controllerID {
		if c, ok := t.Writers[o.Pod]; ok {
			return c
		}
		return mains[parse.ControllerOf(o.Kind)]
	}
}

// takeFrom goes on with the incidents of a share whose controller is here now.
func (t *trail) takeFrom(all *peers, p peer, reads map[controllerID]bool, spoke map[controllerID]int64) {
	for n := range p.Incidents {
		i := &p.Incidents[n]
		mine, have := t.Taken[i.ID]
		switch {
		case !reads[i.Of] || !p.lost(i.Of, spoke[i.Of], t.moves.checked, all.lease):
		case have && !p.Taken[i.ID].After(mine), all.taken(p, i.ID) && !have:
		default:
			t.take(p.Node, i)
		}
	}
}

func (t *trail) take(from string, i *sharedIncident) {
	incident, err := i.unpack(func(path string) int32 {
		return t.Files.number(tail.Place{File: tail.File{Path: from + ":" + path}}, int32(len(t.Files)))
	})
	if err != nil {
		t.log.Warn("cannot go on with an incident of another node", "from", from, "err", err)
		return
	}
	if t.Taken == nil {
		t.Taken = map[string]time.Time{}
	}
	t.Engine.Adopt(incident)
	if t.Engine.Knows(incident.Object) && len(incident.Evidence()) > 0 {
		pod := incident.Evidence()[len(incident.Evidence())-1].Pod
		if _, known := t.Writers[pod]; !known && pod != "" {
			t.Writers[pod] = i.Of
		}
	}
	t.Taken[i.ID], t.moves.changed = t.moves.checked, true
	t.log.Info("an incident goes on here: its controller moved", "incident", i.ID, "object", incident.Object.String(), "from", from)
}

// letGo forgets the objects of controllers that are elsewhere now. One with an open incident stays
// until the incident was taken over.
func (t *trail) letGo(all *peers, reads map[controllerID]bool, spoke map[controllerID]int64) {
	me := peer{share: &share{Node: t.moves.node, Taken: t.Taken}, seen: t.moves.checked}
	for c, at := range spoke {
		me.Controllers = append(me.Controllers, sharedController{c, reads[c], at})
	}
	var gone []derive.Ref
	owner, moved := t.owners(), map[controllerID]bool{}
	for _, c := range me.Controllers {
		moved[c.controllerID] = all.moved(me, c.controllerID, t.moves.checked)
	}
	for _, o := range t.Engine.Objects() {
		if moved[owner(o)] && (o.Incident == nil || all.taken(me, derive.IncidentID(o.Incident))) {
			gone = append(gone, o.Ref)
		}
	}
	if len(gone) == 0 {
		return
	}
	t.Engine.HandOver(gone, t.Engine.Now())
	t.moves.changed = true
	t.log.Info("a controller moved to another node: what was known of its objects is forgotten here", "objects", len(gone))
}

// shareState is what others may go on with. It is made when the state is saved.
func (t *trail) shareState(v derive.View, alerts []rules.Live, objects int) *share {
	s := &share{Node: t.moves.node, At: derive.Instant(v.At), Objects: objects, Taken: maps.Clone(t.Taken)}
	reads, spoke := t.readsNow(), t.spoke()
	for c := range reads {
		spoke[c] = max(spoke[c], 0) // also one that told of nothing yet
	}
	for _, c := range slices.SortedFunc(maps.Keys(spoke), controllerID.compare) {
		s.Controllers = append(s.Controllers, sharedController{c, reads[c], spoke[c]})
	}
	owner, find := map[derive.Ref]controllerID{}, t.owners()
	for _, o := range t.Engine.Objects() {
		owner[o.Ref] = find(o)
	}
	for i := range alerts {
		l := &alerts[i]
		ref := derive.Ref{Kind: l.Labels["kind"], Namespace: l.Labels["exported_namespace"], Name: l.Labels["name"]}
		s.Alerts = append(s.Alerts, sharedAlert{*l, owner[ref]})
	}
	for _, i := range v.Open {
		text, err := json.Marshal(i)
		if err != nil { // has no values that JSON does not know
			continue
		}
		one := sharedIncident{ID: derive.IncidentID(i), Of: owner[i.Object], Incident: text, Files: map[int32]string{}}
		for _, ev := range i.Evidence() {
			one.Files[ev.File] = t.Files.path(ev.File)
		}
		s.Incidents = append(s.Incidents, one)
	}
	return s
}

func (c controllerID) compare(o controllerID) int {
	return slices.Compare([]string{c.Namespace, c.Name, c.Shard}, []string{o.Namespace, o.Name, o.Shard})
}
