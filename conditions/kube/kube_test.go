package kube

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"fluxtrail/conditions/conditionstest"
	"fluxtrail/derive"
	"fluxtrail/kube"
	"fluxtrail/parse/redact"
)

// log is what a Source told.
type log struct {
	all  []derive.Observation
	text []string
}

func (l *log) take() string {
	text := strings.Join(l.text, "; ")
	l.text = nil
	return text
}

// source is one whose clock a test sets, and which asks nobody.
func source(t *testing.T, now *time.Time) (handler, *log) {
	t.Helper()
	r, err := redact.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	var l log
	s := New(nil, Options{
		Redact: r.String, Now: func() time.Time { return *now },
		Observe: func(all []derive.Observation) {
			l.all = append(l.all, all...)
			for i := range all {
				state := all[i].Ready()
				if all[i].Deleted {
					state = "deleted"
				}
				l.text = append(l.text, all[i].Name+" "+state)
			}
		},
		List: func(of derive.Listing) { l.text = append(l.text, "all "+of.Kind) },
		Report: func(kind string, err error) {
			if err != nil {
				kind += " " + err.Error()
			}
			l.text = append(l.text, "report "+kind)
		},
	})
	return handler{s}, &l
}

func object(name, ready, message string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "kustomize.toolkit.fluxcd.io/v1", "kind": "Kustomization",
		"metadata": map[string]any{"namespace": "a", "name": name, "resourceVersion": message},
		"status": map[string]any{"conditions": []any{map[string]any{
			"type": "Ready", "status": ready, "reason": "X", "message": "from https://u:" + conditionstest.Secret + "@h",
		}}},
	}}
}

func TestHandler(t *testing.T) {
	t.Parallel()
	now := time.Unix(1000, 0)
	h, l := source(t, &now)
	kind := kube.Kind{Name: "Kustomization"}
	distilled := func(name, ready, version string) *derive.Observation {
		return h.Distill(kind, object(name, ready, version))
	}
	for _, step := range []struct {
		name string
		do   func()
		want string
	}{
		{"all at first", func() {
			h.Replace(kind, []*derive.Observation{distilled("b", "True", "1"), distilled("a", "False", "2")})
		}, "a False; b True; all Kustomization"},
		{"a change of nothing that counts", func() { h.Put(kind, distilled("a", "False", "3")) }, ""},
		{"a change", func() { h.Put(kind, distilled("a", "True", "4")) }, "a True"},
		{"the clock goes back", func() {
			now = time.Unix(500, 0)
			h.Put(kind, distilled("c", "Unknown", "5"))
		}, "c Unknown"},
		{"deleted", func() { h.Drop(kind, distilled("c", "Unknown", "5")) }, "c deleted"},
		{"all again, after a while", func() {
			now = time.Unix(2000, 0)
			h.Replace(kind, []*derive.Observation{distilled("b", "True", "6")})
		}, "a deleted; all Kustomization"},
		{"a failure, once", func() {
			h.Report(kind, errors.New("forbidden"))
			h.Report(kind, errors.New("forbidden"))
			h.Report(kube.Kind{Name: "Bucket"}, nil)
		}, "report Kustomization forbidden"},
		{"its end", func() { h.Report(kind, nil) }, "report Kustomization"},
		{"the kind is gone", func() { h.Replace(kind, nil) }, "b deleted; all Kustomization"},
	} {
		step.do()
		if d := cmp.Diff(step.want, l.take()); d != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, d)
		}
	}
	conditionstest.Check(t, l.all)
	if at := slices.MaxFunc(l.all, func(a, b derive.Observation) int { return a.Compare(&b) }).At; at != 2000e9 {
		t.Errorf("the latest is at %d", at)
	}
}
