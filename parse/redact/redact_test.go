package redact_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"fluxtrail/parse/redact"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func newRedactor(t testing.TB, more ...redact.Pattern) *redact.Redactor {
	t.Helper()
	r, err := redact.New(more)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// TestGolden redacts each NAME.in of the archives and compares it with NAME.want.
func TestGolden(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("no archives", err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { testArchive(t, path) })
	}
}

func testArchive(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	r := newRedactor(t)
	out := &txtar.Archive{Comment: a.Comment}
	for i, in := range a.Files {
		name, isInput := strings.CutSuffix(in.Name, ".in")
		if !isInput {
			continue
		}
		got := []byte(r.String(strings.TrimSuffix(string(in.Data), "\n")) + "\n")
		out.Files = append(out.Files, in, txtar.File{Name: name + ".want", Data: got})
		if *update {
			continue
		}
		if i+1 == len(a.Files) || a.Files[i+1].Name != name+".want" {
			t.Fatalf("%s: no %s.want after it", path, name)
		}
		if diff := cmp.Diff(string(a.Files[i+1].Data), string(got)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	if *update {
		if err := os.WriteFile(path, txtar.Format(out), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExtraPatterns(t *testing.T) {
	r := newRedactor(t, redact.Pattern{Name: "ticket", Regexp: `TICKET-\d+`}, redact.Pattern{Name: "pin", Regexp: `pin (\d{4})`})
	got := r.String("pin 1234 of TICKET-77")
	if want := "pin <redacted:pin> of <redacted:ticket>"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	want := map[string]uint64{"pin": 1, "ticket": 1}
	if diff := cmp.Diff(want, r.Counts()); diff != "" {
		t.Error(diff)
	}
}

func TestNewReportsAllBadPatterns(t *testing.T) {
	_, err := redact.New([]redact.Pattern{{"ok", "x+"}, {"bad", "("}, {"empty", "x*"}, {"No Name", "x"}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"patterns[1]: error parsing", "patterns[2]: regexp matches the empty text", "patterns[3]: name"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q lacks %q", err, want)
		}
	}
}

// TestBytesOfCleanLine wants the very same memory back, and none allocated.
func TestBytesOfCleanLine(t *testing.T) {
	r, text := newRedactor(t), []byte(cleanLine)
	out, n := r.Bytes(nil, text)
	if n != 0 || &out[0] != &text[0] || len(out) != len(text) {
		t.Errorf("clean line was copied or changed: %d %q", n, out)
	}
	if got := testing.AllocsPerRun(100, func() { r.Bytes(nil, text); r.String(cleanLine) }); got != 0 {
		t.Errorf("%v allocations for a clean line", got)
	}
}

func TestBytesReusesDst(t *testing.T) {
	r, text, dst := newRedactor(t), []byte("token=hunter2"), make([]byte, 100)
	out, n := r.Bytes(dst, text)
	if n != 1 || string(out) != "token=<redacted:token>" || &out[0] != &dst[0] {
		t.Errorf("got %d %q", n, out)
	}
	if string(text) != "token=hunter2" {
		t.Errorf("text was written to: %q", text)
	}
}

// FuzzRedact holds the promises of the package against any text: valid JSON stays
// valid, a second pass changes nothing, and the count tells whether text changed.
func FuzzRedact(f *testing.F) {
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range archives {
		a, err := txtar.ParseFile(path)
		if err != nil {
			f.Fatal(err)
		}
		for _, file := range a.Files {
			f.Add(file.Data)
		}
	}
	r := newRedactor(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		checkPromises(t, r, text)
		// The same text inside a string of JSON, and that inside another.
		for range 2 {
			q, err := json.Marshal(map[string]string{"error": string(text)})
			if err != nil {
				t.Fatal(err)
			}
			checkPromises(t, r, q)
			text = q
		}
	})
}

func checkPromises(t *testing.T, r *redact.Redactor, text []byte) {
	t.Helper()
	before := bytes.Clone(text)
	out, n := r.Bytes(nil, text)
	if !bytes.Equal(before, text) {
		t.Fatalf("text was written to: %q, was %q", text, before)
	}
	if (n > 0) != !bytes.Equal(out, text) {
		t.Fatalf("%d replaced in %q, got %q", n, text, out)
	}
	if json.Valid(text) && !json.Valid(out) {
		t.Fatalf("no JSON any more:\n%s\n%s", text, out)
	}
	if again, n := r.Bytes(nil, out); n > 0 {
		t.Fatalf("second pass changed:\n%s\n%s\n%s", text, out, again)
	}
}

// TestLinear redacts lines that consist of cues only. It ends at once, or, should a rule
// take time in the square of the length, not before the test's own time limit.
func TestLinear(t *testing.T) {
	r := newRedactor(t)
	for _, unit := range []string{
		"@", "//", "//a:b/", "%40", "%2F%2F", `\`, `"`, `\"`, "a", "A1b", "{", "[", `"data":{`, "data:\n", `data:\n`,
		"data:map[", "token:", "token=", "token: ", `"token":"`, `"token":[`, "token:'", "Authorization: Bearer ",
		"Input string ", "byte of ...|", `header field value "`, "-----BEGIN A-----", "eyJ.eyJ", "password", ")", ",",
	} {
		for _, start := range []string{"", `{`, `{"error":"`} {
			r.Bytes(nil, []byte(start+strings.Repeat(unit, 1<<18/len(unit))))
		}
	}
}

const (
	cleanLine = `{"level":"info","ts":"2023-12-27T20:51:35.810Z","msg":"Reconciliation finished in 1.578240643s, next run in 10m0s","controller":"kustomization","controllerGroup":"kustomize.toolkit.fluxcd.io","controllerKind":"Kustomization","Kustomization":{"name":"flux-system","namespace":"flux-system"},"namespace":"flux-system","name":"flux-system","reconcileID":"c0f7d51b-5ba2-4e4c-8d46-450e95c8343c","revision":"main@sha1:dc74456474966c5bc8d450eb3d7f381965b416bc"}`
	dirtyLine = `{"level":"error","ts":"2024-09-26T22:47:33.489Z","msg":"Reconciler error","controller":"gitrepository","controllerGroup":"source.toolkit.fluxcd.io","controllerKind":"GitRepository","GitRepository":{"name":"repo","namespace":"flux-system"},"namespace":"flux-system","name":"repo","reconcileID":"bd2092da-3703-4375-ad35-c3dd19f1b9dc","error":"failed to checkout and determine revision: unable to clone 'https://user:tok%40en@localhost:8000': Get \"http://localhost:8000/info/refs?service=git-upload-pack\": connection refused"}`
)

func BenchmarkClean(b *testing.B) { benchmark(b, [][]byte{[]byte(cleanLine)}) }
func BenchmarkDirty(b *testing.B) { benchmark(b, [][]byte{[]byte(dirtyLine)}) }

// BenchmarkRecorded runs over many different lines, so that the processor cannot learn
// the one by heart; per byte it tells more than BenchmarkClean.
func BenchmarkRecorded(b *testing.B) {
	paths, _ := filepath.Glob("../../../shared/data/stories/*/pods/*/*/*.log")
	var lines [][]byte
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			b.Fatal(err)
		}
		for line := range bytes.Lines(text) {
			lines = append(lines, []byte(withoutFraming(string(line))))
		}
	}
	if len(lines) == 0 {
		b.Skip("the recorded logs are not here")
	}
	benchmark(b, lines)
}

func benchmark(b *testing.B, lines [][]byte) {
	r, size := newRedactor(b), 0
	for _, line := range lines {
		size += len(line)
	}
	b.SetBytes(int64(size / len(lines)))
	b.ReportAllocs()
	var dst []byte
	for i := 0; b.Loop(); i++ {
		if out, n := r.Bytes(dst, lines[i%len(lines)]); n > 0 {
			dst = out
		}
	}
}

// TestEscapesStayWhole wants no placeholder to start or end inside an escape of JSON.
func TestEscapesStayWhole(t *testing.T) {
	r := newRedactor(t)
	for _, text := range []string{
		`{"error":"a token \"\u0026zzzzzzzz token\"1password \"\u003credacted:password\"secret token password B111111111111 1\u002611111111 11111"}`,
		`{"error":"wrong password   \u0026Zx8kk7Pw\u003c9\u0026   secret\n1\u0026   2\u0027Zx8kk7Pw\u0027 token"}`,
		`{"error":"a,password,token\n1\u0026Zx8kk7,2\u0026Zx8kk7,\u00267Pw token\n"}`,
	} {
		checkPromises(t, r, []byte(text))
	}
}

// TestStaysJSON wants text that is valid JSON to stay so, whatever it consists of.
func TestStaysJSON(t *testing.T) {
	r := newRedactor(t)
	for _, text := range []string{
		`"ApiToken(" `, " \"ApiToken(\"\n", ` {"a":"ApiToken("}`, `["ApiToken("]`, ` [ {"a":"ApiToken("}, {"b":"password=("} ]`, `[["ApiToken("]]`,
	} {
		checkPromises(t, r, []byte(text))
	}
}

// TestEnds redacts lines in which the search for a value comes to the end of the string around it.
func TestEnds(t *testing.T) {
	r := newRedactor(t)
	for _, text := range []string{
		`{"error":"executing \"x\" at <printf \"a\" "}`, `{"error":"template: a:1: executing \"a\" at <include "," token "}`,
		`{"error":"sent Bearer <redacted:acted:auat <redacted:authorization>"}o`, `{"error":"at <"secret"}`, "\"a\":\"<redacted:b\"}at <printf \"\n:authorization>",
		"\"a\":\"b\"}at <printf \x02c\"\n:authorization>", "{\"a\":\"b\"}at <printf c\"\n:e>", "{\"a\":\"\x00b\"}at <include \x00c\"\n:token>",
		"\"k\":\"<redacted:b\x00k\"}at <printf\x00 k\"\n:authorization>x", "\"\x01k\":\"v\x01\"}at <htpasswd\x01k\"\n:password>x", `at <redacted:x "secret" at <`,
	} {
		for i := range text {
			checkPromises(t, r, []byte(text[:i]))
			checkPromises(t, r, []byte(text[i:]))
			checkPromises(t, r, []byte(inJSON(text[i:])))
		}
	}
}

// TestWrappedTail wants the last line of base64 to go with those before it, and a line that is none
// to stay.
func TestWrappedTail(t *testing.T) {
	t.Parallel()
	r := newRedactor(t)
	const first = "cannot decode c210cDoKICBob3N0OiBtYWlsLmV4YW1wbGUKICB1c2VyOiByb2JvdAogIHBhc3N3"
	for tail, want := range map[string]string{
		"\nb3JkOiBtYXJpZ29sZAo= of field": " of field",
		"\nb3JkOiBtYXJpZ29sZA of field":   " of field",
		"\nnext-line of text":             "\nnext-line of text",
		"\nlog_level=debug":               "\nlog_level=debug",
	} {
		if got := r.String(first + tail); got != "cannot decode <redacted:base64>"+want {
			t.Errorf("%q: %q", tail, got)
		}
	}
}
