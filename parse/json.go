package parse

import (
	"cmp"
	"math"
	"strings"
	"unsafe"

	"github.com/tidwall/gjson"
)

// str is the text as a string that shares its memory: a Record points into it, and is valid as long
// as the text is.
func str(text []byte) string { return unsafe.String(unsafe.SliceData(text), len(text)) }

// parseJSON reads a line of zap's JSON encoder. Of repeated keys the first counts: real lines
// repeat "name" and "msg" with values that are not the object's (image-automation-controller at
// trace level, source-controller of 2020).
func (r *Record) parseJSON(s string) {
	r.Form = FormJSON
	r.fields(s)
	switch {
	case !strings.HasSuffix(strings.TrimRight(s, " \t\r"), "}"):
		r.notUnderstood(BadTruncated)
	case r.Msg == "" && r.Level == LevelNone:
		r.notUnderstood(BadNoMessage)
	}
}

// notUnderstood makes a record of plain text, which keeps its time.
func (r *Record) notUnderstood(why Bad) {
	*r = Record{Form: FormText, Bad: why, Time: r.Time}
}

// fields reads the keys of one JSON object.
func (r *Record) fields(s string) {
	var id identity
	gjson.Result{Type: gjson.JSON, Raw: s}.ForEach(func(key, v gjson.Result) bool {
		r.field(&id, key.Str, v)
		return true
	})
	id.apply(r)
}

// field takes one key of any era. The keys of the eras do not collide, so that one switch serves
// all:
//
//	A0  2020-04  logger controllers.Kind; controller, request "ns/name", or <kind> "ns/name"
//	A1  2020-08  controller-runtime's own lines: reconcilerGroup, reconcilerKind, controller, name,
//	             namespace
//	B   2021-01  logger controller.kind; "reconciler group", "reconciler kind", name, namespace
//	C   2022-09  controller, controllerGroup, controllerKind, <kind> {name, namespace}, namespace,
//	             name, reconcileID
//	D,E 2022-09  as C, the kind key spelled as in the CRD
func (r *Record) field(id *identity, key string, v gjson.Result) {
	if dst := r.text(id, key); dst != nil {
		set(dst, v.Str)
		return
	}
	switch key {
	case "level":
		if r.Level == LevelNone {
			r.Level = level(v.Str)
		}
	case "ts":
		r.stamp(v)
	case "error":
		set(&r.Error, v.String())
	case "object", "eventInvolvedObject":
		set(&r.Involved, v.Raw)
	case "alert", "Alert":
		r.alert(v)
	default:
		if v.Type == gjson.String && id.request == "" && isKind(key) {
			id.named, id.request = key, v.Str // first tags of 2020: "kustomization":"ns/name"
		}
	}
}

// alert takes the Alert by which the event server passes an event on. Before 1.0 it named none.
func (r *Record) alert(v gjson.Result) {
	if r.Logger == "event-server" && v.IsObject() {
		r.About = "Alert"
		set(&r.Name, v.Get("name").Str)
		set(&r.Namespace, v.Get("namespace").Str)
	}
}

// text is where the value of a key goes that is a plain string, nil for other keys.
func (r *Record) text(id *identity, key string) *string {
	switch key {
	case "logger":
		return &r.Logger
	case "msg":
		return &r.Msg
	case "controller":
		return &r.Controller
	case "name":
		return &r.Name
	case "namespace":
		return &r.Namespace
	case "reconcileID":
		return &r.ID
	case "revision":
		return &r.Revision
	case "reason":
		return &r.Reason
	case "message":
		return &r.Message
	}
	return id.text(key)
}

func set(dst *string, v string) {
	if *dst == "" {
		*dst = v
	}
}

// stamp takes the time. source-controller 0.0.1 to 0.0.3 wrote seconds as a float, zap's default,
// which has no more digits than microseconds.
func (r *Record) stamp(v gjson.Result) {
	switch {
	case r.Time != 0:
	case v.Type == gjson.Number && v.Num > 0 && v.Num < maxSeconds:
		r.Time = int64(math.Round(v.Num*1e6)) * 1e3
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

// text is where the value of a key goes, nil for keys that do not identify an object.
func (w *identity) text(key string) *string {
	switch key {
	case "controllerGroup":
		return &w.group
	case "controllerKind", "reconcilerKind":
		return &w.kind
	case "reconciler kind":
		return &w.spaced
	case "request":
		return &w.request
	}
	return nil
}

// apply decides which object the line is about, if any. Lines that name an object without
// reconciling it get no kind and so are no object lines: notification-controller's event server,
// the event recorder (it writes "reconciler kind" in every era, and in B only a controller's logger
// tells a reconcile from it), "starting server" with a name, flux-operator's web server.
func (w *identity) apply(r *Record) {
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
		r.Kind = canonical(cmp.Or(w.named, r.Controller))
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

// loggerKind takes the kind out of a logger's name: controllers.GitRepository (A),
// controller.kustomization (B), controller-runtime.manager.controller.imagepolicy (B, image
// controllers).
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

// level reads the levels of all eras. V(2) and deeper are Level(-2) and so on before
// fluxcd/pkg/runtime v0.43.2, trace since.
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
		return LevelTrace
	}
	return LevelNone
}
