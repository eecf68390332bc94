package derive

import (
	"strings"
	"testing"
	"time"

	"fluxtrail/derive/failure"
)

// TestHugeError keeps the beginning of an error of megabytes, in the incident, its evidence and the
// state; a secret where it is cut is taken out whole.
func TestHugeError(t *testing.T) {
	t.Parallel()
	const secret = "hunter22hunter22"
	e := New(Config{KeepText: true, Redact: func(s string) string { return strings.ReplaceAll(s, secret, "<redacted>") }})
	said := "Helm upgrade failed: " + strings.Repeat("x", failure.MaxText-90) + secret + strings.Repeat("y", 3<<20)
	for i := range 10 {
		r := verbs["erred"]
		r.Name, r.Namespace, r.ID, r.Time, r.Error = "a", "b", string(rune('a'+i)), noon+int64(i)*int64(time.Minute), said
		e.Add(&r, Place{Text: []byte(`{"error":"` + said + `"}`)})
	}
	i := e.View().Open[0]
	for _, text := range append([]string{i.ErrorFirst, i.ErrorLast, e.View().Errors[0].Example}, i.First[0].Text, i.Latest[0].Text) {
		if len(text) > failure.MaxText || !strings.Contains(text, "[cut: ") || strings.Contains(text, "hunter") {
			t.Errorf("%d bytes: %.50s … %s", len(text), text, text[max(0, len(text)-100):])
		}
	}
	var state strings.Builder
	if err := e.Save(&state); err != nil || state.Len() > 20*failure.MaxText || strings.Contains(state.String(), "hunter") {
		t.Error("the state has", state.Len(), "bytes", err)
	}
}
