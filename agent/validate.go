package agent

import (
	"errors"
	"fmt"
	"slices"
)

// validate reports what no lane saves: an incident that is none, or a line of evidence in a file
// that is not in the table. A state is checked once, when it is restored.
func (s *trailState) validate() error {
	if slices.Contains(s.Ended, nil) {
		return errors.New("an incident that ended is none")
	}
	there := func(file int32) bool { return file >= 0 && int(file) < max(1, len(s.Files)) } // 0 is also none
	incidents := slices.Clone(s.Ended)
	for _, o := range s.Engine.Objects() {
		if o.Shown.Line != 0 && !there(o.Shown.File) {
			return fmt.Errorf("%s: its latest line is in file %d of %d", o.Ref, o.Shown.File, len(s.Files))
		}
		if o.Incident != nil {
			incidents = append(incidents, o.Incident)
		}
	}
	for _, i := range incidents {
		for _, ev := range i.Evidence() {
			if !there(ev.File) {
				return fmt.Errorf("an incident of %s: evidence in file %d of %d", i.Object, ev.File, len(s.Files))
			}
		}
	}
	return nil
}
