package tail

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"
)

// Begun says where a log is read on of which somebody else delivered a part.
type Begun struct {
	Source string // Source.Name
	Key    string // the name that the position is of
	File   string // the file that it fits, "" for none: then all that is there is read
	Offset int64  // the position, in bytes of the text
	Left   int64  // how many bytes will be read of this file and of those behind it
}

// Begin makes the Marks of a first start after another program, which knows files by name only.
// positions tells how many bytes it had delivered of the file that had a name at the time at. What
// was written before that is not given again, older files of that restart included. The file may
// have been rotated since: it is the newest one that began before at and ends a line at the
// position. Where none does, nothing is passed over. Marks have no log without a position. An error
// about files that cannot be read comes beside the Marks of the others.
func Begin(cfg FollowConfig, positions map[string]int64, at, now time.Time) (Marks, []Begun, error) {
	cfg.From = FromBeginning
	fw, err := NewFollower(cfg, Marks{})
	if err != nil {
		return Marks{}, nil, err
	}
	unread := fw.Poll(now)
	m, begun := Marks{Version: marksVersion}, []Begun(nil)
	for _, l := range fw.lives {
		told := l.beginAt(positions, at)
		if begun = append(begun, told...); len(told) > 0 {
			m.Sources = append(m.Sources, l.Marks().Sources...)
		}
	}
	return m, begun, errors.Join(unread, fw.Close())
}

// beginAt passes over what was delivered of a log, one restart at a time.
func (l *Live) beginAt(positions map[string]int64, at time.Time) (told []Begun) {
	for rest := l.files; len(rest) > 0; {
		n := 1
		for n < len(rest) && rest[n].Restart == rest[0].Restart {
			n++
		}
		if key, offset, ok := positionOf(rest[:n], positions); ok {
			told = append(told, l.passOver(rest[:n], key, offset, at))
		}
		rest = rest[n:]
	}
	return told
}

// positionOf is the position of files of one restart. It has the name that is written to, under
// which there may be no file now.
func positionOf(files []*file, positions map[string]int64) (key string, offset int64, ok bool) {
	for _, f := range files {
		for _, key := range []string{f.Path, f.Real, filepath.Join(filepath.Dir(f.Path), fmt.Sprintf("%d.log", f.Restart))} {
			if offset, ok := positions[key]; ok {
				return key, offset, true
			}
		}
	}
	return "", 0, false
}

// passOver puts files of one restart, oldest first, at the position.
func (l *Live) passOver(files []*file, key string, offset int64, at time.Time) Begun {
	b := Begun{Source: l.src.Name, Key: key, Offset: offset}
	for i := len(files) - 1; i >= 0; i-- {
		f := files[i]
		if b.File == "" && f.wasAt(offset, at) {
			b.File = f.Path
			f.moveTo(offset)
			for _, older := range files[:i] {
				older.moveTo(older.Size)
			}
		}
	}
	for _, f := range files {
		b.Left += max(0, f.Size-f.Offset)
	}
	return b
}

// wasAt reports whether a reader of whole lines can have been at an offset of the file at a time.
func (f *file) wasAt(offset int64, at time.Time) bool {
	if began := firstTime(f.before(min(f.Size, fingerprintSize), fingerprintSize)); began.After(at) || offset > f.Size {
		return false
	}
	last := f.before(offset, 1)
	return offset == 0 || len(last) == 1 && last[0] == '\n'
}

// moveTo passes over the text before an offset.
func (f *file) moveTo(offset int64) {
	f.readTo(offset, f.before(offset, windowSize))
	f.Offset = f.Taken
	if f.packed() && offset >= f.Size {
		f.ended = true
		f.on(drained)
	}
}
