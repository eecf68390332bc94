package derive

import (
	"errors"
	"fmt"
	"slices"
)

// validate reports what no engine saves, as a list with nothing in a place. It is checked once,
// when it is restored; nothing behind that has to expect it to be wrong.
func (s *state) validate() error {
	for i, o := range s.Objects {
		if o.Object == nil {
			return fmt.Errorf("object %d is none", i)
		}
		if err := errors.Join(o.validate(), o.Known.validate()); err != nil {
			return fmt.Errorf("%s: %w", o.Ref, err)
		}
	}
	for i, g := range s.Errors {
		if g == nil || g.ErrorGroup == nil || g.Count < 0 {
			return fmt.Errorf("error %d is none, or came less than never", i)
		}
	}
	for i, p := range s.Pods {
		if p == nil || p.Paused < 0 || p.Lines < 0 || p.PodCounts.least() < 0 {
			return fmt.Errorf("pod %d is none, has its pauses nowhere, or counts below zero", i)
		}
	}
	return nil
}

func (o *Object) validate() error {
	switch {
	case o.Status > Deleted || o.Pending.Status > Deleted:
		return fmt.Errorf("status %d", max(o.Status, o.Pending.Status))
	case o.Current.Outcome > canceled || o.Previous.Outcome > canceled:
		return fmt.Errorf("outcome %d", max(o.Current.Outcome, o.Previous.Outcome))
	case o.NextRev < 0:
		return fmt.Errorf("revision %d", o.NextRev)
	case o.Incident != nil && o.Incident.Object != o.Ref:
		return fmt.Errorf("has the incident of %s", o.Incident.Object)
	case o.Incident != nil && min(o.Incident.Attempts, o.Incident.Flaps) < 0:
		return errors.New("its incident counts below zero")
	case min(o.Counts.Succeeded, o.Counts.Failed, o.Counts.Waiting, o.Counts.Stalled, o.Counts.Other, o.Broken, o.Cuts.N) < 0:
		return errors.New("it counts below zero")
	}
	return nil
}

func (n *PodCounts) least() int64 {
	return min(n.Info, n.Error, n.Debug, n.Other, n.Unparsed, n.Restarts, n.Panics, n.Throttled, n.Leases, n.Unsent, n.Excess)
}

func (s *savedKnown) validate() error {
	if s == nil {
		return nil
	}
	positions := []int{s.Families, s.Spec, s.Event, s.Gone, s.Paused}
	if slices.Contains(s.Seen, nil) || slices.Min(positions) < 0 || slices.Max(positions) > len(s.Seen) {
		return fmt.Errorf("an observation is missing: %d are there, %v are named", len(s.Seen), positions)
	}
	return nil
}
