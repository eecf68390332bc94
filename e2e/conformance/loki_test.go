package conformance

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang/snappy"
	"github.com/grafana/loki/pkg/push"
)

// Entry is a line as Loki has it.
type Entry struct {
	Labels, Line string
	Time         time.Time
	Meta         map[string]string
}

// request is one push.
type request struct {
	at      time.Time
	code    int // 0 for none
	entries int
	bytes   int // of the message before compression
	token   string
	body    string // as it came
}

// fakeLoki takes pushes and answers as it was told to. Like the real one it stores an entry once,
// however often it is sent.
type fakeLoki struct {
	*httptest.Server
	mu       sync.Mutex
	next     []answer // to the requests that come next
	always   answer   // to all others
	gate     chan struct{}
	stored   []Entry
	known    map[string]bool
	resent   int // entries that were stored already
	requests []request
}

// answer says what becomes of a push.
type answer struct {
	code    int // 0: none, the connection ends
	text    string
	header  map[string]string
	hang    bool             // until the client gives up
	keep    func(Entry) bool // which entries are stored; nil: none unless code is 204
	tooMany int              // more entries than this get the answer; others are stored
}

var accept = answer{code: http.StatusNoContent, keep: func(Entry) bool { return true }}

func status(code int, text string) answer { return answer{code: code, text: text} }

func newLoki(t testing.TB) *fakeLoki {
	l := &fakeLoki{always: accept, known: map[string]bool{}}
	l.Server = httptest.NewServer(http.HandlerFunc(l.serve))
	t.Cleanup(func() {
		l.RELEASE()
		l.Server.CloseClientConnections()
		l.Server.Close()
	})
	return l
}

func (l *fakeLoki) serve(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // it takes lines, and gives none back
		http.NotFound(w, r)
		return
	}
	body, err := io.ReadAll(r.Body)
	var entries []Entry
	if err == nil {
		entries, err = decode(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if gate := l.closed(); gate != nil {
		select {
		case <-gate:
		case <-r.Context().Done():
			return
		}
	}
	a := l.answer(entries, request{at: time.Now(), entries: len(entries), bytes: sizeOf(body), token: r.Header.Get("Authorization"), body: string(body)})
	switch {
	case a.hang:
		<-r.Context().Done()
	case a.code == 0:
		panic(http.ErrAbortHandler) // closes the connection
	default:
		for name, value := range a.header {
			w.Header().Set(name, value)
		}
		w.WriteHeader(a.code)
		_, _ = io.WriteString(w, a.text) // a client that is gone has no use for it
	}
}

func sizeOf(body []byte) int {
	n, _ := snappy.DecodedLen(body)
	return n
}

// answer picks the answer and stores what it says.
func (l *fakeLoki) answer(entries []Entry, r request) answer {
	l.mu.Lock()
	defer l.mu.Unlock()
	a := l.always
	if len(l.next) > 0 {
		a, l.next = l.next[0], l.next[1:]
	}
	if a.tooMany > 0 && len(entries) <= a.tooMany {
		a = accept
	}
	refused := 0
	for _, e := range entries {
		if a.keep == nil || !a.keep(e) {
			refused++
			continue
		}
		l.store(e)
	}
	if refused == 0 && a.code == http.StatusBadRequest {
		a = accept
	}
	r.code = a.code
	l.requests = append(l.requests, r)
	return a
}

func (l *fakeLoki) store(e Entry) {
	id := fmt.Sprintln(e.Labels, e.Time.UnixNano(), e.Line)
	if l.known[id] {
		l.resent++
		return
	}
	l.known[id] = true
	l.stored = append(l.stored, e)
}

func decode(body []byte) (entries []Entry, err error) {
	raw, err := snappy.Decode(nil, body)
	if err != nil {
		return nil, err
	}
	var req push.PushRequest
	if err := req.Unmarshal(raw); err != nil {
		return nil, err
	}
	for _, s := range req.Streams {
		for _, e := range s.Entries {
			meta := map[string]string{}
			for _, m := range e.StructuredMetadata {
				meta[m.Name] = m.Value
			}
			entries = append(entries, Entry{s.Labels, e.Line, e.Timestamp, meta})
		}
	}
	return entries, nil
}

// answers plans the answers to the next requests.
func (l *fakeLoki) answers(next ...answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.next = append(l.next, next...)
}

// from sets the answer to all requests from now on.
func (l *fakeLoki) from(a answer) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.always = a
}

// HOLD makes Loki answer nothing until RELEASE.
func (l *fakeLoki) HOLD() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gate == nil {
		l.gate = make(chan struct{})
	}
}

// RELEASE ends HOLD.
func (l *fakeLoki) RELEASE() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.gate != nil {
		close(l.gate)
		l.gate = nil
	}
}

func (l *fakeLoki) closed() chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.gate
}

// entries are those that were stored, in the order in which they came.
func (l *fakeLoki) entries() []Entry {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.stored)
}

func (l *fakeLoki) pushes() []request {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.requests)
}

func (l *fakeLoki) resends() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.resent
}

var appLabel = regexp.MustCompile(`app="([^"]*)"`)

// apps are the stored lines by the label app.
func (l *fakeLoki) apps() map[string][]string {
	apps := map[string][]string{}
	for _, e := range l.entries() {
		app := ""
		if m := appLabel.FindStringSubmatch(e.Labels); m != nil {
			app = m[1]
		}
		apps[app] = append(apps[app], e.Line)
	}
	return apps
}

// disorder names a stream with an entry that is older than the one before.
func (l *fakeLoki) disorder() string {
	last := map[string]time.Time{}
	for _, e := range l.entries() {
		key := e.Labels + e.Meta["pod"]
		if e.Time.Before(last[key]) {
			return fmt.Sprintf("%s: %q comes after a younger entry", strings.TrimSpace(e.Labels), e.Line)
		}
		last[key] = e.Time
	}
	return ""
}

// position is how many entries came before a line, -1 when it did not come.
func (l *fakeLoki) position(line string) int {
	return slices.IndexFunc(l.entries(), func(e Entry) bool { return e.Line == line })
}
