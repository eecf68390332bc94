package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/grafana/loki/pkg/push"
	"github.com/klauspost/compress/s2"
	"github.com/rogpeppe/go-internal/testscript"
)

// fakeLoki takes what is pushed to it. The lock is because requests come on goroutines of the
// server.
type fakeLoki struct {
	mu      sync.Mutex
	entries []push.Entry
	labels  []string // of entries, by index
	shown   int
	down    bool
}

func (f *fakeLoki) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodGet { // what is there of a stream: nothing that was asked for
		_, _ = io.WriteString(w, `{"status":"success","data":{"result":[]}}`)
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.down {
		http.Error(w, "not now", http.StatusServiceUnavailable)
		return
	}
	body, err := io.ReadAll(r.Body)
	var req push.PushRequest
	if err == nil {
		body, err = s2.Decode(nil, body)
	}
	if err == nil {
		err = req.Unmarshal(body)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	for _, s := range req.Streams {
		for _, e := range s.Entries {
			f.entries, f.labels = append(f.entries, e), append(f.labels, s.Labels)
		}
	}
	w.WriteHeader(http.StatusNoContent)
}

// news prints what came since the last call, by time.
func (f *fakeLoki) news(w io.Writer) {
	f.mu.Lock()
	defer f.mu.Unlock()
	var order []int
	for i := f.shown; i < len(f.entries); i++ {
		order = append(order, i)
	}
	f.shown = len(f.entries)
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(f.entries[a].Timestamp.Compare(f.entries[b].Timestamp), cmp.Compare(f.labels[a], f.labels[b]))
	})
	for _, i := range order {
		fmt.Fprintf(w, "%s %s\n", f.entries[i].Timestamp.UTC().Format("15:04:05.000000000"), f.labels[i])
		for _, m := range f.entries[i].StructuredMetadata {
			fmt.Fprintf(w, "  %s=%s\n", m.Name, m.Value)
		}
		fmt.Fprintf(w, "  %s\n", f.entries[i].Line)
	}
}

// lokiKey is where a script's fake Loki is kept.
type lokiKey struct{}

// lokiCommand is the scripts' command loki: start sets FLUXTRAIL_LOKI__URL to a new one, down and
// up say what it answers, news FILE writes what came since it was asked before.
func lokiCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) == 0 {
		ts.Fatalf("usage: loki start|up|down|news FILE")
	}
	f, _ := ts.Value(lokiKey{}).(*fakeLoki)
	if f == nil {
		ts.Fatalf("no fake Loki in this script")
	}
	switch args[0] {
	case "start":
		srv := httptest.NewServer(f)
		ts.Defer(srv.Close)
		ts.Setenv("FLUXTRAIL_LOKI__URL", srv.URL)
	case "down", "up":
		f.mu.Lock()
		f.down = args[0] == "down"
		f.mu.Unlock()
	case "news":
		var b strings.Builder
		f.news(&b)
		ts.Check(writeTextFile(ts.MkAbs(args[1]), b.String()))
	}
}

// appendCommand is the scripts' command append: it adds one file to another, as a controller adds
// to its log.
func appendCommand(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 2 {
		ts.Fatalf("usage: append FROM TO")
	}
	ts.Check(appendText(ts.MkAbs(args[1]), ts.ReadFile(args[0])))
}

func writeTextFile(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }

func appendText(path, text string) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteString(text)
	return errors.Join(err, f.Close())
}
