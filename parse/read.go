package parse

import "strings"

// rows finds the catalogue's rows by the first byte of a message.
var rows = func() (index [256][]*row) {
	for i := range catalogue {
		b := catalogue[i].text[0]
		index[b] = append(index[b], &catalogue[i])
	}
	return index
}()

// read gives the record its Meaning, and takes times and revision out of a message that carries
// them.
func (r *Record) read() {
	if r.Form == FormPanic {
		return
	}
	if r.Logger == "events" || (r.About != "" && r.Logger != "event-server" && !strings.HasPrefix(r.Msg, "unable to record event")) {
		r.Meaning = MirrorEvent
		return
	}
	if r.Msg == "" {
		return
	}
	for _, row := range rows[r.Msg[0]] {
		if row.fits(r) {
			r.Meaning = row.meaning
			row.values(r)
			break
		}
	}
	r.byError()
}

func (w *row) fits(r *Record) bool {
	if !strings.HasPrefix(r.Msg, w.text) {
		return false
	}
	if w.level != anyLevel && (w.level == onlyErrors) != (r.Level == LevelError) {
		return false
	}
	return w.also == "" || strings.Contains(r.Msg, w.also)
}

// values takes out of the message what the row says it carries.
func (w *row) values(r *Record) {
	if w.rev != "" && r.Revision == "" {
		_, rest, _ := strings.Cut(r.Msg, w.rev)
		r.Revision, _, _ = strings.Cut(rest, "'")
	}
	if w.took != "" {
		_, rest, _ := strings.Cut(r.Msg, w.took)
		d, _, _ := strings.Cut(rest, ",")
		r.Took = span(d)
	}
	if w.next != "" {
		if _, rest, ok := strings.Cut(r.Msg, w.next); ok {
			d, _, _ := strings.Cut(rest, " ")
			r.Next = span(d)
		}
	}
}

// byError settles error lines whose meaning lies in the error, not in the message.
func (r *Record) byError() {
	if r.Level != LevelError || r.Error == "" || !r.Object() {
		return
	}
	switch {
	case strings.HasPrefix(r.Error, "can't reconcile"):
		r.Meaning = Suspended // source-watcher, flux-operator: reconciliation disabled, said at error level
	case r.Meaning == ReconcilerError && strings.HasPrefix(r.Error, "terminal error: "):
		r.Meaning = Stalled
		r.terminal()
	case r.aboutItself():
		r.Meaning = Deleted // its status cannot be written any more
	case r.Meaning == WaitDependency && IsReason(r.Error):
		r.Reason, r.Error = r.Error, r.Msg
	case r.Meaning == None:
		r.byReason()
	case r.Meaning == Failed && r.Kind == "ArtifactGenerator" && r.Reason == "":
		r.Reason = "SourceFetchFailed" // its only lines of that meaning
	}
}

// byReason settles error lines that say the text in the message, and in the error the same or a
// reason.
func (r *Record) byReason() {
	switch {
	case r.Error == r.Msg:
		r.Meaning = Failed // source-controller 0.25.0..1.1.2 says each failure twice
	case stalledReasons[r.Error] && strings.HasPrefix(r.Kind, "Image"):
		r.Meaning, r.Reason, r.Error = Stalled, r.Error, r.Msg // all that the controller says of it
	case IsReason(r.Error):
		r.Meaning = Warning // an event as a line
	}
}

// terminal gives the reason of terminal errors whose text does not decide it. Those of
// flux-operator are failed builds, but for those about the expressions of dependencies.
// source-watcher ends so only what it finds wrong in the object.
func (r *Record) terminal() {
	switch {
	case r.Reason != "":
	case r.Kind == "FluxInstance" || r.Kind == "ResourceSet":
		if !strings.Contains(r.Error, "expression") {
			r.Reason = "BuildFailed"
		}
	case r.Kind == "ArtifactGenerator":
		r.Reason = "ValidationFailed"
		if strings.Contains(r.Error, "cross-namespace reference") {
			r.Reason = "AccessDenied"
		}
	}
}

// aboutItself reports an error by which the API server says that the object is not there.
func (r *Record) aboutItself() bool {
	if r.Meaning != None && r.Meaning != ReconcilerError || !strings.HasSuffix(r.Error, `"`+r.Name+`" not found`) {
		return false
	}
	kind, _, _ := strings.Cut(r.Error, ".")
	return kind == r.Kind || kind == strings.ToLower(r.Kind)+"s"
}

// stalledReasons are those for which the image controllers end an attempt without an error, so that
// no other line follows until the object is changed.
var stalledReasons = map[string]bool{
	"InvalidPolicy": true, "ImageURLInvalid": true, "IntervalNotConfigured": true, "FeatureGateDisabled": true,
	"InvalidPolicySelector": true, "AccessDenied": true, "InvalidSourceConfiguration": true, "InvalidUpdateStrategy": true,
	"RemovedTemplateField": true,
}

// IsReason recognises Flux's reason constants by their shape: one word in upper camel case. The API
// server's word for a token that expired has that shape, too.
func IsReason(s string) bool {
	if len(s) < 4 || len(s) > 48 || s[0] < 'A' || s[0] > 'Z' || s == "Unauthorized" {
		return false
	}
	for i := 1; i < len(s); i++ {
		if c := s[i] | 0x20; c < 'a' || c > 'z' {
			return false
		}
	}
	return true
}
