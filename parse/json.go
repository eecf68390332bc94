package parse

import (
	"math"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// str is the text as a string without copying it: the Record that points into it lives no longer than the text.
func str(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// parseJSON reads the line as zap's JSON encoder wrote it. The first of repeated keys wins: real lines repeat "name" and "msg" with
// values that are not the object's (image-automation-controller at trace level, source-controller of 2020).
func (r *Record) parseJSON(s string) {
	r.Form = FormJSON
	r.fields(s)
	switch {
	case s[len(s)-1] != '}' && strings.TrimRight(s, " \t\r")[len(strings.TrimRight(s, " \t\r"))-1] != '}':
		r.fail(BadTruncated)
	case r.Msg == "" && r.Level == LevelNone:
		r.fail(BadNoMessage)
	}
}

func (r *Record) fail(why Bad) {
	*r = Record{Form: FormText, Bad: why, Time: r.Time}
}

// fields walks over the keys of one JSON object.
func (r *Record) fields(s string) {
	var who identity
	gjson.Result{Type: gjson.JSON, Raw: s}.ForEach(func(key, v gjson.Result) bool {
		r.field(&who, key.Str, v)
		return true
	})
	who.settle(r)
}

// field takes one key of any era. The keys of the eras do not collide, so one switch serves them all:
//
//	A0  2020-04  logger controllers.Kind; controller, request "ns/name", or <kind> "ns/name"
//	A1  2020-08  controller-runtime's own lines: reconcilerGroup, reconcilerKind, controller, name, namespace
//	B   2021-01  logger controller.kind; "reconciler group", "reconciler kind", name, namespace
//	C   2022-09  controller, controllerGroup, controllerKind, <kind> {name, namespace}, namespace, name, reconcileID
//	D,E 2022-09  as C, the kind key spelled as in the CRD
func (r *Record) field(who *identity, key string, v gjson.Result) {
	switch key {
	case "level":
		if r.Level == LevelNone {
			r.Level = level(v.Str)
		}
	case "ts":
		r.stamp(v)
	case "logger":
		set(&r.Logger, v.Str)
	case "msg":
		set(&r.Msg, v.Str)
	case "controller":
		set(&r.Controller, v.Str)
	case "controllerGroup":
		set(&who.group, v.Str)
	case "controllerKind", "reconcilerKind":
		set(&who.kind, v.Str)
	case "reconciler kind":
		set(&who.spaced, v.Str)
	case "name":
		set(&r.Name, v.Str)
	case "namespace":
		set(&r.Namespace, v.Str)
	case "request":
		set(&who.request, v.Str)
	case "reconcileID":
		set(&r.ID, v.Str)
	case "revision":
		set(&r.Revision, v.Str)
	case "error":
		set(&r.Error, v.String())
	case "reason":
		set(&r.Reason, v.Str)
	case "message":
		set(&r.Message, v.Str)
	case "object", "eventInvolvedObject":
		set(&r.Involved, v.Raw)
	default:
		if v.Type == gjson.String && who.request == "" && isKind(key) {
			who.named, who.request = key, v.Str // first tags of 2020: "kustomization":"ns/name"
		}
	}
}

func set(dst *string, v string) {
	if *dst == "" {
		*dst = v
	}
}

func (r *Record) stamp(v gjson.Result) {
	switch {
	case r.Time != 0:
	case v.Type == gjson.Number && v.Num > 0 && v.Num < maxSeconds:
		r.Time = int64(math.Round(v.Num*1e6)) * 1e3 // zap's production default, source-controller 0.0.1..0.0.3; a float has no more digits
	default:
		r.Time = timestamp(v.Str)
	}
}

// identity collects what a line says about its object until all keys were seen.
type identity struct {
	kind    string // controllerKind, reconcilerKind
	group   string // controllerGroup
	spaced  string // "reconciler kind"
	named   string // a kind that is itself a key
	request string // "ns/name"
}

// settle decides which object the line is about, if any. Lines that name an object without reconciling it get no kind and so are
// no object lines: notification-controller's event server, the event recorder (it writes "reconciler kind" in every era, and in B
// only a controller's logger tells a reconcile from it), "starting server" with a name, flux-operator's web server.
func (w *identity) settle(r *Record) {
	if r.Logger == "event-server" || r.Logger == "receiver-server" || r.Logger == "events" {
		return
	}
	byLogger := loggerKind(r.Logger)
	switch {
	case w.kind != "":
		r.Kind = canonical(w.kind)
	case w.spaced != "" && byLogger != "":
		r.Kind = canonical(w.spaced)
	case byLogger != "":
		r.Kind = byLogger
	case w.request != "":
		r.Kind = canonical(firstOf(w.named, r.Controller))
	case w.spaced != "":
		r.About = canonical(w.spaced)
	case isKind(r.Controller):
		r.Kind = canonical(r.Controller) // controller-runtime 0.6.1: controller, name, namespace
	default:
		r.Kind = onlyKind(w.group) // a selection of the keys, as documents show it
	}
	if ns, name, ok := strings.Cut(w.request, "/"); ok && r.Name == "" {
		r.Namespace, r.Name = ns, name
	}
}

// onlyKind is the kind of an API group that has one kind alone, "" for the others.
func onlyKind(group string) string {
	switch group {
	case "kustomize.toolkit.fluxcd.io":
		return "Kustomization"
	case "helm.toolkit.fluxcd.io":
		return "HelmRelease"
	}
	return ""
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// loggerKind takes the kind out of a logger's name: controllers.GitRepository (A), controller.kustomization (B),
// controller-runtime.manager.controller.imagepolicy (B, image controllers).
func loggerKind(logger string) string {
	const manager = "controller-runtime.manager."
	rest := strings.TrimPrefix(logger, manager)
	if k, ok := strings.CutPrefix(rest, "controllers."); ok {
		return canonical(k)
	}
	if k, ok := strings.CutPrefix(rest, "controller."); ok {
		return canonical(k)
	}
	return ""
}

func level(s string) Level {
	switch s {
	case "info", "INFO":
		return LevelInfo
	case "error", "ERROR", "dpanic", "DPANIC", "panic", "PANIC", "fatal", "FATAL":
		return LevelError
	case "debug", "DEBUG":
		return LevelDebug
	case "warn", "WARN":
		return LevelInfo
	case "trace", "TRACE":
		return LevelTrace
	}
	if strings.HasPrefix(s, "Level(") || strings.HasPrefix(s, "LEVEL(") {
		return LevelTrace // V(2) and deeper before fluxcd/pkg/runtime v0.43.2
	}
	return LevelNone
}
