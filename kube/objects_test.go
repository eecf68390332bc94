package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// cluster answers requests by their path. Watches stay open until a test ends them.
type cluster struct {
	mu      sync.Mutex
	answers map[string]string // by path; "403" and the like refuse
	watches map[string]*io.PipeWriter
	lists   map[string]int
}

func (c *cluster) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	body, ok := c.answers[req.URL.Path]
	switch {
	case !ok:
		return answer(404, io.NopCloser(strings.NewReader(statusJSON(404)))), nil
	case body == "403":
		return answer(403, io.NopCloser(strings.NewReader(statusJSON(403)))), nil
	case req.URL.Query().Has("watch"):
		r, w := io.Pipe()
		context.AfterFunc(req.Context(), func() { w.CloseWithError(req.Context().Err()) })
		c.watches[req.URL.Path] = w
		return answer(200, r), nil
	}
	c.lists[req.URL.Path]++
	return answer(200, io.NopCloser(strings.NewReader(c.page(body, req)))), nil
}

// page cuts lists of several objects into pages of one.
func (c *cluster) page(body string, req *http.Request) string {
	var list struct {
		Kind, APIVersion string
		Items            []json.RawMessage
	}
	if json.Unmarshal([]byte(body), &list) != nil || len(list.Items) < 2 || req.URL.Query().Get("limit") == "" {
		return body
	}
	n := 0
	_, _ = fmt.Sscan(req.URL.Query().Get("continue"), &n)
	more := ""
	if n+1 < len(list.Items) {
		more = fmt.Sprint(n + 1)
	}
	return fmt.Sprintf(`{"kind":%q,"apiVersion":%q,"metadata":{"resourceVersion":"7","continue":%q},"items":[%s]}`,
		list.Kind, list.APIVersion, more, list.Items[n])
}

func (c *cluster) set(path, body string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if body == "" {
		delete(c.answers, path)
	} else {
		c.answers[path] = body
	}
}

func (c *cluster) send(t *testing.T, path, event string) {
	t.Helper()
	if _, err := io.WriteString(c.watches[path], event+"\n"); err != nil {
		t.Fatal(err)
	}
	synctest.Wait()
}

func groupJSON(group string, versions ...string) string {
	var all []string
	for _, v := range versions {
		all = append(all, fmt.Sprintf(`{"groupVersion":"%s/%s","version":%q}`, group, v, v))
	}
	return `{"kind":"APIGroup","apiVersion":"v1","name":"` + group + `","versions":[` + strings.Join(all, ",") + `]}`
}

// resourcesJSON is a version with kinds, given as Kind:resource; one that ends in ! cannot be
// listed.
func resourcesJSON(kinds ...string) string {
	var all []string
	for _, k := range kinds {
		k, silent := strings.CutSuffix(k, "!")
		kind, name, _ := strings.Cut(k, ":")
		verbs := `"get","list","watch"`
		if silent {
			verbs = `"patch"`
		}
		all = append(all, fmt.Sprintf(`{"name":%q,"kind":%q,"namespaced":true,"verbs":[%s]}`, name, kind, verbs))
	}
	return `{"kind":"APIResourceList","apiVersion":"v1","resources":[` + strings.Join(all, ",") + `]}`
}

func objectJSON(kind, apiVersion, name string) string {
	return fmt.Sprintf(`{"kind":%q,"apiVersion":%q,"metadata":{"namespace":"a","name":%q,"resourceVersion":"8"}}`, kind, apiVersion, name)
}

func objectsJSON(kind, apiVersion string, names ...string) string {
	var all []string
	for _, name := range names {
		all = append(all, objectJSON(kind, apiVersion, name))
	}
	return fmt.Sprintf(`{"kind":"%sList","apiVersion":%q,"metadata":{"resourceVersion":"7"},"items":[%s]}`, kind, apiVersion, strings.Join(all, ","))
}

// seenObjects is a Handler that keeps names, as KIND/NAME in the version they were read in.
type seenObjects struct {
	all     map[string]bool
	reports map[string]string
}

func (s *seenObjects) Distill(kind Kind, o *unstructured.Unstructured) string {
	return kind.Name + "." + kind.Version + "/" + o.GetName()
}

func (s *seenObjects) Replace(kind Kind, all []string) {
	maps.DeleteFunc(s.all, func(name string, _ bool) bool { return strings.HasPrefix(name, kind.Name+".") })
	for _, name := range all {
		s.all[name] = true
	}
}

func (s *seenObjects) Put(_ Kind, name string)  { s.all[name] = true }
func (s *seenObjects) Drop(_ Kind, name string) { delete(s.all, name) }

func (s *seenObjects) Report(kind Kind, err error) {
	delete(s.reports, kind.Name)
	if err != nil {
		s.reports[kind.Name] = err.Error()
	}
}

const (
	ks    = "/apis/kustomize.toolkit.fluxcd.io"
	helm  = "/apis/helm.toolkit.fluxcd.io"
	other = "/apis/new.fluxcd.io"
	crds  = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
)

// TestObjects is the life of a cluster: kinds in several versions, one that may not be read, one
// of a new group, one that goes and comes back.
func TestObjects(t *testing.T) {
	c := &cluster{watches: map[string]*io.PipeWriter{}, lists: map[string]int{}, answers: map[string]string{
		ks:                        groupJSON("kustomize.toolkit.fluxcd.io", "v1beta2", "v1", "v2alpha1"),
		ks + "/v1":                resourcesJSON("Kustomization:kustomizations", "Kustomization:kustomizations/status!"),
		ks + "/v1beta2":           resourcesJSON("Kustomization:kustomizations", "Older:olders"),
		ks + "/v1/kustomizations": objectsJSON("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "x", "y", "z"),
		ks + "/v1beta2/olders":    objectsJSON("Older", "kustomize.toolkit.fluxcd.io/v1beta2", "o"),
		helm:                      groupJSON("helm.toolkit.fluxcd.io", "v2"),
		helm + "/v2":              resourcesJSON("HelmRelease:helmreleases"),
		helm + "/v2/helmreleases": "403",
		other:                     groupJSON("new.fluxcd.io", "v1"),
		other + "/v1":             resourcesJSON("New:news", "Strange:stranges"),
		other + "/v1/news":        objectsJSON("New", "new.fluxcd.io/v1", "n"),
		crds:                      crdsJSON("news.new.fluxcd.io"),
	}}
	synctest.Test(t, func(t *testing.T) {
		s := &seenObjects{all: map[string]bool{}, reports: map[string]string{}}
		base := roundTrip(func(r *http.Request) (*http.Response, error) {
			r.URL.Path = strings.TrimPrefix(r.URL.Path, "/behind/a/proxy")
			return c.RoundTrip(r)
		})
		o := NewObjects(clientOf(t, base), "", nil, Handler[string](s))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		go func() { _ = o.Run(ctx) }()
		o.Wait(ctx)
		later(time.Minute)
		expectNames(t, "at first", s, "Kustomization.v1/x", "Kustomization.v1/y", "Kustomization.v1/z", "New.v1/n", "Older.v1beta2/o")
		if d := cmp.Diff(map[string]string{"HelmRelease": "as the test wants"}, s.reports); d != "" {
			t.Errorf("(-want +reports):\n%s", d)
		}

		c.set(helm+"/v2/helmreleases", objectsJSON("HelmRelease", "helm.toolkit.fluxcd.io/v2", "h"))
		later(2 * time.Minute)
		c.send(t, ks+"/v1/kustomizations", eventJSON("DELETED", objectJSON("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "x")))
		c.send(t, ks+"/v1/kustomizations", eventJSON("ADDED", objectJSON("Kustomization", "kustomize.toolkit.fluxcd.io/v1", "w")))
		expectNames(t, "with rights, and changes", s, "HelmRelease.v2/h", "Kustomization.v1/w", "Kustomization.v1/y", "Kustomization.v1/z",
			"New.v1/n", "Older.v1beta2/o")

		c.set(other, "")
		c.send(t, crds, eventJSON("DELETED", crdJSON("news.new.fluxcd.io")))
		c.set(ks+"/v1", "")
		c.set(ks+"/v1beta2/kustomizations", objectsJSON("Kustomization", "kustomize.toolkit.fluxcd.io/v1beta2", "w"))
		later(10 * time.Minute)
		expectNames(t, "an older version, and a kind that is gone", s, "HelmRelease.v2/h", "Kustomization.v1beta2/w", "Older.v1beta2/o")

		c.set(other, groupJSON("new.fluxcd.io", "v1"))
		c.send(t, crds, eventJSON("ADDED", crdJSON("news.new.fluxcd.io")))
		later(time.Minute)
		expectNames(t, "the kind is back", s, "HelmRelease.v2/h", "Kustomization.v1beta2/w", "New.v1/n", "Older.v1beta2/o")
		cancel()
		synctest.Wait()
	})
}

func crdJSON(name string) string {
	return `{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":"` + name + `","resourceVersion":"9"}}`
}

func crdsJSON(name string) string {
	return `{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"5"},"items":[` + crdJSON(name) + `]}`
}

func expectNames(t *testing.T, what string, s *seenObjects, want ...string) {
	t.Helper()
	if d := cmp.Diff(want, slices.Sorted(maps.Keys(s.all))); d != "" {
		t.Errorf("%s (-want +got):\n%s", what, d)
	}
}
