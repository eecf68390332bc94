package conformance

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
)

// INVARIANTS checks what holds in every case, while the agent runs and has settled. I1 and I4 are
// the comparison of lines, together with the counters here; I6 is checked by STOP; I9 by each case
// that kills, because what was saved but not delivered would be missing afterwards.
func (w *world) INVARIANTS() {
	w.Helper()
	lost := w.agent.Lost(w.proc.address())
	if got := lost != (Lost{}); got != w.mayLose {
		w.Errorf("I1: the agent says that it lost %+v; losing is expected: %t", lost, w.mayLose)
	}
	if n := w.loki.resends(); n > 0 && !w.mayRepeat {
		w.Errorf("I2: %d entries were sent again", n)
	}
	if text := w.loki.disorder(); text != "" {
		w.Errorf("I3: %s", text)
	}
	w.watchLimits()
	w.openFiles()
}

// openFiles is I7: when all is read, no deleted file is held open.
func (w *world) openFiles() {
	w.Helper()
	var open []string
	w.until("I7: the agent to close files that are gone", func() bool {
		open = w.proc.openIn(w.setup.Logs)
		for _, name := range open {
			if strings.HasSuffix(name, " (deleted)") {
				return false
			}
		}
		return true
	})
	files := 0
	w.check(filepath.WalkDir(w.setup.Logs, func(_ string, d os.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			files++
		}
		return nil
	}))
	const lanes = 2
	if len(open) > lanes*files {
		w.Errorf("I7: %d files are open, %d are there", len(open), files)
	}
}

// watchLimits is I8.
func (w *world) watchLimits() {
	w.Helper()
	if peak := w.proc.peak(); peak > w.maxRSS {
		w.Errorf("I8: the agent took %d MiB", peak>>20)
	}
}

// stateIsWhole is I5, after an end of the agent.
func (w *world) stateIsWhole() {
	w.Helper()
	w.savedIsWhole()
	if !w.oddState && strings.Contains(w.proc.printed(), "cannot use the saved state") {
		w.Errorf("I5: the agent could not use its state:\n%s", w.proc.printed())
	}
}

// savedIsWhole is I5 at any moment, which is that of every look while a case waits.
func (w *world) savedIsWhole() {
	w.Helper()
	if w.oddState {
		return
	}
	files, _ := filepath.Glob(filepath.Join(w.setup.State, "*.json"))
	for _, path := range files {
		text, err := os.ReadFile(path)
		w.check(err)
		if !json.Valid(text) {
			w.Errorf("I5: %s is damaged", filepath.Base(path))
		}
	}
}
