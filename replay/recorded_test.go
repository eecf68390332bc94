package replay

import (
	"bytes"
	"flag"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/api"
)

var update = flag.Bool("update", false, "rewrite what fixtures/stories want")

// verdictRows tell by which row of the table of verdicts an object was judged: the words that only this
// row says, of those with the same verdict.
var verdictRows = []struct{ row, verdict, says string }{
	{"gone from the API", "deleted", "does not have it any more"},
	{"deleted in the log", "deleted", "the log tells of its deletion"},
	{"deletion hangs", "stuck", "a finalizer holds it"},
	{"being deleted", "progressing", "its deletion was asked for"},
	{"suspended by its spec", "suspended", "says at .* that it is suspended"},
	{"suspended in the log", "suspended", "the log tells of its suspension"},
	{"Unknown for too long", "stuck", "^Ready is Unknown since"},
	{"waits for what is ready, too long", "stuck", "^it waits for .* which is ready since"},
	{"silent, and the condition is as it was", "silent", "did not come"},
	{"overdue by its interval", "silent", "it has an interval of"},
	{"the condition is still True", "log-only", "but the condition says"},
	{"True after the log's end", "recovering", "the log does not show the success"},
	{"a success that has to hold", "recovering", "which has still to hold"},
	{"the log has overtaken the condition, failing", "failing", "which is from before"},
	{"both say that it fails", "failing", ", and the condition says"},
	{"the log says that it fails", "failing", "^the attempt that ended at [^,;]*$"},
	{"it waits for a dependency or source", "waiting", "^it waits for"},
	{"the condition says that it fails", "condition-only", "^the condition says"},
	{"the log has overtaken the condition, ready", "healthy", "which is from before"},
	{"stale generation, too long", "stuck", "the condition is about generation"},
	{"stale generation", "progressing", "the condition is about generation"},
	{"an attempt is under way", "progressing", "^an attempt is under way"},
	{"the log shows an attempt under way", "progressing", "^the log shows an attempt under way"},
	{"both say that it is well", "healthy", "^the attempt .*, and the condition says"},
	{"the log says that it is well", "healthy", "^the attempt that ended at [^,;]*$"},
	{"the condition says that it is well", "healthy", "^the condition says .*, and "},
	{"nothing to say", "healthy", "^an object of this kind has no condition"},
	{"never reconciled", "unknown", "shows no condition of it"},
}

// rowOf is the row by which an object was judged, "" for one that nothing tells of.
func rowOf(o *api.Object) string {
	for _, r := range verdictRows {
		if r.verdict == o.Verdict && regexp.MustCompile(r.says).MatchString(o.Explanation) {
			return r.row
		}
	}
	return ""
}

// TestRecordedVerdicts plays stories that real controllers wrote, up to some moments, with what
// kubectl saved of the objects. Each row of the table of verdicts has to decide somewhere in them.
func TestRecordedVerdicts(t *testing.T) {
	t.Parallel()
	stories, err := filepath.Glob("../fixtures/stories/*.txtar")
	if err != nil || len(stories) == 0 {
		t.Fatal(stories, err)
	}
	seen := map[string]string{}
	for _, path := range stories {
		maps.Copy(seen, playStory(t, path))
	}
	source, err := os.ReadFile("../derive/verdicts.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^\t\t"([^"]+)", Verdict`).FindAllStringSubmatch(string(source), -1) {
		if seen[m[1]] == "" {
			t.Errorf("the row %q decides nowhere in fixtures/stories", m[1])
		}
	}
	for _, row := range slices.Sorted(maps.Keys(seen)) {
		t.Logf("%-46s %s", row, seen[row])
	}
}

// playStory compares what a story's moments come to with what it wants. A moment is `NAME: UNTIL -`
// for the log up to a time alone, or `NAME: UNTIL FILE,FILE` with dumps, whose names say when they were saved.
// One may leave a pod out: `NAME: UNTIL FILE without POD`. It returns where each row decided.
func playStory(t *testing.T, path string) map[string]string {
	t.Helper()
	story, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	dir, sections := t.TempDir(), map[string]*txtar.File{}
	for i := range story.Files {
		file := &story.Files[i]
		sections[file.Name] = file
		at := filepath.Join(dir, file.Name)
		if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at, file.Data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var got bytes.Buffer
	decided := map[string]string{}
	for moment := range strings.Lines(string(sections["moments"].Data)) {
		name, rest, _ := strings.Cut(strings.TrimSpace(moment), ": ")
		fmt.Fprintf(&got, "%s\n", name)
		rep := theReport(t, momentOf(t, dir, strings.Fields(rest)))
		for i := range rep.Objects {
			o := &rep.Objects[i]
			fmt.Fprintf(&got, "  %s is %s, %q", o.Ref, o.Verdict, rowOf(o))
			if o.RootCause != nil {
				fmt.Fprintf(&got, ", because of %s", o.RootCause)
			}
			got.WriteByte('\n')
			decided[rowOf(o)] = fmt.Sprintf("%s, %s: %s", filepath.Base(path), name, o.Ref)
		}
		for _, c := range rep.Causes {
			fmt.Fprintf(&got, "  %s, so %d objects fail\n", c.Cause, len(c.Objects))
		}
	}
	want := sections["want"]
	if *update {
		want.Data = got.Bytes()
		if err := os.WriteFile(path, txtar.Format(story), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if d := cmp.Diff(string(want.Data), got.String()); d != "" {
		t.Errorf("%s (-want +got):\n%s", filepath.Base(path), d)
	}
	return decided
}

// momentOf are the options for a moment, whose words are those behind its name.
func momentOf(t *testing.T, dir string, words []string) Options {
	t.Helper()
	until, without := words[0], ""
	if len(words) > 3 {
		without = words[3]
	}
	opt := Options{Paths: []string{logsUntil(t, filepath.Join(dir, "pods"), until, without)}}
	if words[1] != "-" {
		for file := range strings.SplitSeq(words[1], ",") {
			opt.Conditions = append(opt.Conditions, filepath.Join(dir, file))
		}
	}
	return opt
}

// logsUntil are the logs of a tree as they were just before a time, without those of a pod.
func logsUntil(t *testing.T, tree, until, without string) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(tree, "*", "*", "*.log"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var kept []byte
		for line := range bytes.Lines(text) {
			if string(line[:len(until)-1]) < until[:len(until)-1] { // both to the second
				kept = append(kept, line...)
			}
		}
		path := filepath.Join(to, strings.TrimPrefix(file, tree))
		if len(kept) == 0 || without != "" && strings.Contains(file, without) {
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, kept, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return to
}
