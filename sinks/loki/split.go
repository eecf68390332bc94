package loki

import (
	"context"
	"strings"
	"time"

	"github.com/grafana/loki/pkg/push"

	"fluxtrail/sinks"
)

// part is what goes into one request: entries of one stream, in the order of time.
type part struct {
	of      *stream
	labels  string // those of the stream, or with the label late in addition
	entries []push.Entry
}

// slice returns the part with the entries from i to before j.
func (p part) slice(i, j int) part {
	p.entries = p.entries[i:j]
	return p
}

func (p part) late() bool { return p.labels != p.of.labels }

// deliver sends the part, in as many requests as it takes, and gives up entries that are
// refused for good. It returns the first failure, with what was not delivered left in the stream.
func (s *Sink) deliver(ctx context.Context, p part) error {
	if len(p.entries) == 0 {
		return nil
	}
	rest := p
	err := s.push(ctx, &rest)
	switch {
	case err == nil:
		p.of.strikes = 0
		s.sent(rest)
		return nil
	case !sinks.IsPermanent(err):
		return err
	}
	p = rest
	switch {
	case sinks.ClassOf(err) != sinks.TooLarge:
		return s.refused(ctx, p, err)
	case len(p.entries) > 1:
		return s.halve(ctx, p)
	}
	s.drop(p, "too_large", err)
	return nil
}

func (s *Sink) halve(ctx context.Context, p part) error {
	n := len(p.entries)
	if err := s.deliver(ctx, p.slice(0, n/2)); err != nil {
		return err
	}
	return s.deliver(ctx, p.slice(n/2, n))
}

// refused finds the entries that a refusal is about.
func (s *Sink) refused(ctx context.Context, p part, err error) error {
	body := bodyOf(err)
	r, sole := explain(body)
	n, exact := tooOld(body, p.entries)
	ahead, all := tooNew(body, p.entries)
	switch {
	case r.scope == ofStream:
		s.drop(p, r.reason, err)
	case n > 0:
		return s.parted(ctx, p, n, exact && sole, err)
	case ahead > 0:
		return s.ahead(ctx, p, ahead, all && sole, err)
	case len(p.entries) > 1:
		return s.halve(ctx, p)
	default:
		if r.reason == unexplained {
			p.of.strikes++
		}
		s.drop(p, r.reason, err)
	}
	return nil
}

// parted goes on after a refusal that is about the first n entries, which are too old.
// stored tells that Loki has stored the others: then they are not sent again, because what
// is stored twice may be counted twice.
func (s *Sink) parted(ctx context.Context, p part, n int, stored bool, err error) error {
	old, rest := p.slice(0, n), p.slice(n, len(p.entries))
	if err := s.old(ctx, old, err); err != nil {
		p.of.doubt = p.of.doubt || stored
		return err
	}
	if stored {
		s.sent(rest)
		return nil
	}
	return s.deliver(ctx, rest)
}

// ahead goes on after a refusal that is about the last n entries, whose time is too far ahead.
// stored is as for parted.
func (s *Sink) ahead(ctx context.Context, p part, n int, stored bool, err error) error {
	rest, ahead := p.slice(0, len(p.entries)-n), p.slice(len(p.entries)-n, len(p.entries))
	if stored {
		s.sent(rest)
	} else if err := s.deliver(ctx, rest); err != nil {
		return err
	}
	r, _ := explain(bodyOf(err))
	s.drop(ahead, r.reason, err)
	return nil
}

// old deals with entries that are too old: for their stream, or for Loki at all.
func (s *Sink) old(ctx context.Context, p part, err error) error {
	body := bodyOf(err)
	r, _ := explain(body)
	if r.reason != tooFarBehind || p.late() {
		s.drop(p, r.reason, err)
		return nil
	}
	if limit, ok := oldest(body); ok {
		p.of.oldest = max(p.of.oldest, limit.UnixNano())
	}
	return s.sendLate(ctx, p)
}

// sendLate sends entries to streams for late entries, one for each Config.Window, so that
// none of them is too far behind the newest there.
func (s *Sink) sendLate(ctx context.Context, p part) error {
	for len(p.entries) > 0 {
		start := p.entries[0].Timestamp.Truncate(s.cfg.Window)
		n := 1
		for n < len(p.entries) && p.entries[n].Timestamp.Before(start.Add(s.cfg.Window)) {
			n++
		}
		window := part{of: p.of, labels: lateLabels(p.of.labels, start), entries: p.entries[:n]}
		if err := s.sendParts(ctx, window); err != nil {
			return err
		}
		p.entries = p.entries[n:]
	}
	return nil
}

// lateLabels adds the label late to labels.
func lateLabels(labels string, start time.Time) string {
	return strings.TrimSuffix(labels, "}") + `, late="` + start.UTC().Format("2006-01-02T15:04") + `"}`
}

func (s *Sink) sent(p part) {
	if len(p.entries) == 0 {
		return
	}
	p.of.settled(len(p.entries))
	s.count.Sent(len(p.entries), size(p.entries))
	if p.late() {
		s.count.Late(len(p.entries))
	}
}

// maxSample is how much of a line that was given up is logged.
const maxSample = 512

// drop gives the entries up.
func (s *Sink) drop(p part, reason string, err error) {
	p.of.settled(len(p.entries))
	s.dropped.entries += len(p.entries)
	s.dropped.reason = reason
	s.count.Dropped(reason, len(p.entries), size(p.entries))
	first := p.entries[0]
	sample := first.Line[:min(len(first.Line), maxSample)]
	s.log.Error("loki refuses entries for good, they are dropped",
		"reason", reason, "entries", len(p.entries), "stream", p.labels, "time", first.Timestamp.UTC(),
		"line", s.redact.String(sample), "err", s.redact.String(err.Error()))
}
