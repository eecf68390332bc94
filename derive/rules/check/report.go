package check

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
)

// never is the level that no finding has.
const never = "never"

// Levels are the words for what to fail on.
func Levels() []string { return []string{string(Error), string(Warning), string(Info), never} }

// Fails reports whether there is a finding of a level or above.
func (r Report) Fails(on Level) bool {
	order := []Level{Error, Warning, Info}
	limit := slices.Index(order, on)
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return slices.Index(order, f.Level) <= limit })
}

// Write writes the report, as text or json.
func (r Report) Write(w io.Writer, form string) error {
	if form == "json" {
		if r.Findings == nil {
			r.Findings = []Finding{}
		}
		enc := json.NewEncoder(w)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		return enc.Encode(r)
	}
	b := bufio.NewWriter(w)
	for i, f := range r.Findings {
		name := ""
		if f.Rule != "" {
			name = f.Rule + ": "
		}
		fmt.Fprintf(b, "%s:%d: %s: %s%s (%s)\n", f.File, f.Line, f.Level, shownText(name), shownText(f.Message), f.Check)
		last := i+1 == len(r.Findings) || r.Findings[i+1].Rule != f.Rule || r.Findings[i+1].Corrected != f.Corrected
		if f.Corrected != "" && last {
			fmt.Fprintf(b, "  write:\n    %s\n", strings.ReplaceAll(shownText(f.Corrected), "\n", "\n    "))
		}
	}
	n := map[Level]int{}
	for _, f := range r.Findings {
		n[f.Level]++
	}
	fmt.Fprintf(b, "%s in %s, against Flux %s: %s, %s, %s\n",
		english.Plural(r.Rules, "rule", ""), english.Plural(r.Files, "file", ""), r.Flux,
		english.Plural(n[Error], "error", ""), english.Plural(n[Warning], "warning", ""), english.Plural(n[Info], "hint", ""))
	return b.Flush()
}

// shownText is text without what controls a terminal.
func shownText(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || 0x80 <= r && r < 0xa0 {
			return '\uFFFD'
		}
		return r
	}, s)
}
