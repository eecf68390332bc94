package replay

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v3"
)

// dump is what kubectl saved of a story, to be saved again in other forms.
type dump struct {
	t     *testing.T
	items []map[string]any
}

func readDump(t *testing.T, path string) dump {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var list struct{ Items []map[string]any }
	if err := json.Unmarshal(text, &list); err != nil {
		t.Fatal(err)
	}
	return dump{t, list.Items}
}

func (d dump) json(v any) []byte {
	text, err := json.MarshalIndent(v, "", "  ")
	if err != nil {
		d.t.Fatal(err)
	}
	return text
}

func (d dump) yaml(v any) []byte {
	var b bytes.Buffer
	e := yaml.NewEncoder(&b)
	e.SetIndent(2)
	if err := e.Encode(v); err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

func list(kind string, items []map[string]any) map[string]any {
	return map[string]any{"apiVersion": "v1", "kind": kind, "items": items}
}

func text(o map[string]any, path ...string) string {
	var v any = o
	for _, key := range path {
		m, _ := v.(map[string]any)
		v = m[key]
	}
	s, _ := v.(string)
	return s
}

// kinds are the items of each kind.
func (d dump) kinds() map[string][]map[string]any {
	all := map[string][]map[string]any{}
	for _, o := range d.items {
		all[text(o, "kind")] = append(all[text(o, "kind")], o)
	}
	return all
}

// write writes files below a new directory.
func (d dump) write(files map[string][]byte) string {
	dir := d.t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			d.t.Fatal(err)
		}
		if err := os.WriteFile(path, text, 0o600); err != nil {
			d.t.Fatal(err)
		}
	}
	return dir
}

// dumpForms are ways to save the same.
var dumpForms = map[string]func(d dump) map[string][]byte{
	"yaml": func(d dump) map[string][]byte { return map[string][]byte{"all.yaml": d.yaml(list("List", d.items))} },
	"reversed": func(d dump) map[string][]byte {
		slices.Reverse(d.items)
		return map[string][]byte{"all.json": d.json(list("List", d.items))}
	},
	"gzip": func(d dump) map[string][]byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		if _, err := z.Write(d.json(list("List", d.items))); err != nil || z.Close() != nil {
			d.t.Fatal(err)
		}
		return map[string][]byte{"all.json.gz": b.Bytes()}
	},
	"a list of each kind": func(d dump) map[string][]byte {
		all := map[string][]byte{}
		for kind, items := range d.kinds() {
			all[kind+".json"] = d.json(list("List", items))
		}
		return all
	},
	"lists of the API": func(d dump) map[string][]byte {
		all := map[string][]byte{}
		for kind, items := range d.kinds() {
			l := list(kind+"List", nil)
			var bare []map[string]any
			for _, o := range items {
				l["apiVersion"] = o["apiVersion"]
				o = maps.Clone(o)
				delete(o, "kind")
				delete(o, "apiVersion")
				bare = append(bare, o)
			}
			l["items"] = bare
			all[kind+".json"] = d.json(l)
		}
		return all
	},
	"must-gather": func(d dump) map[string][]byte {
		all := map[string][]byte{"version": []byte("must-gather\n"), "namespaces/all/core/pods.yaml": []byte("apiVersion: v1\nkind: PodList\nitems: []\n")}
		for _, o := range d.items {
			group, _, _ := strings.Cut(text(o, "apiVersion"), "/")
			path := fmt.Sprintf("namespaces/%s/%s/%ss/%s.yaml", text(o, "metadata", "namespace"), group, strings.ToLower(text(o, "kind")),
				text(o, "metadata", "name"))
			all[path] = append([]byte("---\n"), d.yaml(o)...)
		}
		return all
	},
	"an object a line": func(d dump) map[string][]byte {
		var b bytes.Buffer
		for _, o := range d.items {
			line, _ := json.Marshal(o)
			b.Write(append(line, '\n'))
		}
		return map[string][]byte{"all.jsonl": b.Bytes()}
	},
	"yaml stream": func(d dump) map[string][]byte {
		var b bytes.Buffer
		for _, o := range d.items {
			b.WriteString("---\n")
			b.Write(d.yaml(o))
		}
		return map[string][]byte{"all.yaml": b.Bytes()}
	},
	"windows": func(d dump) map[string][]byte {
		return map[string][]byte{"all.yaml": append([]byte("\ufeff"), bytes.ReplaceAll(d.yaml(list("List", d.items)), []byte("\n"), []byte("\r\n"))...)}
	},
}

// verdicts are those of the objects at the end of a story.
func verdicts(t *testing.T, name, at string, evidence ...string) map[string]string {
	t.Helper()
	opt := Options{Paths: []string{ofStory(t, name, "pods")}, Conditions: evidence}
	if at != "" {
		opt.ConditionsAt = nanoseconds(t, at)
	}
	rep := theReport(t, opt)
	all := verdictsOf(rep)
	for i := range rep.Input.Conditions {
		if c := &rep.Input.Conditions[i]; c.Error != nil {
			all["error "+filepath.Base(c.Source)] = *c.Error
		}
	}
	return all
}

// TestFormsOfADump saves one dump in other forms: the verdicts stay the same.
func TestFormsOfADump(t *testing.T) {
	t.Parallel()
	const at = "2026-11-26T13:02:37Z"
	path := ofStory(t, "oci", "dumps", "end.json")
	want := verdicts(t, "oci", at, path)
	for name, form := range dumpForms {
		d := readDump(t, path)
		got := verdicts(t, "oci", at, d.write(form(d)))
		maps.DeleteFunc(got, func(name, _ string) bool { return name == "error version" })
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPartsOfADump saves less than all: what is missing is judged by the log, and nothing is taken
// to be deleted because it is missing.
func TestPartsOfADump(t *testing.T) {
	t.Parallel()
	const at = "2026-11-26T13:02:37Z"
	path := ofStory(t, "oci", "dumps", "end.json")
	log, both := verdicts(t, "oci", ""), verdicts(t, "oci", at, path)
	d := readDump(t, path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string][]byte{
		"JSON breaks off": whole[:len(whole)/2],
		"YAML breaks off": d.yaml(list("List", d.items))[:len(d.yaml(list("List", d.items)))/2],
		"one kind":        d.json(list("List", d.kinds()["Kustomization"])),
		"one namespace":   d.json(list("List", slices.DeleteFunc(slices.Clone(d.items), func(o map[string]any) bool { return text(o, "metadata", "namespace") != "team-a" }))),
		"one object":      d.json(d.items[0]),
	} {
		for object, got := range verdicts(t, "oci", at, d.write(map[string][]byte{"part.json": text})) {
			if got != log[object] && got != both[object] && !strings.HasPrefix(object, "error ") {
				t.Errorf("%s: %s is %s, by the log %s, by both %s", name, object, got, log[object], both[object])
			}
		}
	}
}

// TestDumpWithoutTimes takes every time out of a dump.
func TestDumpWithoutTimes(t *testing.T) {
	t.Parallel()
	path := ofStory(t, "oci", "dumps", "end.json")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile(`"[^"]+": "20\d\d-[^"]*Z",?\s*`).ReplaceAll(whole, nil)
	bare = regexp.MustCompile(`,(\s*})`).ReplaceAll(bare, []byte("$1"))
	d := dump{t: t}
	file := filepath.Join(d.write(map[string][]byte{"all.json": bare}), "all.json")
	want := verdicts(t, "oci", "")
	got := verdicts(t, "oci", "", file)
	if !strings.Contains(got["error all.json"], "says no time") {
		t.Errorf("got %q", got["error all.json"])
	}
	delete(got, "error all.json")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-log alone +with what has no time):\n%s", diff)
	}
	want = verdicts(t, "oci", "2026-11-26T13:02:37Z", path)
	got = verdicts(t, "oci", "2026-11-26T13:02:37Z", file)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("with --conditions-at (-with times +without):\n%s", diff)
	}
}

// TestNamespaceLabels swaps the two forms in which metrics name the object's namespace.
func TestNamespaceLabels(t *testing.T) {
	t.Parallel()
	dir := ofStory(t, "git-old", "metrics")
	want := verdicts(t, "git-old", "", dir)
	files := map[string][]byte{}
	names, err := filepath.Glob(filepath.Join(dir, "*.prom"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text = bytes.ReplaceAll(text, []byte(`,namespace="`), []byte(`,namespace="flux-system",exported_namespace="`))
		files[filepath.Base(name)] = text
	}
	if diff := cmp.Diff(want, verdicts(t, "git-old", "", dump{t: t}.write(files))); diff != "" {
		t.Errorf("(-namespace +exported_namespace):\n%s", diff)
	}
}

// TestSkewedStory moves the clock of what observed the conditions, or that of the conditions, too.
func TestSkewedStory(t *testing.T) {
	t.Parallel()
	path := ofStory(t, "git-new", "conditions.jsonl")
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	want := verdicts(t, "git-new", "", path)
	for _, by := range []time.Duration{5 * time.Minute, -5 * time.Minute} {
		for _, both := range []bool{true, false} {
			var b bytes.Buffer
			for line := range bytes.Lines(whole) {
				var v map[string]any
				if err := json.Unmarshal(line, &v); err != nil {
					t.Fatal(err)
				}
				v["t"] = v["t"].(float64) + by.Seconds()
				if since, _ := v["since"].(string); both && since != "" {
					v["since"] = time.Unix(0, nanoseconds(t, since)).Add(by).UTC().Format(time.RFC3339)
				}
				fmt.Fprintf(&b, `{"t": %f, "ready": `, v["t"]) // the form is known by how a line begins
				rest, _ := json.Marshal(v["ready"])
				b.Write(rest)
				delete(v, "t")
				delete(v, "ready")
				rest, _ = json.Marshal(v)
				b.WriteString("," + string(rest[1:]) + "\n")
			}
			got := verdicts(t, "git-new", "", dump{t: t}.write(map[string][]byte{"conditions.jsonl": b.Bytes()}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s, both clocks %v (-right +skewed):\n%s", by, both, diff)
			}
		}
	}
}

// TestFluxGet saves a dump as flux get all -A would have printed it: it says no reasons and no
// times, which changes no verdict but those of what it leaves out.
func TestFluxGet(t *testing.T) {
	t.Parallel()
	const at = "2026-11-26T13:02:37Z"
	path := ofStory(t, "oci", "dumps", "end.json")
	want := verdicts(t, "oci", at, path)
	d := readDump(t, path)
	var b strings.Builder
	for kind, items := range d.kinds() {
		head := "NAMESPACE\tNAME\tREVISION\tSUSPENDED\tREADY\tMESSAGE\t\n"
		if kind == "Alert" || kind == "Provider" {
			head = "NAMESPACE\tNAME\t\n"
		}
		b.WriteString(head)
		for _, o := range items {
			fmt.Fprintf(&b, "%-12s\t%s/%s\t", text(o, "metadata", "namespace"), strings.ToLower(kind), text(o, "metadata", "name"))
			if strings.Contains(head, "READY") {
				ready, message := readyOf(o)
				spec, _ := o["spec"].(map[string]any)
				fmt.Fprintf(&b, "%s\t%v\t%s\t%s\t", text(o, "status", "artifact", "revision"), spec["suspend"] == true, ready, message)
			}
			b.WriteByte('\n')
		}
		b.WriteByte('\n')
	}
	got := verdicts(t, "oci", at, d.write(map[string][]byte{"flux.txt": []byte(b.String())}))
	for _, generated := range []string{"ArtifactGenerator", "ExternalArtifact"} { // paused by an annotation; not told
		maps.DeleteFunc(got, func(name, _ string) bool { return strings.HasPrefix(name, generated) })
		maps.DeleteFunc(want, func(name, _ string) bool { return strings.HasPrefix(name, generated) })
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-dump +flux get):\n%s", diff)
	}
}

// readyOf is what flux get prints of an object's Ready condition.
func readyOf(o map[string]any) (status, message string) {
	s, _ := o["status"].(map[string]any)
	all, _ := s["conditions"].([]any)
	for _, c := range all {
		if c, _ := c.(map[string]any); c["type"] == "Ready" {
			return text(c, "status"), text(c, "message")
		}
	}
	return "False", "waiting to be reconciled"
}
