package tail

import (
	"time"

	"fluxtrail/tail/discover"
)

// sleepers are the Lives that Poll passes over: nothing happened to them for a while, and the
// system tells when something does. Where it does not, none sleeps.
type sleepers struct {
	alarms *discover.Alarms          // nil where none are wanted
	by     map[discover.Alarm]*chain // of which one waits for what
	awake  []*Live                   // the others, sorted, see waking
	stale  bool                      // awake is not up to date
	count  int                       // Lives that sleep
	least  int                       // there must be more logs than this for any to sleep
	calm   int                       // looks without a change before that
	notYet time.Time                 // no alarm could be set, and none is tried before
}

// alarmRetry is how long no alarm is tried where none could be set.
const alarmRetry = 30 * time.Second

func newSleepers(cfg *FollowConfig) sleepers {
	s := sleepers{least: manyLives, calm: discover.CalmAfter}
	if cfg.Watch {
		s.by = map[discover.Alarm]*chain{}
	}
	return s
}

// waking returns the Lives that do not sleep, sorted. The slice is valid until the next call.
func (fw *Follower) waking() []*Live {
	s := &fw.sleepers
	if !s.stale {
		return s.awake
	}
	s.stale = false
	clear(s.awake)
	s.awake = s.awake[:0]
	for _, l := range fw.all {
		if !l.asleep {
			s.awake = append(s.awake, l)
		}
	}
	return s.awake
}

// rouse wakes the Lives that the system tells of. Those of which it should have told are found by
// the next scan.
func (fw *Follower) rouse() {
	s := &fw.sleepers
	if s.count == 0 {
		return
	}
	s.alarms.Ring(func(a discover.Alarm) {
		if l := s.by[a]; l != nil {
			l.rouse()
		} else if a == discover.AnyAlarm {
			fw.wakeAll()
		}
	})
}

func (fw *Follower) wakeAll() {
	for _, l := range fw.all {
		l.rouse()
	}
}

// wakeStirred wakes the Lives for which a scan found something to do.
func (fw *Follower) wakeStirred() {
	if fw.sleepers.count == 0 {
		return
	}
	for _, l := range fw.all {
		if l.asleep && (l.stirred || !l.maySleep()) {
			l.rouse()
		}
	}
}

// rouse has Poll look at a log again.
func (l *chain) rouse() {
	if !l.asleep {
		return
	}
	o := l.owner
	s := &o.sleepers
	if l.alarm != 0 {
		delete(s.by, l.alarm)
		s.alarms.Clear(l.alarm)
	}
	l.asleep, l.alarm, l.caught = false, 0, o.polled
	s.stale = true
	s.count--
	if f := l.newest(); f != nil {
		f.calm = 0
	}
}

// newest is the file that is written to, if any is; nil for none.
func (l *chain) newest() *file {
	if len(l.files) == 0 {
		return nil
	}
	return l.files[len(l.files)-1]
}

// lull puts the Lives to sleep for which there is nothing to do.
func (fw *Follower) lull() {
	s := &fw.sleepers
	if s.by == nil || len(fw.lives) <= s.least || fw.now.Before(s.notYet) {
		return
	}
	if s.alarms == nil {
		s.alarms = discover.OpenAlarms()
	}
	for _, l := range fw.waking() {
		if l.maySleep() && !l.sleep() {
			s.notYet = fw.now.Add(alarmRetry)
			return
		}
	}
}

// maySleep reports whether there is nothing to do for a log as long as no file of it changes: all
// was read, and nothing waits for time to pass.
func (l *Live) maySleep() bool {
	f := l.newest()
	if f == nil || !f.steady() || l.refused || len(l.copies)+len(l.unended) > 0 {
		return false
	}
	if l.flush || l.unfinished() || l.head < len(l.queue) || l.split.buf != nil || l.behind || l.unread(l.split.off) > 0 {
		return false
	}
	for _, f := range l.files[:len(l.files)-1] {
		if f.Phase != finished {
			return false
		}
	}
	return true
}

// steady reports whether a file that may be written to has been as it is for a while.
func (f *file) steady() bool {
	return f.place == named && f.Phase == growing && !f.packed() && !f.doubtful && f.failing.IsZero() &&
		f.Taken == f.Size && f.calm >= f.chain.owner.sleepers.calm
}

// sleep sets an alarm on the file that is written to. The file is looked at afterwards, because
// nothing tells of what happened before. It reports whether another alarm could be set.
func (l *Live) sleep() (more bool) {
	o, f := l.owner, l.newest()
	s := &o.sleepers
	if !s.alarms.Tell(f.Real, f.Dev) {
		return s.alarms.Work()
	}
	alarm, ok := s.alarms.Set(f.Real)
	if st, err := o.files.Path(f.Real); !ok || err != nil || st != f.Stat || s.by[alarm] != nil {
		s.alarms.Clear(alarm)
		f.calm = 0
		return ok || s.alarms.Room()
	}
	l.asleep, l.stirred, l.alarm, s.by[alarm] = true, false, alarm, &l.chain
	s.count++
	s.stale = true
	f.fold()
	l.join, l.left, l.queue, l.head = nil, nil, nil, 0
	return true
}
