package derive

import (
	"fluxtrail/derive/failure"
	"fluxtrail/parse"
)

// Summary is what one line says by itself, without the lines before and after it. Fields are
// empty where the line says nothing.
type Summary struct {
	Outcome     string // of the attempt, see Attempt.Outcome; a later line of the attempt may correct it
	Reason      string // reason class of a failure, or why the object waits
	Fingerprint string // under which the error is counted, see ErrorGroup
}

// Summarize gives the Summary of a record. The same line always has the same. It keeps nothing of
// the record. A line whose error texts already knows costs a look-up, a line without an error
// nothing.
func Summarize(r *parse.Record, texts *failure.Cache) Summary {
	if !r.Object() || r.Meaning >= parse.Start {
		return summarizeError(r, texts)
	}
	var alone attempt
	switch x := outcomeOf(&alone, r); x {
	case none:
		return summarizeError(r, texts)
	case failed, stalled:
		t := texts.Read(r.Kind, failureText(&alone, r))
		return Summary{x.String(), t.Reason, t.Fingerprint}
	case waiting:
		t := texts.Read(r.Kind, waitText(r))
		return Summary{x.String(), waitReason(r), t.Fingerprint}
	default:
		return Summary{Outcome: x.String()}
	}
}

// summarizeError is the Summary of a line that is no attempt's outcome.
func summarizeError(r *parse.Record, texts *failure.Cache) Summary {
	t, ok := errorText(r, texts)
	if !ok {
		return Summary{}
	}
	return Summary{Reason: t.Reason, Fingerprint: t.Fingerprint}
}
