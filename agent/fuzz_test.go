package agent

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

// FuzzState starts both lanes on a saved state of which one value is another. Its checksum is
// right, so that nothing but the lanes themselves stands between it and a crash: they end without
// an error, and what was saved before is read once more at the worst.
func FuzzState(f *testing.F) {
	logs := f.TempDir()
	log := filepath.Join(logs, "kustomize-controller.log")
	at := time.Now().Add(-time.Hour)
	for i, said := range []string{failed, failed, went, failed} {
		if err := appendText(log, kustomization(at.Add(time.Duration(i)*time.Minute), fmt.Sprint("app-", i%3), said)); err != nil {
			f.Fatal(err)
		}
	}
	base := map[string][]byte{}
	for _, name := range []string{"ship", "trail"} {
		dir := f.TempDir()
		if err := runLane(name, dir, log); err != nil {
			f.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, name+".json"))
		if err != nil {
			f.Fatal(err)
		}
		base[name] = bytes.TrimSuffix(text[bytes.Index(text, []byte(`"body":`))+len(`"body":`):], []byte("}\n"))
	}
	for i, value := range []string{`-1`, `null`, `9223372036854775807`, `""`, `[]`, `{}`, `1e300`, `"\ud800"`, `[1,2,3,4,5,6,7,8,9]`} {
		for node := range 4 {
			f.Add(i%2 == 0, uint16(node*37+i), value)
		}
	}
	f.Fuzz(func(t *testing.T, ship bool, node uint16, value string) {
		name := map[bool]string{true: "ship", false: "trail"}[ship]
		body, ok := replaceNode(base[name], int(node), value)
		if !ok {
			return
		}
		dir := t.TempDir()
		if err := stateDir(dir).File(name + ".json").Save(func(w io.Writer) error {
			_, err := w.Write(body)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		if err := runLane(name, dir, log); err != nil {
			t.Errorf("%s: %v", body, err)
		}
	})
}

// runLane reads a log once with one lane of an agent.
func runLane(name, dir, log string) error {
	a := testAgent(dir, log)
	a.status.names = []string{name}
	var l *lane
	var err error
	if name == "ship" {
		if l, err = a.ship(); err == nil {
			l.job.(*ship).sink = &recorder{}
		}
	} else if l, err = a.trail(); err == nil {
		l.job.(*trail).out = io.Discard
	}
	if err != nil {
		return err
	}
	return l.run(context.Background(), context.Background())
}

// replaceNode puts value in the place of the n-th value in a document.
func replaceNode(document []byte, n int, value string) (out []byte, ok bool) {
	var root, put any
	if json.Unmarshal([]byte(value), &put) != nil {
		put = value
	}
	dec := json.NewDecoder(bytes.NewReader(document))
	dec.UseNumber()
	if dec.Decode(&root) != nil {
		return nil, false
	}
	var places []func()
	var walk func(any)
	walk = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			for _, k := range slices.Sorted(maps.Keys(v)) {
				places = append(places, func() { v[k] = put }, func() { delete(v, k) })
				walk(v[k])
			}
		case []any:
			for i := range v {
				places = append(places, func() { v[i] = put })
				walk(v[i])
			}
		}
	}
	walk(root)
	places[n%len(places)]()
	out, err := json.Marshal(root)
	return out, err == nil
}
