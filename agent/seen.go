package agent

import (
	"io"
	"time"

	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// seenEvery is how often a lane that delivers nothing for long saves which files it found.
const seenEvery = 10 * time.Second

// saveSeen saves the last marks and state again, with the files that were found since: those that
// are held open are lost with the process, and only what is saved of them can be counted at the
// next start. It does so now and then, and at the end.
func (l *lane) saveSeen(last bool) {
	now, given := l.now(), l.saving.marks
	wait := max(seenEvery, time.Duration(l.saving.size)*time.Second/diskRate)
	if l.cfg.file == nil || !last && now.Sub(l.saving.seen) < wait {
		return
	}
	if given.Version == 0 && l.cfg.tail.From == tail.FromEnd {
		return // what was passed over would be read
	}
	l.saving.seen = now
	marks, found := l.input.follow.Seen(given)
	if found == l.saving.found {
		return
	}
	var size int64
	err := meanwhile(min(l.cfg.poll, watchEvery), l.lookAside, func() (err error) {
		size, err = saveAgain(l.cfg.file, marks)
		return err
	})
	if l.saved(err); err == nil {
		l.saving.size, l.saving.found = size, found
	}
}

// saveAgain replaces the marks in a file, and leaves the state as it is.
func saveAgain(file *checkpoint.File, marks tail.Marks) (size int64, err error) {
	_, state, err := tail.LoadState(file)
	if err != nil {
		return 0, err
	}
	var write func(io.Writer) error
	if state != nil {
		write = func(w io.Writer) error {
			_, err := w.Write(state)
			return err
		}
	}
	return tail.SaveState(file, marks, write)
}
