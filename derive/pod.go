package derive

import (
	"cmp"
	"maps"
	"slices"

	"fluxtrail/parse"
)

// Pod is one controller process as its log shows it. Where neither a log's path nor its lines name
// the pod, there is one Pod for each controller. It belongs to its Engine and is saved as JSON.
type Pod struct {
	Controller string `json:"controller,omitzero"`
	Name       string `json:"name,omitzero"`
	PodCounts
	Gaps []Gap `json:"gaps,omitzero"`
	podState

	fresh *ControllerCounts // the same counts since the last TakeCounts, with the controller's other pods
}

// PodCounts are the numbers of what a pod's log contains.
type PodCounts struct {
	Info      int64 `json:"info,omitzero"` // lines, by level
	Error     int64 `json:"error,omitzero"`
	Debug     int64 `json:"debug,omitzero"`
	Other     int64 `json:"other,omitzero"`
	Unparsed  int64 `json:"unparsed,omitzero"` // of all these lines
	Restarts  int64 `json:"restarts,omitzero"` // starts after the first sign of life
	Panics    int64 `json:"panics,omitzero"`
	Throttled int64 `json:"throttled,omitzero"` // messages about client-side throttling
	Leases    int64 `json:"leases,omitzero"`    // leadership won
	Unsent    int64 `json:"unsent,omitzero"`    // notifications that could not be delivered
	Excess    int64 `json:"excess,omitzero"`    // lines about objects beyond Config.MaxObjects
}

// podState is the part of a Pod that only this package reads.
type podState struct {
	Stopped bool           `json:"stopped,omitzero"` // shut down in order
	Worked  bool           `json:"worked,omitzero"`  // it was started, or spoke of an object
	Last    int64          `json:"last,omitzero"`    // time of the latest line
	Turn    int64          `json:"turn,omitzero"`    // time of the latest start or shutdown
	Lines   int64          `json:"lines,omitzero"`
	Pauses  [maxPauses]Gap `json:"pauses,omitzero"` // the latest ones
	Paused  int            `json:"paused,omitzero"` // where in Pauses the next one goes
}

// ControllerCounts are what was counted of one controller's pods.
type ControllerCounts struct {
	Controller string
	Since      int64 // time of its first line, or of the restored state
	PodCounts
}

// maxPods is how many pods there may be. Beyond, pods that only lines name are not told apart.
const maxPods = 5000

// podKey identifies a Pod within an Engine. The name is empty for lines that no pod is named for.
type podKey struct{ controller, name string }

// AddSource announces a log. Records from it then belong to the pod. An empty name says that the
// path does not name the pod: then the records do, or nothing does.
func (e *Engine) AddSource(index int32, name string) {
	for int(index) >= len(e.sources) {
		e.sources = append(e.sources, nil)
	}
	if name != "" {
		e.sources[index] = e.addPod(podKey{parse.ControllerOfPod(name), name})
	}
}

// RemoveSource tells that a log is gone. Its pod is remembered until Forget.
func (e *Engine) RemoveSource(index int32) {
	if int(index) < len(e.sources) {
		e.sources[index] = nil
	}
}

// pod finds the pod that wrote a record.
func (e *Engine) pod(r *parse.Record, at *Place) *Pod {
	switch {
	case int(at.Source) < len(e.sources) && e.sources[at.Source] != nil:
		return e.sources[at.Source]
	case at.Pod != "" && (len(e.pods) < maxPods || e.pods[podKey{parse.ControllerOfPod(at.Pod), at.Pod}] != nil):
		return e.addPod(podKey{parse.ControllerOfPod(at.Pod), at.Pod})
	}
	return e.addPod(podKey{controller: speaker(r)})
}

// speaker is the controller that writes a record, as far as the record tells.
func speaker(r *parse.Record) string {
	switch {
	case r.Kind != "":
		return parse.ControllerOf(r.Kind)
	case r.Logger == "event-server", r.Logger == "receiver-server":
		return "notification-controller"
	case r.About != "":
		return parse.ControllerOf(r.About)
	}
	return ""
}

// addPod finds a pod or begins a new one. Two logs of one name are containers of one pod, or parts
// of one log.
func (e *Engine) addPod(key podKey) *Pod {
	p := e.pods[key]
	if p == nil {
		p = &Pod{Controller: key.controller, Name: e.kept(key.name)}
		e.attachPod(key, p)
	}
	return p
}

// attachPod takes a pod into the engine, a new one or one of a saved state.
func (e *Engine) attachPod(key podKey, p *Pod) {
	e.pods[key] = p
	if p.fresh = e.fresh[key.controller]; p.fresh == nil {
		p.fresh = &ControllerCounts{Controller: key.controller}
		e.fresh[key.controller] = p.fresh
	}
}

// TakeCounts hands over what was counted since the last TakeCounts, by controller. A controller of
// which nothing new was read has zeros.
func (e *Engine) TakeCounts() []ControllerCounts {
	var out []ControllerCounts
	for _, controller := range slices.Sorted(maps.Keys(e.fresh)) {
		if c := e.fresh[controller]; c.Since != 0 || c.PodCounts != (PodCounts{}) {
			out = append(out, *c)
			c.PodCounts = PodCounts{}
		}
	}
	return out
}

// line counts a line and notices pauses.
func (p *Pod) line(r *parse.Record) {
	p.fresh.Since = cmp.Or(p.fresh.Since, r.Time)
	for _, n := range p.counts() {
		n.line(r)
	}
	if p.Last != 0 && r.Time-p.Last >= int64(minGap) {
		p.pause(Gap{p.Last, r.Time})
	}
	p.Last = max(p.Last, r.Time)
	p.Lines++
	p.Worked = p.Worked || r.Object()
}

// counts are the counts that everything is added to.
func (p *Pod) counts() [2]*PodCounts { return [2]*PodCounts{&p.PodCounts, &p.fresh.PodCounts} }

func (n *PodCounts) line(r *parse.Record) {
	switch r.Level {
	case parse.LevelInfo:
		n.Info++
	case parse.LevelError:
		n.Error++
	case parse.LevelDebug, parse.LevelTrace:
		n.Debug++
	default:
		n.Other++
	}
	if r.Bad != parse.BadNone {
		n.Unparsed++
	}
}

// life takes a line that is about the controller, not about an object.
func (p *Pod) life(r *parse.Record) {
	restarted := r.Meaning == parse.Start && p.Worked
	switch r.Meaning {
	case parse.Shutdown:
		p.Stopped, p.Turn = true, r.Time
	case parse.Start:
		p.Stopped, p.Worked, p.Turn = false, true, r.Time
	}
	for _, n := range p.counts() {
		n.life(r, restarted)
	}
}

func (n *PodCounts) life(r *parse.Record, restarted bool) {
	switch {
	case restarted:
		n.Restarts++
	case r.Meaning == parse.LeaseGot:
		n.Leases++
	case r.Meaning == parse.Throttled:
		n.Throttled++
	case r.Meaning == parse.Panicked || (r.Meaning == parse.None && r.Form == parse.FormPanic):
		n.Panics++
	case r.Meaning == parse.NotifyFailed:
		n.Unsent++
	}
}

// excess counts a line about an object for which there is no room.
func (p *Pod) excess() {
	for _, n := range p.counts() {
		n.Excess++
	}
}

// sortedPods are the pods of which a line was read, by controller and name.
func (e *Engine) sortedPods() []*Pod {
	var out []*Pod
	for _, p := range e.pods {
		if p.Lines > 0 {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *Pod) int {
		return cmp.Or(cmp.Compare(a.Controller, b.Controller), cmp.Compare(a.Name, b.Name))
	})
	return out
}
