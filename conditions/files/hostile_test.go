package files

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"fluxtrail/conditions"
)

// endless repeats a text without end.
type endless struct {
	text string
	at   int
}

func (e *endless) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) {
		k := copy(p[n:], e.text[e.at:])
		n, e.at = n+k, (e.at+k)%len(e.text)
	}
	return n, nil
}

// bomb is YAML whose aliases stand for nine times as many with each line.
func bomb(lines int) string {
	var b strings.Builder
	b.WriteString("apiVersion: v1\nkind: List\na0: &a0 [x, x, x, x, x, x, x, x, x]\n")
	for i := 1; i < lines; i++ {
		alias := fmt.Sprintf("*a%d", i-1)
		fmt.Fprintf(&b, "a%d: &a%d [%s]\n", i, i, strings.Join([]string{alias, alias, alias, alias, alias, alias, alias, alias, alias}, ", "))
	}
	return b.String()
}

// keys are so many keys of a map.
func keys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "      k%d: x\n", i)
	}
	return b.String()
}

const object = `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"%s","namespace":"a"},` +
	`"status":{"conditions":[{"type":"Ready","status":"True","lastTransitionTime":"%s"}]}}`

// hostile are texts that somebody writes to stop who reads them, and what is said of them.
var hostile = map[string]struct {
	text    io.Reader
	err     string // part of it, "" for none
	objects int
}{
	"endless string":    {io.MultiReader(strings.NewReader(`{"a":"`), &endless{text: "x"}), "16 MiB", 0},
	"endless number":    {io.MultiReader(strings.NewReader(`{"a":1`), &endless{text: "0"}), "16 MiB", 0},
	"endless list":      {io.MultiReader(strings.NewReader(`{"a":[`), &endless{text: "[],"}), "16 MiB", 0},
	"endless nesting":   {&endless{text: `{"a":`}, "depth", 0},
	"endless brackets":  {&endless{text: `[`}, "depth", 0},
	"endless newlines":  {io.MultiReader(strings.NewReader(`{"a":1}`), &endless{text: "\n"}), "16 MiB", 0},
	"endless item":      {io.MultiReader(strings.NewReader(`{"items":[{"a":"`), &endless{text: "\u202e"}), "16 MiB", 0},
	"endless members":   {io.MultiReader(strings.NewReader(`{"a":1`), &endless{text: `,"b":1`}), "16 MiB", 0},
	"values":            {strings.NewReader("kind: List\na: [" + strings.Repeat("a,", maxValues) + "]\n"), "line 1: more than 1500000 values", 0},
	"keys":              {strings.NewReader("kind: List\na:\n" + keys(maxKeys+1)), "line 3: a map of more than 5000 keys", 0},
	"keys of an item":   {strings.NewReader("kind: List\nitems:\n- a:\n    b:\n" + keys(maxKeys+1)), "line 5: a map of more than 5000 keys", 0},
	"endless YAML":      {io.MultiReader(strings.NewReader("kind: List\na: |\n"), &endless{text: "  x\n"}), "256 MiB", 0},
	"endless samples":   {&endless{text: "gotk_x{a=\"b\"} 1 1\n"}, "256 MiB", 0},
	"endless moment":    {io.MultiReader(strings.NewReader(`{"t":1,"ready":"`), &endless{text: "x"}), "too long", 0},
	"endless table":     {io.MultiReader(strings.NewReader("NAMESPACE\tNAME\tREADY\tMESSAGE\n"), &endless{text: "x"}), "too long", 0},
	"billion laughs":    {strings.NewReader(bomb(12)), "aliases make this", 0},
	"alias of itself":   {strings.NewReader("kind: List\na: &a [*a, *a]\n"), "aliases make this", 0},
	"much flow":         {strings.NewReader("kind: List\na: " + strings.Repeat("[", 1<<19)), "no YAML", 0},
	"NUL bytes":         {strings.NewReader("kind: List\x00\x00\nitems:\x00"), "no YAML", 0},
	"NUL in JSON":       {strings.NewReader("{\"a\":\"\x00\"}"), "invalid character", 0},
	"invalid UTF-8":     {strings.NewReader(fmt.Sprintf(object, "a\xff", "2026-01-01T00:00:00Z")), "", 1},
	"duplicate keys":    {strings.NewReader(`{"kind":"List","items":[` + fmt.Sprintf(object, "a", "2026-01-01T00:00:00Z") + `],"items":[],"kind":1}`), "", 1},
	"wrong types":       {strings.NewReader(`{"kind":{},"metadata":[1],"status":"x","items":{"a":1}}`), "want a list", 0},
	"items of nothing":  {strings.NewReader(`{"items":[null,1,"a",[],{},{"kind":7},{"metadata":{"name":[]}}]}`), "", 0},
	"no kind":           {strings.NewReader(strings.Replace(fmt.Sprintf(object, "a", "2026-01-01T00:00:00Z"), `"kind"`, `"k"`, 1)), "", 0},
	"no kind, watched":  {strings.NewReader(`{"type":"ADDED","object":` + strings.Replace(fmt.Sprintf(object, "a", "2026-01-01T00:00:00Z"), `"kind"`, `"k"`, 1) + "}"), "", 0},
	"a name of 5 MB":    {strings.NewReader(fmt.Sprintf(object, strings.Repeat("a", 5_000_000), "2026-01-01T00:00:00Z")), "", 0},
	"a sample's name":   {strings.NewReader("# HELP x x\ngotk_suspend_status{kind=\"Kustomization\",name=\"" + strings.Repeat("a", 70_000) + "\"} 1 1767225600000\n"), "", 0},
	"a row's name":      {strings.NewReader("NAMESPACE\tNAME\tREADY\tMESSAGE\na\tkustomization/" + strings.Repeat("a", 70_000) + "\tTrue\tx\n"), "line 2", 0},
	"a moment's name":   {strings.NewReader(`{"t":1767225600,"kind":"Kustomization","ready":"True","name":"` + strings.Repeat("a", 70_000) + `"}`), "is no transition", 0},
	"an event's name":   {strings.NewReader(`{"kind":"Event","metadata":{"name":"e"},"involvedObject":{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","name":"` + strings.Repeat("a", 70_000) + `"}}`), "", 0},
	"huge number":       {strings.NewReader(strings.Replace(fmt.Sprintf(object, "a", "2026-01-01T00:00:00Z"), `"metadata":{`, `"metadata":{"generation":1e308,`, 1)), "", 1},
	"the year 9999":     {strings.NewReader(fmt.Sprintf(object, "a", "9999-12-31T23:59:59Z")), "says no time", 0},
	"the year 1":        {strings.NewReader(fmt.Sprintf(object, "a", "0001-01-01T00:00:00Z")), "says no time", 0},
	"a time past all":   {strings.NewReader(`{"t":1e300,"kind":"Kustomization","name":"a","ready":"True"}`), "is no transition", 0},
	"a time before all": {strings.NewReader(`{"t":"0001-01-01T00:00:00Z","kind":"Kustomization","name":"a","ready":"True"}`), "is no transition", 0},
	"sample of no time": {strings.NewReader("# HELP x x\ngotk_reconcile_condition{kind=\"Kustomization\",name=\"a\",namespace=\"b\",type=\"Ready\",status=\"True\"} 1 9223372036854775807\n"), "", 0},
	"not a number":      {strings.NewReader("# HELP x x\ngotk_reconcile_condition{kind=\"Kustomization\",name=\"a\",namespace=\"b\",type=\"Ready\",status=\"True\"} NaN 1767225600000\n"), "", 1},
}

// readText reads what a file holds.
func readText(name string, text io.Reader, opt Options) *conditions.Evidence {
	e := &conditions.Evidence{}
	in := &input{path: name, reader: conditions.NewReader(opt.Redact), at: opt.At}
	in.tell(e, in.read(text))
	e.Sort()
	return e
}

// TestHostileFiles wants an end to each text, and what is wrong with it, for little memory.
func TestHostileFiles(t *testing.T) {
	for name, h := range hostile {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		e := readText(name, h.text, Options{Redact: func(s string) string { return s }})
		runtime.ReadMemStats(&after)
		err := e.Inputs[0].Err
		switch {
		case h.err == "" && err != nil, h.err != "" && (err == nil || !strings.Contains(err.Error(), h.err)):
			t.Errorf("%s: error %.300v, want %q", name, err, h.err)
		case len(e.Observations) != h.objects:
			t.Errorf("%s: %d observations, want %d", name, len(e.Observations), h.objects)
		}
		if got := (after.Sys - before.Sys) >> 20; after.Sys > before.Sys && got > 1500 {
			t.Errorf("%s: %d MiB more of memory", name, got)
		}
	}
}

// TestManyParts wants time and memory in proportion to the text of an object that has many of
// everything, and what objects really have to be kept.
func TestManyParts(t *testing.T) {
	t.Parallel()
	const many = 60_000
	each := func(format string) string {
		var b strings.Builder
		for i := range many {
			fmt.Fprintf(&b, format, i)
		}
		return b.String()
	}
	text := `{"apiVersion":"kustomize.toolkit.fluxcd.io/v1","kind":"Kustomization","metadata":{"name":"a","namespace":"a"},"spec":{"dependsOn":[` +
		each(`{"name":"d%d"},`) + `{}]},"status":{"history":[` + each(`{"lastReconciledStatus":"s%d"},`) + `{}],"inventory":{"entries":[` +
		each(`{"id":"a_i%d_kustomize.toolkit.fluxcd.io_Kustomization"},`) + `{}]},"conditions":[` + each(`{"type":"t%d","status":"True"},`) + `{}]}}`
	e := readText("many.json", strings.NewReader(text), Options{At: 1, Redact: func(s string) string { return s }})
	if len(e.Observations) != 1 {
		t.Fatal(e.Inputs[0])
	}
	o := &e.Observations[0]
	for what, n := range map[string]int{
		"conditions": len(o.Conditions), "dependencies": len(o.DependsOn), "outcomes": len(o.History), "applied objects": len(o.Applies),
	} {
		if n < 100 || n > 1000 {
			t.Errorf("%d %s are kept", n, what)
		}
	}
}

// TestManyTimes wants memory not to grow with each time that a sample has, whatever its family.
func TestManyTimes(t *testing.T) {
	t.Parallel()
	var text bytes.Buffer
	text.WriteString("# HELP x x\n")
	for i := range 300_000 {
		fmt.Fprintf(&text, "gotk_suspend_status{kind=\"Kustomization\",name=\"a\"} 0 %d\nx 1 %d\n", i+1, i+1)
	}
	e := readText("many.prom", &text, Options{Redact: func(s string) string { return s }})
	if got := len(e.Observations); got != maxScrapes || e.Inputs[0].Others != 500_000 {
		t.Errorf("%d observations and %d others", got, e.Inputs[0].Others)
	}
}

// TestSpecialFiles wants what is no regular file left out of a directory, and told.
func TestSpecialFiles(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	good := fmt.Sprintf(object, "a", "2026-01-01T00:00:00Z")
	for path, err := range map[string]error{
		"pipe": syscall.Mkfifo(filepath.Join(dir, "pipe"), 0o600), "device": os.Symlink("/dev/zero", filepath.Join(dir, "device")),
		"loop": os.Symlink("loop", filepath.Join(dir, "loop")), "up": os.Symlink(dir, filepath.Join(dir, "up")),
		"good": os.WriteFile(filepath.Join(dir, "good.json"), []byte(good), 0o600),
	} {
		if err != nil {
			t.Fatal(path, err)
		}
	}
	e, err := Read([]string{dir}, Options{Redact: func(s string) string { return s }})
	if err != nil || len(e.Observations) != 1 {
		t.Fatal(err, len(e.Observations))
	}
	for _, in := range e.Inputs {
		if base := filepath.Base(in.Name); (base == "good.json") != (in.Err == nil) {
			t.Errorf("%s: %v", base, in.Err)
		}
	}
	if len(e.Inputs) != 5 {
		t.Errorf("%d rows", len(e.Inputs))
	}
}

// damage is what may become of a file of a database.
var damage = map[string]func(text []byte) []byte{
	"empty":       func([]byte) []byte { return nil },
	"cut":         func(b []byte) []byte { return b[:len(b)/2] },
	"one byte":    func(b []byte) []byte { return b[:min(1, len(b))] },
	"zeros":       func(b []byte) []byte { return make([]byte, len(b)) },
	"ones":        func(b []byte) []byte { return bytes.Repeat([]byte{0xff}, len(b)) },
	"turned":      func(b []byte) []byte { return turned(b, 7) },
	"end":         func(b []byte) []byte { return append(b[:len(b)*9/10], turned(b[len(b)*9/10:], 1)...) },
	"longer":      func(b []byte) []byte { return append(b, b...) },
	"early times": times(-1<<62, 0),
	"late times":  times(0, 1<<62),
	"all times":   times(-1<<63, 1<<63-1),
	"nested":      func([]byte) []byte { return bytes.Repeat([]byte("["), 1<<20) },
}

// turned has one bit of each so many bytes turned.
func turned(b []byte, every int) []byte {
	b = bytes.Clone(b)
	for i := every; i < len(b); i += every {
		b[i] ^= 1 << (i % 8)
	}
	return b
}

// times makes the description of a block say other times.
func times(from, to int64) func([]byte) []byte {
	return func(b []byte) []byte {
		text := string(b)
		for key, at := range map[string]int64{"minTime": from, "maxTime": to} {
			if at == 0 {
				continue
			}
			before, after, _ := strings.Cut(text, `"`+key+`":`)
			if i := strings.IndexByte(after, ','); i > 0 {
				text = fmt.Sprintf(`%s"%s": %d%s`, before, key, at, after[i:])
			}
		}
		return []byte(text)
	}
}

// TestHostileDatabase wants an end, and no panic, whatever is wrong with a file of a database, and
// what the other files have.
func TestHostileDatabase(t *testing.T) {
	t.Parallel()
	good := newDatabase(t)
	var paths []string
	err := filepath.WalkDir(good, func(path string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && d.Name() != "lock" {
			paths = append(paths, strings.TrimPrefix(path, good))
		}
		return err
	})
	if err != nil || len(paths) < 5 {
		t.Fatal(err, paths)
	}
	for _, path := range paths {
		for name, f := range damage {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(good)); err != nil {
				t.Fatal(err)
			}
			text, err := os.ReadFile(good + path)
			if err == nil {
				err = os.WriteFile(dir+path, f(text), 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
			e := readDatabase(dir, conditions.NewReader(func(s string) string { return s }), 0, 0)
			if len(e.Observations) == 0 && e.Inputs[0].Err == nil {
				t.Errorf("%s, %s: nothing was read and nothing is said", path, name)
			}
			if err := e.Inputs[0].Err; strings.HasSuffix(name, "times") && strings.HasSuffix(path, "meta.json") && !strings.Contains(fmt.Sprint(err), "times that no block has") {
				t.Errorf("%s, %s: %v", path, name, err)
			}
		}
	}
}
