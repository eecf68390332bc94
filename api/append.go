package api

import (
	"bytes"
	"encoding/json"
	"strconv"
)

// AppendJSON appends the event as encoding/json would write it without escapes for HTML. An agent
// that reads a backlog prints an event for every few lines, and encoding/json takes five times as
// long.
func (e *Event) AppendJSON(b []byte) []byte {
	b = appendHead(b, e.Time, e.Level, e.Msg)
	b = append(b, ',')
	b = e.Incident.appendMembers(b)
	return append(b, '}')
}

// AppendJSON appends the event as Event.AppendJSON does.
func (e *SilenceEvent) AppendJSON(b []byte) []byte {
	b = appendHead(b, e.Time, e.Level, e.Msg)
	b = append(b, ',')
	b = e.Ref.appendMembers(b)
	b = e.Said.AppendJSON(append(b, `,"said":`...))
	b = e.Due.AppendJSON(append(b, `,"due":`...))
	b = appendMember(b, `,"basis":`, e.Basis)
	return append(b, '}')
}

func appendHead(b []byte, at Time, level, msg string) []byte {
	b = at.AppendJSON(append(b, `{"ts":`...))
	b = appendMember(b, `,"level":`, level)
	return appendMember(b, `,"msg":`, msg)
}

func (i *Incident) appendMembers(b []byte) []byte {
	b = appendMember(b, `"id":`, i.ID)
	b = append(b, ',')
	b = i.Ref.appendMembers(b)
	b = appendMember(b, `,"state":`, i.State)
	b = i.OpenedAt.AppendJSON(append(b, `,"opened_at":`...))
	b = i.ResolvedAt.AppendJSON(append(b, `,"resolved_at":`...))
	b = appendOptional(b, `,"closed_reason":`, i.ClosedReason)
	b = appendOptional(b, `,"first_revision":`, i.FirstRevision)
	b = appendOptional(b, `,"last_revision":`, i.LastRevision)
	b = appendOptional(b, `,"last_good_revision":`, i.LastGoodRevision)
	b = appendMember(b, `,"reason":`, i.Reason)
	b = appendMember(b, `,"reason_first":`, i.ReasonFirst)
	b = appendMember(b, `,"error_first":`, i.ErrorFirst)
	b = appendMember(b, `,"error_last":`, i.ErrorLast)
	b = i.Culprit.appendTo(append(b, `,"culprit":`...))
	b = appendMember(b, `,"fingerprint":`, i.Fingerprint)
	b = strconv.AppendInt(append(b, `,"attempts":`...), i.Attempts, 10)
	b = strconv.AppendInt(append(b, `,"flaps":`...), i.Flaps, 10)
	b = i.RootCause.appendTo(append(b, `,"root_cause":`...))
	b = appendList(append(b, `,"affected":`...), i.Affected, (*Ref).appendTo)
	return appendList(append(b, `,"evidence":`...), i.Evidence, (*Evidence).appendTo)
}

func (r *Ref) appendMembers(b []byte) []byte {
	b = appendMember(b, `"kind":`, r.Kind)
	b = appendMember(b, `,"namespace":`, r.Namespace)
	return appendMember(b, `,"name":`, r.Name)
}

func (r *Ref) appendTo(b []byte) []byte {
	if r == nil {
		return append(b, "null"...)
	}
	return append(r.appendMembers(append(b, '{')), '}')
}

func (e *Evidence) appendTo(b []byte) []byte {
	b = appendMember(b, `{"file":`, e.File)
	b = strconv.AppendInt(append(b, `,"line":`...), e.Line, 10)
	b = strconv.AppendInt(append(b, `,"offset":`...), e.Offset, 10)
	b = e.At.AppendJSON(append(b, `,"at":`...))
	b = appendMember(b, `,"pod":`, e.Pod)
	b = appendMember(b, `,"reconcile_id":`, e.ReconcileID)
	return append(b, '}')
}

func appendList[T any](b []byte, list []T, element func(*T, []byte) []byte) []byte {
	if list == nil {
		return append(b, "null"...)
	}
	b = append(b, '[')
	for i := range list {
		if i > 0 {
			b = append(b, ',')
		}
		b = element(&list[i], b)
	}
	return append(b, ']')
}

func appendOptional(b []byte, key string, value *string) []byte {
	if value == nil {
		return append(append(b, key...), "null"...)
	}
	return appendMember(b, key, *value)
}

func appendMember(b []byte, key, value string) []byte {
	return appendString(append(b, key...), value)
}

// appendString appends a string in quotes. What is not printable ASCII, but for line breaks and
// tabs, is left to encoding/json.
func appendString(b []byte, s string) []byte {
	begin, from := len(b), 0
	b = append(b, '"')
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c < 0x7f && c != '"' && c != '\\' {
			continue
		}
		b = append(append(b, s[from:i]...), '\\')
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, c)
		case '\n':
			b = append(b, 'n')
		case '\t':
			b = append(b, 't')
		default:
			return encodeString(b[:begin], s)
		}
	}
	return append(append(b, s[from:]...), '"')
}

func encodeString(b []byte, s string) []byte {
	w := bytes.NewBuffer(b)
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	_ = enc.Encode(s) // strings and buffers have no errors
	return bytes.TrimSuffix(w.Bytes(), []byte("\n"))
}
