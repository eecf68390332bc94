package replay

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/api"
	"fluxtrail/sinks/report"
)

// TestNoFormMovesTheTerminal has what a terminal obeys stand in every part of a line, and looks for
// it in every form of the report.
func TestNoFormMovesTheTerminal(t *testing.T) {
	t.Parallel()
	var text strings.Builder
	for i, obeyed := range []string{"\x1b[2J", "\u009b31m", "\x7f\x7f", "\u202egnp", "\u2066x\u2069", "\u061c", "\b\b", "\x00"} {
		for _, member := range []string{"error", "msg", "name", "namespace", "revision", "reconcileID", "controllerKind"} {
			text.WriteString(secretLine(i, []string{member}, "x"+obeyed+"y"))
		}
	}
	path := filepath.Join(t.TempDir(), "manager.log")
	if err := os.WriteFile(path, []byte(text.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	err := Run(t.Context(), Options{Paths: []string{path}, Transitions: true, Durations: true, EvidenceText: true}, func(_ context.Context, rep *api.Report) error {
		for _, name := range report.FormNames() {
			form, _ := report.FormNamed(name)
			var b bytes.Buffer
			if err := form.Write(&b, rep, report.Look{Sections: report.SectionNames(), Limit: -1}); err != nil {
				return err
			}
			obeyed := func(r rune) bool { return api.Obeyed(r) && r != '\n' && r != '\t' }
			if at := strings.IndexFunc(b.String(), obeyed); at >= 0 {
				t.Errorf("%s: %q", name, b.String()[max(0, at-60):min(b.Len(), at+60)])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
