package export_test

import (
	"reflect"
	"testing"
	"time"

	"fluxtrail/api"
	"fluxtrail/derive"
	"fluxtrail/derive/export"
)

var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).UnixNano()

// filled is an incident with something in each field that is exported.
func filled() *derive.Incident {
	app, lib := derive.Ref{Kind: "Kustomization", Namespace: "apps", Name: "app"}, derive.Ref{Kind: "Kustomization", Namespace: "infra", Name: "lib"}
	i := &derive.Incident{}
	i.ID, i.Object, i.OpenedAt, i.ResolvedAt, i.ClosedReason = "0123456789abcdef", app, noon, noon+1e9, "deleted"
	i.FirstRevision, i.LastRevision, i.LastGood = "main@sha1:1", "main@sha1:2", "main@sha1:0"
	i.Reason, i.ReasonFirst, i.ErrorFirst, i.ErrorLast = "BuildFailed", "ArtifactFailed", "first", "last"
	i.Culprit, i.Fingerprint, i.Attempts, i.Flaps, i.Root = derive.Ref{Kind: "Job", Namespace: "apps", Name: "migrate"}, "fedcba", 3, 1, lib
	i.Affected = []derive.Ref{lib, app}
	i.First = []derive.Evidence{{File: 1, Line: 7, Offset: 99, At: noon, Pod: "kustomize-controller-0", ReconcileID: [36]byte{'c', '0', 'f', '7'}, Text: "text"}}
	return i
}

// TestNothingOfAnIncidentIsLeftOut holds that each member of the promised form is filled.
func TestNothingOfAnIncidentIsLeftOut(t *testing.T) {
	t.Parallel()
	got := export.Incident(filled(), "firing", func(file int32) string { return []string{"", "0.log"}[file] })
	for _, v := range []any{got, got.Evidence[0]} {
		for name, field := range fields(v) {
			if field.IsZero() {
				t.Errorf("%T has no %s", v, name)
			}
		}
	}
	if got.ID != "0123456789abcdef" || got.State != "firing" || got.ErrorFirst != "first" || got.ErrorLast != "last" ||
		*got.LastGoodRevision != "main@sha1:0" || got.RootCause.String() != "Kustomization/infra/lib" ||
		got.Evidence[0].File != "0.log" || got.Evidence[0].Line != 7 {
		t.Errorf("%+v", got)
	}
	if a := got.Affected; len(a) != 2 || a[0].Namespace != "apps" || a[1].Namespace != "infra" {
		t.Errorf("affected are not in order: %v", a)
	}
}

func fields(v any) map[string]reflect.Value {
	out := map[string]reflect.Value{}
	for i, value := 0, reflect.ValueOf(v); i < value.NumField(); i++ {
		out[value.Type().Field(i).Name] = value.Field(i)
	}
	return out
}

// TestIncidentWithoutPaths holds that evidence is a list, and nothing that is not known a pointer.
func TestIncidentWithoutPaths(t *testing.T) {
	t.Parallel()
	if got := export.Incident(filled(), "firing", nil); got.Evidence == nil || len(got.Evidence) != 0 {
		t.Errorf("evidence %v", got.Evidence)
	}
	got := export.Incident(&derive.Incident{}, "pending", nil)
	if got.ClosedReason != nil || got.FirstRevision != nil || got.Culprit != nil || got.RootCause != nil || got.Affected == nil {
		t.Errorf("%+v", got)
	}
	if !got.OpenedAt.IsZero() || !export.Time(0).IsZero() || export.Time(noon).UnixNano() != noon {
		t.Error("times")
	}
}

// TestDuration sums up what was logged, and takes the time between outcomes only where nothing was.
func TestDuration(t *testing.T) {
	t.Parallel()
	logged, between := &derive.Object{}, &derive.Object{}
	for i := range int64(4) {
		logged.Durations.Add(noon+i*1e9, (i+1)*int64(time.Second))
		between.Between.Add(noon+i*1e9, (i+1)*int64(time.Minute))
	}
	x := export.New(derive.View{}, derive.Config{}, nil)
	x.Middle = noon + 2e9
	want := api.Duration{Count: 4, Max: 4, Measured: "logged"}
	got := x.Duration(logged, between)
	if got.Count != want.Count || got.Max != want.Max || got.Measured != want.Measured || got.P50First >= got.P50Second {
		t.Errorf("%+v", got)
	}
	if got := x.Duration(between); got.Measured != "between" || got.Max != 240 {
		t.Errorf("%+v", got)
	}
	if got := x.Duration(&derive.Object{}); got != nil {
		t.Errorf("%+v", got)
	}
}
