package check

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/api"
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
		var text bytes.Buffer
		enc := json.NewEncoder(&text)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r); err != nil {
			return err
		}
		_, err := w.Write(api.Escape(text.Bytes()))
		return err
	}
	b := bufio.NewWriter(w)
	for i, f := range r.Findings {
		name := ""
		if f.Rule != "" {
			name = f.Rule + ": "
		}
		fmt.Fprintf(b, "%s:%d: %s: %s%s (%s)\n", api.OneLine(f.File), f.Line, f.Level, api.OneLine(name), api.OneLine(f.Message), f.Check)
		last := i+1 == len(r.Findings) || r.Findings[i+1].Rule != f.Rule || r.Findings[i+1].Corrected != f.Corrected
		if f.Corrected != "" && last {
			fmt.Fprintf(b, "  write:\n    %s\n", strings.ReplaceAll(api.Shown(f.Corrected), "\n", "\n    "))
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
