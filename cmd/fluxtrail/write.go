package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/term"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/sinks/report"
)

// write writes the report in every form that is asked for.
func write(opt replayOptions, rep *api.Report, stdout io.Writer) error {
	if opt.outDir == "" {
		return writeForm(opt.outputs[0].name, stdout, rep, opt)
	}
	if err := os.MkdirAll(opt.outDir, 0o755); err != nil {
		return fmt.Errorf("--out-dir: %w", err)
	}
	for _, out := range opt.outputs {
		path := filepath.Join(opt.outDir, out.file)
		if err := writeFile(path, func(w io.Writer) error { return writeForm(out.name, w, rep, opt) }); err != nil {
			return err
		}
		if out.name == "text" {
			if err := writeForm("text", stdout, rep, opt); err != nil {
				return err
			}
		}
		fmt.Fprintf(stdout, "wrote %s\n", path)
	}
	return nil
}

// writeFile writes a file so that it is either whole or not there.
func writeFile(path string, f func(io.Writer) error) error {
	tmp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer os.Remove(tmp.Name())
	w := bufio.NewWriterSize(tmp, 256<<10)
	err = errors.Join(f(w), w.Flush(), tmp.Chmod(0o644), tmp.Close())
	if err == nil {
		err = os.Rename(tmp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

func writeForm(name string, w io.Writer, rep *api.Report, opt replayOptions) error {
	switch name {
	case "json":
		return report.WriteJSON(w, rep, report.JSONOptions{})
	case "html":
		return report.WriteHTML(w, rep, report.HTMLOptions{})
	case "openmetrics":
		return report.WriteOpenMetrics(w, rep, report.OpenMetricsOptions{})
	case "markdown":
		return report.WriteMarkdown(w, rep, report.MarkdownOptions{Limit: opt.limit})
	}
	text := report.TextOptions{Limit: opt.limit}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		text.Color = os.Getenv("NO_COLOR") == "" && !strings.EqualFold(os.Getenv("TERM"), "dumb")
		text.Width, _, _ = term.GetSize(int(f.Fd()))
	}
	return report.WriteText(w, rep, text)
}

// verdict is what --fail-on asks for.
func (o *replayOptions) verdict(rep *api.Report) error {
	n := int64(0)
	switch o.failOn {
	case "firing":
		n = rep.Totals.ByState[derive.Firing]
	case "pending":
		n = rep.Totals.ByState[derive.Firing] + rep.Totals.ByState[derive.Pending]
	case "new":
		for _, g := range rep.Errors {
			if g.New {
				n++
			}
		}
	}
	if n == 0 {
		return nil
	}
	return &exitError{exitFailOn, fmt.Sprintf("--fail-on %s: %d found", o.failOn, n)}
}
