package api

import "time"

// Time is an instant that prints as RFC 3339 in UTC with milliseconds, and as null when it is
// zero.
type Time struct{ time.Time }

// MarshalJSON implements json.Marshaler. It has no errors.
func (t Time) MarshalJSON() ([]byte, error) { return t.AppendJSON(make([]byte, 0, 32)), nil }

// AppendJSON appends what MarshalJSON returns.
func (t Time) AppendJSON(b []byte) []byte {
	if t.IsZero() {
		return append(b, "null"...)
	}
	return t.UTC().AppendFormat(b, `"2006-01-02T15:04:05.000Z"`)
}
