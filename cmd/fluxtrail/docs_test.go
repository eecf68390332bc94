package main

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the expected output of the documents")

// console finds the blocks whose first line runs fluxtrail.
var console = regexp.MustCompile("(?ms)^```console\n(\\$ fluxtrail.*?)^```$")

// TestDocs runs every console block of README.md and docs/ that starts with
// `$ fluxtrail` and compares what is printed, both streams together. The blocks
// of one document run in order in one directory, in which fixtures and config
// are those of the repository. A line that is only … stands for any lines. With
// -update the blocks that differ are rewritten.
func TestDocs(t *testing.T) {
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	docs, _ := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	bin := ""
	for _, doc := range append(docs, filepath.Join(root, "README.md")) {
		text, err := os.ReadFile(doc)
		if err != nil {
			t.Fatal(err)
		}
		if !console.Match(text) {
			continue
		}
		if bin == "" {
			bin = buildBinary(t)
		}
		t.Run(filepath.Base(doc), func(t *testing.T) {
			dir := docDir(t, root)
			got := console.ReplaceAllFunc(text, func(block []byte) []byte {
				return runBlock(t, bin, dir, block)
			})
			if *update && !bytes.Equal(got, text) {
				if err := os.WriteFile(doc, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func buildBinary(t *testing.T) string {
	t.Helper()
	bin := filepath.Join(t.TempDir(), "fluxtrail")
	if out, err := exec.Command("go", "build", "-o", bin, ".").CombinedOutput(); err != nil {
		t.Fatalf("go build: %v\n%s", err, out)
	}
	return bin
}

func docDir(t *testing.T, root string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"fixtures", "config"} {
		if err := os.Symlink(filepath.Join(root, name), filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// runBlock returns the block with the output that its commands had. Where that
// fits what the block says, the block is returned as it is.
func runBlock(t *testing.T, bin, dir string, block []byte) []byte {
	t.Helper()
	var got strings.Builder
	fits := true
	for _, part := range strings.Split("\n"+string(console.FindSubmatch(block)[1]), "\n$ ")[1:] {
		command, want, _ := strings.Cut(part, "\n")
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"))
		out, _ := cmd.CombinedOutput() // a failing command documents its message
		got.WriteString("$ " + command + "\n" + string(out))
		if !fitsOutput(lines(want), lines(string(out))) {
			fits = false
			if !*update {
				t.Errorf("$ %s (-document +output)\n%s", command, cmp.Diff(lines(want), lines(string(out))))
			}
		}
	}
	if fits {
		return block
	}
	return []byte("```console\n" + got.String() + "```")
}

func lines(s string) []string { return strings.Split(strings.TrimRight(s, "\n"), "\n") }

// fitsOutput reports whether got is want, a … in which stands for any lines.
func fitsOutput(want, got []string) bool {
	i := slices.Index(want, "…")
	if i < 0 {
		return slices.Equal(want, got)
	}
	if len(got) < i || !slices.Equal(want[:i], got[:i]) {
		return false
	}
	for rest := got[i:]; ; rest = rest[1:] {
		if fitsOutput(want[i+1:], rest) {
			return true
		}
		if len(rest) == 0 {
			return false
		}
	}
}

// TestGettingLogs runs the commands of docs/getting-logs.md for which the tools are there, on a
// node's directory of logs: what they print gives the answer of that directory.
func TestGettingLogs(t *testing.T) {
	text, err := os.ReadFile("../../docs/getting-logs.md")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := exec.LookPath("tar"); err != nil {
		t.Skip("there is no tar")
	}
	bin := buildBinary(t)
	pods, err := filepath.Abs("../../fixtures/demo/pods")
	if err != nil {
		t.Fatal(err)
	}
	run := func(command string) string {
		cmd := exec.Command("sh", "-c", command)
		cmd.Dir = t.TempDir()
		cmd.Env = append(os.Environ(), "PATH="+filepath.Dir(bin)+":"+os.Getenv("PATH"))
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", command, err, out)
		}
		first, _, _ := strings.Cut(string(out), "\n")
		return first
	}
	want := run("fluxtrail replay " + pods)
	archive := regexp.MustCompile(`(?m)^tar -czf .*$`).FindString(string(text))
	pipe := regexp.MustCompile("`ssh NODE (tar [^`]*)`").FindStringSubmatch(string(text))
	if archive == "" || pipe == nil {
		t.Fatal("the commands are not in the document")
	}
	for _, command := range []string{archive + " && fluxtrail replay flux-pods.tar.gz", pipe[1]} {
		if got := run(strings.ReplaceAll(command, "/var/log/pods", pods)); got != want {
			t.Errorf("%s: %s, want %s", command, got, want)
		}
	}
}

func TestFitsOutput(t *testing.T) {
	for _, c := range []struct {
		want, got string
		fits      bool
	}{
		{"a\nb", "a\nb", true},
		{"a\nb", "a\nc", false},
		{"…", "", true},
		{"a\n…", "a\nb\nc", true},
		{"…\nc", "a\nb\nc", true},
		{"a\n…\nc", "a\nc", true},
		{"a\n…\nb\n…\nd", "a\nx\nb\nc\nd", true},
		{"a\n…\nd", "a\nb\nc", false},
		{"b\n…", "a\nb", false},
	} {
		if got := fitsOutput(lines(c.want), lines(c.got)); got != c.fits {
			t.Errorf("fitsOutput(%q, %q) = %v", c.want, c.got, got)
		}
	}
}

// place finds `dir/file.go` and `dir/file.go#Name` or `dir/file.go#Type.Method`.
var place = regexp.MustCompile("`([a-z0-9_/]+\\.go)(?:#([A-Za-z.]+))?`")

// TestDocsNamePlaces makes sure that the documents name files, functions and
// types that are there.
func TestDocsNamePlaces(t *testing.T) {
	for _, doc := range []string{"ARCHITECTURE.md", "CONTRIBUTING.md"} {
		text, err := os.ReadFile(filepath.Join("..", "..", doc))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range place.FindAllStringSubmatch(string(text), -1) {
			code, err := os.ReadFile(filepath.Join("..", "..", m[1]))
			if err != nil {
				t.Errorf("%s: %v", doc, err)
				continue
			}
			declared := "func " + m[2] + `\(|type ` + m[2] + " "
			if typ, method, ok := strings.Cut(m[2], "."); ok {
				declared = `func \(\w+ \*?` + typ + `\) ` + method + `\(`
			}
			if m[2] != "" && !regexp.MustCompile("(?m)^("+declared+")").Match(code) {
				t.Errorf("%s: %s does not declare %s", doc, m[1], m[2])
			}
		}
	}
}
