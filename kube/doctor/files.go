package doctor

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/dustin/go-humanize/english"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/yaml"

	"fluxtrail/config/bounded"
	"fluxtrail/parse/yamlsize"
)

// Objects are what the objects of a cluster are read from: an API server, or files.
type Objects interface {
	// EachOf calls f with each object of a resource that a label selector fits, in all namespaces
	// or, but for "", in one. It ends with the first error of f.
	EachOf(ctx context.Context, of schema.GroupVersionResource, namespace, fits string, f func(map[string]any) error) error
}

// Files are objects that were saved, or are going to be applied: manifests, lists of kubectl, dumps
// of a cluster. They may be a part of what there is.
type Files struct {
	read     int // files
	objects  []unstructured.Unstructured
	problems []string
}

// maxFile bounds what is read of a file, in bytes.
const maxFile = 64 << 20

// maxValues bounds the values of a file: 10,000 pods have 2 million lines.
const maxValues = 3_000_000

// ReadFiles reads files, and of directories the files in YAML and JSON. What of a file is no object
// is told by the check files, and does not keep the rest from being read.
func ReadFiles(paths []string) (*Files, error) {
	f := &Files{}
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			f.file(path)
			continue
		}
		err = filepath.WalkDir(path, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				f.problems = append(f.problems, err.Error())
			} else if d.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)) {
				f.file(path)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

// file reads the documents of one file.
func (f *Files) file(path string) {
	text, err := bounded.File(path, maxFile)
	if err != nil {
		f.problems = append(f.problems, err.Error())
		if len(text) == 0 { // else what was read until then counts
			return
		}
	}
	f.read++
	text = bytes.ReplaceAll(text, []byte("\r\n"), []byte("\n"))
	if yamlsize.Values(text) > maxValues {
		f.problems = append(f.problems, fmt.Sprintf("%s: has more than %d values: give a part of it", path, maxValues))
		return
	}
	documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096)
	for n := 1; ; n++ {
		var raw runtime.RawExtension
		var o map[string]any
		err := documents.Decode(&raw)
		if err == nil && len(raw.Raw) > 0 {
			err = json.Unmarshal(raw.Raw, &o) // whole numbers stay such
		}
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil:
			f.problems = append(f.problems, fmt.Sprintf("%s: document %d is no object: %v", path, n, err))
			if syntax := (yaml.YAMLSyntaxError{}); !errors.As(err, &syntax) {
				return // a decoder of JSON cannot go on
			}
		case len(o) > 0:
			f.add(&unstructured.Unstructured{Object: o}, 0)
		}
	}
}

// add takes an object, or those of a list.
func (f *Files) add(o *unstructured.Unstructured, depth int) {
	items, isList := o.Object["items"].([]any)
	if !isList || depth > 1 || !strings.HasSuffix(o.GetKind(), "List") {
		if o.GetKind() != "" {
			f.objects = append(f.objects, *o)
		}
		return
	}
	for _, item := range items {
		if m, ok := item.(map[string]any); ok {
			f.add(&unstructured.Unstructured{Object: m}, depth+1)
		}
	}
}

// EachOf calls f with what files hold of a resource.
func (f *Files) EachOf(
	_ context.Context, of schema.GroupVersionResource, namespace, selector string, use func(map[string]any) error,
) error {
	sel, err := labels.Parse(selector)
	if err != nil {
		return err
	}
	for _, o := range f.objects {
		group := schema.ParseGroupKind(o.GetKind() + "." + o.GroupVersionKind().Group)
		if group.Group != of.Group || plural(group.Kind) != of.Resource || !sel.Matches(labels.Set(o.GetLabels())) ||
			namespace != "" && namespace != o.GetNamespace() {
			continue
		}
		if err := use(o.Object); err != nil {
			return err
		}
	}
	return nil
}

// plural is the resource of a kind.
func plural(kind string) string {
	switch name := strings.ToLower(kind); {
	case strings.HasSuffix(name, "s"):
		return name + "es"
	case strings.HasSuffix(name, "y"):
		return strings.TrimSuffix(name, "y") + "ies"
	default:
		return name + "s"
	}
}

// files tells what of the files could not be read.
func (x *examination) files(context.Context) (string, error) {
	for _, problem := range x.Files.problems {
		x.add(Warning, "", problem, "templates of a chart have to be rendered first: helm template, kubectl kustomize")
	}
	if len(x.Files.objects) == 0 {
		return "", fmt.Errorf("there is no object in %s", english.Plural(x.Files.read, "file", ""))
	}
	return english.Plural(len(x.Files.objects), "object", "") + " in " + english.Plural(x.Files.read, "file", ""), nil
}
