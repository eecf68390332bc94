package api

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
)

// TestEventIsAnIncident wants the members of the incident beside time, level and message, and a
// list where there is nothing in it.
func TestEventIsAnIncident(t *testing.T) {
	t.Parallel()
	e := Event{Time: Time{time.Unix(1, 5e6)}, Level: "error", Msg: "incident firing", Incident: Incident{
		ID: "54fa", Ref: Ref{Kind: "Kustomization", Namespace: "apps", Name: "web"}, State: "firing", Reason: "BuildFailed",
		Affected: []Ref{}, Evidence: []Evidence{{File: "0.log", Line: 7, Pod: "p", ReconcileID: "443c"}},
	}}
	got, err := json.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`{"ts":"1970-01-01T00:00:01.005Z","level":"error","msg":"incident firing","id":"54fa",`,
		`"kind":"Kustomization","namespace":"apps","name":"web","state":"firing"`,
		`"resolved_at":null`, `"root_cause":null`, `"affected":[]`,
		`"evidence":[{"file":"0.log","line":7,"offset":0,"at":null,"pod":"p","reconcile_id":"443c"}]`,
	} {
		if !strings.Contains(string(got), want) {
			t.Errorf("no %s in %s", want, got)
		}
	}
}

// TestAnswerHasOneList wants the list that was asked for, also when it is empty, and no other.
func TestAnswerHasOneList(t *testing.T) {
	t.Parallel()
	for want, a := range map[string]Answer{
		`{"schema":"fluxtrail/replay/v1","at":null,"objects":[]}`:   {Schema: Schema, Objects: []Object{}},
		`{"schema":"fluxtrail/replay/v1","at":null,"incidents":[]}`: {Schema: Schema, Incidents: []Incident{}},
	} {
		if got, err := json.Marshal(a); err != nil || string(got) != want {
			t.Errorf("%s, %v, want %s", got, err, want)
		}
	}
}

func TestRefString(t *testing.T) {
	t.Parallel()
	for want, r := range map[string]Ref{"Namespace/apps": {Kind: "Namespace", Name: "apps"}, "Kustomization/apps/web": {Kind: "Kustomization", Namespace: "apps", Name: "web"}} {
		if got := r.String(); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

// TestKeysAreSnakeCase holds the style of all keys, and that no field is promised by its Go name by
// accident.
func TestKeysAreSnakeCase(t *testing.T) {
	t.Parallel()
	for _, v := range []reflect.Type{reflect.TypeFor[Event](), reflect.TypeFor[Answer](), reflect.TypeFor[Status](), reflect.TypeFor[Input](),
		reflect.TypeFor[Transition](), reflect.TypeFor[ErrorGroup](), reflect.TypeFor[Controller](), reflect.TypeFor[KindDuration](), reflect.TypeFor[Silence]()} {
		for name := range keys(v, map[string]bool{}) {
			if name != strings.ToLower(name) || strings.ContainsAny(name, " -.") {
				t.Errorf("%v: %s", v, name)
			}
		}
		for i := range v.NumField() {
			if f := v.Field(i); !f.Anonymous && f.Tag.Get("json") == "" {
				t.Errorf("%v.%s has no key", v, f.Name)
			}
		}
	}
}
