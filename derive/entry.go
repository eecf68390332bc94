package derive

import "fluxtrail/parse"

// Said is what one line says by itself, without those before and after it. Fields are empty where the line says nothing.
type Said struct {
	Outcome     string // of the run, as this line shows it: see Run.Outcome; a later line of the run may correct it
	Reason      string // reason class of a failure, or why it waits
	Fingerprint string // under which the error is counted, see ErrorGroup
}

// Lines tells what single lines say. It keeps the texts that it knows, so that a line that repeats costs a look-up, and a line without an error
// costs nothing. The same line always says the same. It belongs to one goroutine.
type Lines struct{ engine *Engine }

// NewLines makes a Lines. redact takes secrets out of a text before it is kept; nil keeps texts as they are.
func NewLines(redact func(string) string) *Lines {
	return &Lines{New(Config{Redact: redact})}
}

// Say tells what a record says. It keeps nothing of the record.
func (l *Lines) Say(r *parse.Record) Said {
	if !r.Object() || r.Sign >= parse.Start {
		return l.stray(r)
	}
	var alone attempt
	x := (&Object{}).verdict(&alone, r)
	switch x {
	case none:
		return l.stray(r)
	case failed, stalled:
		t := l.engine.text(r.Kind, failureText(&alone, r))
		return Said{x.String(), t.reason, t.fingerprint}
	case waiting:
		t := l.engine.text(r.Kind, waitText(r))
		return Said{x.String(), waitReason(r), t.fingerprint}
	}
	return Said{Outcome: x.String()}
}

// stray is an error that is no run's outcome.
func (l *Lines) stray(r *parse.Record) Said {
	t, ok := l.engine.strayText(r)
	if !ok {
		return Said{}
	}
	return Said{Reason: t.reason, Fingerprint: t.fingerprint}
}
