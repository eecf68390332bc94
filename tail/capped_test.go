package tail

import (
	"strings"
	"testing"

	"fluxtrail/fixtures"
	"fluxtrail/parse/redact"
)

// TestNoSecretIsCut cuts lines in the middle and at the end of each sample of a secret: what is
// kept of a line has no half of it.
func TestNoSecretIsCut(t *testing.T) {
	t.Parallel()
	r, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	all, leaks := fixtures.Secrets(), 0
	for _, s := range all {
		text := `{"msg":"` + strings.Repeat("words ", 200) + s.Text + ` and more of it"}`
		for _, p := range s.Parts {
			i, half := strings.Index(text, p), max(8, len(p)/2)
			if i < 0 || len(p) < 8 || strings.ContainsAny(p, " \n\"\\") {
				continue
			}
			for _, limit := range []int{i + len(p)/2 + 1, i + len(p) - 1, i + len(p)} {
				var c capped
				c.reset(limit)
				c.write([]byte(text))
				got := r.String(string(c.finish()))
				if k := min(half, limit-i); k >= half && strings.Contains(got, p[:k]) {
					leaks++
					t.Logf("%s, cut at %d: %q", s.Name, limit, got)
				}
			}
		}
	}
	if leaks > 3 { // a quote within a secret is taken for the end of its word
		t.Errorf("%d halves of %d samples are kept", leaks, len(all))
	}
}
