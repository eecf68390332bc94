package main

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"testing"
)

// A floor says which of our packages the code of a directory may import. A * in
// either place stands for any one path element.
type floor struct {
	dir string
	may []string
}

// floors is the import table of the project; the first row that matches counts.
var floors = []floor{
	{"api", nil},
	{"fixtures", nil},
	{"tail", []string{"tail/frame", "tail/checkpoint", "tail/discover"}},
	{"tail/frame", nil},
	{"tail/merge", nil},
	{"tail/checkpoint", nil},
	{"tail/discover", nil},
	{"parse", []string{"tail/frame"}},
	{"parse/redact", nil},
	{"derive", []string{"parse", "derive/failure"}},
	{"derive/failure", []string{"parse"}},
	{"kube", []string{"parse", "parse/redact"}},
	{"conditions", []string{"derive", "derive/failure", "parse"}},
	{"conditions/*", []string{"conditions", "kube", "derive", "derive/failure", "parse", "parse/redact"}},
	{"sinks", []string{"derive", "parse/redact"}},
	{"sinks/report", []string{"api"}},
	{"sinks/*", []string{"sinks", "derive", "parse/redact"}},
	{"derive/export", []string{"derive", "api"}},
	{"agent/web", []string{"api"}},
	{"agent", []string{"agent/web", "api", "derive", "derive/*", "parse", "parse/redact", "tail", "tail/*", "kube", "conditions/*", "sinks", "sinks/*"}},
	{"replay", []string{"api", "derive", "derive/*", "parse", "parse/redact", "tail", "tail/*", "sinks/report"}},
	{"config", []string{"tail", "derive", "parse/redact", "kube", "conditions/*", "sinks/*"}},
	{"cmd/*", []string{"*", "*/*"}},
}

// TestFloors holds the table against the imports of every file that is not a
// test. A directory without a row fails: somebody has to say where it stands.
func TestFloors(t *testing.T) {
	root := os.DirFS("../..")
	err := fs.WalkDir(root, ".", func(file string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			return skipForeign(root, file)
		case strings.HasSuffix(file, ".go") && !strings.HasSuffix(file, "_test.go"):
			checkImports(t, root, file)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// skipForeign leaves out hidden directories, test data and nested modules.
func skipForeign(root fs.FS, dir string) error {
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	base := path.Base(dir)
	if dir != "." && (err == nil || base == "testdata" || base[0] == '.') {
		return fs.SkipDir
	}
	return nil
}

func checkImports(t *testing.T, root fs.FS, file string) {
	t.Helper()
	row := slices.IndexFunc(floors, func(f floor) bool { return matches(path.Dir(file), f.dir) })
	if row < 0 {
		t.Errorf("%s: %s has no row in floors", file, path.Dir(file))
		return
	}
	src, err := fs.ReadFile(root, file)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := parser.ParseFile(token.NewFileSet(), file, src, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	for _, spec := range parsed.Imports {
		imported := strings.Trim(spec.Path.Value, `"`)
		if strings.HasSuffix(imported, "/viper") && file != "config/load.go" {
			t.Errorf("%s imports viper, which only config/load.go may", file)
		}
		if ours, ok := strings.CutPrefix(imported, "fluxtrail/"); ok && !matches(ours, floors[row].may...) {
			t.Errorf("%s imports %s; code in %s may import only %q of ours", file, ours, floors[row].dir, floors[row].may)
		}
	}
}

func matches(dir string, patterns ...string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool {
		ok, _ := path.Match(p, dir)
		return ok
	})
}
