package parse

import "testing"

// TestIdentity finds the object that a line of each era is about.
func TestIdentity(t *testing.T) {
	t.Parallel()
	for _, x := range []struct{ name, keys, kind, namespace, object, about string }{
		{"A0, request", `"logger":"controllers.GitRepository","request":"apps/web"`, "GitRepository", "apps", "web", ""},
		{"A0, kind as key", `"logger":"controllers.Kustomization","kustomization":"apps/web"`, "Kustomization", "apps", "web", ""},
		{"A0, kind as key without logger", `"helmrelease":"apps/web"`, "HelmRelease", "apps", "web", ""},
		{"A1, controller-runtime's own", `"reconcilerGroup":"g","reconcilerKind":"GitRepository","controller":"gitrepository","name":"web","namespace":"apps"`, "GitRepository", "apps", "web", ""},
		{"A1, 0.6.1", `"controller":"kustomization","name":"web","namespace":"apps"`, "Kustomization", "apps", "web", ""},
		{"B", `"logger":"controller.kustomization","reconciler group":"g","reconciler kind":"Kustomization","name":"web","namespace":"apps"`, "Kustomization", "apps", "web", ""},
		{"B, image controllers", `"logger":"controller-runtime.manager.controller.imagepolicy","name":"web","namespace":"apps"`, "ImagePolicy", "apps", "web", ""},
		{"C", `"controller":"helmrelease","controllerKind":"HelmRelease","helmRelease":{"name":"web","namespace":"apps"},"namespace":"apps","name":"web","reconcileID":"1"`, "HelmRelease", "apps", "web", ""},
		{"D", `"controllerKind":"OCIRepository","OCIRepository":{"name":"web","namespace":"apps"},"namespace":"apps","name":"web"`, "OCIRepository", "apps", "web", ""},
		{"keys as documents show them", `"controllerGroup":"kustomize.toolkit.fluxcd.io","namespace":"apps","name":"web"`, "Kustomization", "apps", "web", ""},
		{"a group of several kinds", `"controllerGroup":"source.toolkit.fluxcd.io","namespace":"apps","name":"web"`, "", "apps", "web", ""},
		{"another program's kind", `"controllerKind":"Terraform","namespace":"apps","name":"web"`, "Terraform", "apps", "web", ""},
		{"the event recorder", `"reconciler kind":"HelmRelease","name":"web","namespace":"apps"`, "", "apps", "web", "HelmRelease"},
		{"the event server", `"logger":"event-server","controllerKind":"HelmRelease","name":"web","namespace":"apps"`, "", "apps", "web", ""},
		{"the receiver server", `"logger":"receiver-server","controllerKind":"Receiver","name":"web","namespace":"apps"`, "", "apps", "web", ""},
		{"mirrored events", `"logger":"events","controllerKind":"HelmRelease","name":"web","namespace":"apps"`, "", "apps", "web", ""},
		{"a name alone", `"name":"web"`, "", "", "web", ""},
		{"the first of repeated keys", `"controllerKind":"ImageUpdateAutomation","namespace":"apps","name":"web","name":"other"`, "ImageUpdateAutomation", "apps", "web", ""},
		{"a request without a slash", `"logger":"controllers.GitRepository","request":"web"`, "GitRepository", "", "", ""},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			var r Record
			Parse([]byte(`{"level":"info","msg":"x",`+x.keys+`}`), 0, &r)
			if r.Kind != x.kind || r.Namespace != x.namespace || r.Name != x.object || r.About != x.about {
				t.Errorf("kind %q namespace %q name %q about %q", r.Kind, r.Namespace, r.Name, r.About)
			}
			if (r.Hash != 0) != (x.kind != "" && x.object != "") {
				t.Errorf("hash %d", r.Hash)
			}
		})
	}
}

// TestJSONLines reads what is common to all lines, and what is broken.
func TestJSONLines(t *testing.T) {
	t.Parallel()
	for _, x := range []struct {
		name, line string
		level      Level
		time, msg  string
		bad        string
	}{
		{"time in milliseconds", `{"level":"info","ts":"2026-11-20T10:22:54.690Z","msg":"x"}`, LevelInfo, "2026-11-20T10:22:54.69Z", "x", ""},
		{"time as a float", `{"level":"info","ts":1586000000.123456,"msg":"x"}`, LevelInfo, "2020-04-04T11:33:20.123456Z", "x", ""},
		{"time in the far future", `{"level":"info","ts":1e18,"msg":"x"}`, LevelInfo, "", "x", ""},
		{"negative time", `{"level":"info","ts":-5,"msg":"x"}`, LevelInfo, "", "x", ""},
		{"no time", `{"level":"info","msg":"x"}`, LevelInfo, "", "x", ""},
		{"escapes", `{"level":"error","msg":"a \"b\" \u00e4\n"}`, LevelError, "", "a \"b\" ä\n", ""},
		{"spaces in front", `  {"level":"debug","msg":"x"}`, LevelDebug, "", "x", ""},
		{"spaces behind", `{"level":"trace","msg":"x"}  `, LevelTrace, "", "x", ""},
		{"deeper than debug", `{"level":"Level(-2)","msg":"x"}`, LevelTrace, "", "x", ""},
		{"upper case", `{"level":"ERROR","msg":"x"}`, LevelError, "", "x", ""},
		{"a warning", `{"level":"warn","msg":"x"}`, LevelInfo, "", "x", ""},
		{"fatal", `{"level":"fatal","msg":"x"}`, LevelError, "", "x", ""},
		{"unknown level", `{"level":"loud","msg":"x"}`, LevelNone, "", "x", ""},
		{"level alone", `{"level":"info"}`, LevelInfo, "", "", ""},
		{"cut off", `{"level":"info","ts":"2026-11-20T10:22:54.690Z","msg":"x`, LevelNone, "2026-11-20T10:22:54.69Z", "", "truncated_json"},
		{"something else in JSON", `{"a":1}`, LevelNone, "", "", "no_message"},
		{"no object", `{`, LevelNone, "", "", "truncated_json"},
		{"empty object", `{}`, LevelNone, "", "", "no_message"},
	} {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			var r Record
			Parse([]byte(x.line), 0, &r)
			if r.Level != x.level || r.Time != at(t, x.time) || r.Msg != x.msg || r.Bad.String() != x.bad {
				t.Errorf("%+v", r)
			}
			if (r.Form == FormJSON) != (x.bad == "") {
				t.Errorf("form %d", r.Form)
			}
		})
	}
}

// TestFields finds the values that stand under keys of their own.
func TestFields(t *testing.T) {
	t.Parallel()
	var r Record
	Parse([]byte(`{"level":"info","msg":"m","logger":"l","controller":"c","reconcileID":"i","revision":"v","error":"e","reason":"r","message":"t",`+
		`"object":{"kind":"Kustomization"},"eventInvolvedObject":{"kind":"HelmRelease"}}`), 0, &r)
	want := Record{Form: FormJSON, Level: LevelInfo, Logger: "l", Msg: "m", Controller: "c", ID: "i", Revision: "v", Error: "e", Reason: "r", Message: "t",
		Involved: `{"kind":"Kustomization"}`}
	if !same(r, want) {
		t.Errorf("got  %+v\nwant %+v", r, want)
	}
	Parse([]byte(`{"level":"error","msg":"m","error":{"code":5}}`), 0, &r)
	if r.Error != `{"code":5}` {
		t.Errorf("an error that is no string: %q", r.Error)
	}
}
