package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// makeCommand finds what runs make, in workflows, scripts and pages.
	makeCommand = regexp.MustCompile("(?m)(?:^|run: |`)make ((?:[a-z0-9-]+ ?)+)")
	makeTarget  = regexp.MustCompile(`(?m)^([a-z0-9-]+):.*?(## .+)?$`)
	action      = regexp.MustCompile(`(?m)uses: (\S+)(.*)$`)
	pinned      = regexp.MustCompile(`@[0-9a-f]{40}$`)
	link        = regexp.MustCompile(`\]\(([^)\s]+)\)`)
)

func readAll(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join("../..", pattern))
		if err != nil {
			t.Fatal(err)
		}
		if len(files) == 0 {
			t.Errorf("%s fits no file", pattern)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[file] = string(text)
		}
	}
	return texts
}

// TestMakeTargets has every target that something calls be there, and listed by make help.
func TestMakeTargets(t *testing.T) {
	t.Parallel()
	targets := map[string]bool{}
	for _, m := range makeTarget.FindAllStringSubmatch(readAll(t, "Makefile")["../../Makefile"], -1) {
		targets[m[1]] = true
		if m[2] == "" {
			t.Errorf("make help does not list %s", m[1])
		}
	}
	for file, text := range readAll(t, ".github/workflows/*.yaml", ".github/*.md", ".ci/run", "*.md", "docs/*.md", "e2e/README.md") {
		for _, m := range makeCommand.FindAllStringSubmatch(text, -1) {
			for _, target := range strings.Fields(m[1]) {
				if !targets[target] {
					t.Errorf("%s: there is no target %s", file, target)
				}
			}
		}
	}
}

// TestActionsArePinned holds actions to a commit, whose version stands beside it.
func TestActionsArePinned(t *testing.T) {
	t.Parallel()
	for file, text := range readAll(t, ".github/workflows/*.yaml") {
		for _, m := range action.FindAllStringSubmatch(text, -1) {
			if !pinned.MatchString(m[1]) || !strings.HasPrefix(m[2], " # v") {
				t.Errorf("%s: %s is not pinned by commit and version", file, m[1])
			}
		}
		if !strings.Contains(text, "\npermissions: {}\n") {
			t.Errorf("%s: does not begin without rights", file)
		}
	}
}

// TestLinks has the pages point to files that exist.
func TestLinks(t *testing.T) {
	t.Parallel()
	for file, text := range readAll(t, "*.md", "docs/*.md", "*/README.md") {
		for _, m := range link.FindAllStringSubmatch(text, -1) {
			path, _, _ := strings.Cut(m[1], "#")
			if path == "" || strings.Contains(path, "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(filepath.Dir(file), path)); err != nil {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}

// TestChartKnowsTheConfiguration has the chart take every section of the agent's configuration.
func TestChartKnowsTheConfiguration(t *testing.T) {
	t.Parallel()
	example := readAll(t, "config/example.yaml")["../../config/example.yaml"]
	schema := readAll(t, "deploy/chart/values.schema.json")["../../deploy/chart/values.schema.json"]
	_, config, _ := strings.Cut(schema, `"config": {`)
	config, _, _ = strings.Cut(config, `"extraEnv"`)
	for _, m := range regexp.MustCompile(`(?m)^([a-z]+):`).FindAllStringSubmatch(example, -1) {
		if !strings.Contains(config, `"`+m[1]+`"`) {
			t.Errorf("deploy/chart/values.schema.json does not know the section %s", m[1])
		}
	}
}

// TestChartHasTheRights compares the chart's copies of the roles with what they are copies of.
func TestChartHasTheRights(t *testing.T) {
	t.Parallel()
	base, chart := readAll(t, "deploy/base/clusterrole*.yaml"), readAll(t, "deploy/chart/files/clusterrole*.yaml")
	for file, text := range chart {
		if text != base[filepath.Join("../../deploy/base", filepath.Base(file))] {
			t.Errorf("%s is stale: run make manifests", file)
		}
	}
}
