package report

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"fluxtrail/api"
)

func TestScreen(t *testing.T) {
	t.Parallel()
	at := api.Time{Time: time.Date(2026, 11, 20, 10, 0, 0, 0, time.UTC)}
	rep := &api.Report{Window: api.Window{From: at, To: at}}
	for i := range 40 {
		rep.Objects = append(rep.Objects, api.Object{
			Ref: api.Ref{Kind: "Kustomization", Namespace: "a", Name: fmt.Sprint("app-", i)}, Status: "failing", Ready: "False", Since: at,
		})
	}
	var lines []LastLine
	for i := range 30 {
		lines = append(lines, LastLine{At: at, Bad: i%2 == 0, Text: fmt.Sprintf("line %d \x1b[2J %s", i, strings.Repeat("x", 200))})
	}
	for _, rows := range []int{5, 12, 24, 200} {
		var b strings.Builder
		if err := WriteScreen(&b, rep, lines, "again in 10s", rows, Look{Width: 80, Limit: -1}); err != nil {
			t.Fatal(err)
		}
		got := strings.Split(strings.TrimRight(b.String(), "\n"), "\n")
		if len(got) > rows || strings.Contains(b.String(), "\x1b") || !strings.Contains(got[len(got)-2], "line 29") ||
			got[len(got)-1] != "again in 10s" {
			t.Errorf("%d rows for %d:\n%s", len(got), rows, b.String())
		}
	}
}
