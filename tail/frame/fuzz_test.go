package frame

import "testing"

// FuzzTimestamp compares with the standard library wherever that one understands the text.
func FuzzTimestamp(f *testing.F) {
	for _, s := range []string{"2026-11-20T10:22:54.417159105Z x", "2026-11-20T10:22:54+02:00", "0000-01-01T00:00:00.1-0530"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkTimestamp(t, b) })
}

// FuzzUnescape compares with a JSON decoder wherever the text is JSON.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{`a\"b`, `\u00b5\ud83d\ude00\ud83d`, `\\u0041`, `\x\`, "\\u12g4\\u"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkUnescape(t, b) })
}
