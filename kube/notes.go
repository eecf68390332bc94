package kube

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"hash/fnv"
	"io"
	"log/slog"
	"maps"
	"sync"
	"time"

	"compress/gzip"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Notes are what the agents of a cluster tell each other: each node's agent writes one, as a
// ConfigMap, and reads those of the others. A note outlives the node that it is of. One goroutine
// Runs it; any number may Read meanwhile.
type Notes struct {
	client    *Client
	namespace string
	node      string
	now       func() time.Time
	follower  follower[*unstructured.Unstructured, Note]
	log       *slog.Logger
	failed    bool

	mu    sync.Mutex
	known map[string]Note
	rev   uint64
}

// Note is what one agent wrote.
type Note struct {
	Node   string
	Seen   time.Time // when it was seen to change last
	Packed []byte    // JSON as Compress makes it, which may become a thousand times as large

	version string
}

// Body is what the agent wrote, nil where it cannot be read.
func (n *Note) Body() []byte { return unpack(n.Packed) }

// Where notes are and how they are recognised.
const (
	noteOf   = "fluxtrail-node-"
	noteBody = "state.json.gz"
	noteNode = "node"
)

var noteLabels = map[string]any{
	"app.kubernetes.io/part-of": "fluxtrail", "app.kubernetes.io/component": "node-state",
}

var configMaps = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

// MaxNote is how many bytes a note may have when it is compressed. The API server takes a MiB.
const MaxNote = 900 << 10

// maxBody bounds what a note becomes when it is read.
const maxBody = 64 << 20

// NewNotes reads and writes notes in the name of a node.
func NewNotes(c *Client, cfg LeaderConfig, node string, now func() time.Time, log *slog.Logger) *Notes {
	n := &Notes{client: c, namespace: cfg.namespace(), node: node, now: now, log: log, known: map[string]Note{}}
	in := c.dynamic.Resource(configMaps).Namespace(n.namespace)
	list := func(ctx context.Context, opts metav1.ListOptions) (runtime.Object, error) { return in.List(ctx, opts) }
	n.follower = follower[*unstructured.Unstructured, Note]{
		resource: resource{name: configMaps.Resource, list: list, watch: in.Watch},
		distill:  n.distill, store: noteStore{n}, report: n.report,
	}
	n.follower.labels = "app.kubernetes.io/part-of=fluxtrail,app.kubernetes.io/component=node-state"
	return n
}

// Run reads the notes of others until ctx is done; it always returns nil. With nil Notes it returns
// at once.
func (n *Notes) Run(ctx context.Context) error {
	if n != nil {
		n.follower.run(ctx)
	}
	return nil
}

// Read returns all notes, by node, and a number that changes when they do: 0 before they were
// listed for the first time. It does not block.
func (n *Notes) Read() (map[string]Note, uint64) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.known), n.rev
}

// Compress is a note as Write takes it.
func Compress(body []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(body) // to memory
	_ = w.Close()
	return b.Bytes()
}

// Write replaces the note of this node.
func (n *Notes) Write(ctx context.Context, compressed []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	in := n.client.dynamic.Resource(configMaps).Namespace(n.namespace)
	o := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap",
		"metadata":   map[string]any{"name": noteName(n.node), "labels": noteLabels},
		"data":       map[string]any{noteNode: n.node},
		"binaryData": map[string]any{noteBody: base64.StdEncoding.EncodeToString(compressed)},
	}}
	_, err := in.Update(ctx, o, metav1.UpdateOptions{})
	if apierrors.IsNotFound(err) {
		_, err = in.Create(ctx, o, metav1.CreateOptions{})
	}
	return clean(err)
}

// noteName is that of a node's ConfigMap. The name of a node may be as long as that of a ConfigMap.
func noteName(node string) string {
	const most = 253 - len(noteOf)
	if len(node) <= most {
		return noteOf + node
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(node))
	return fmt.Sprintf("%s%s-%08x", noteOf, node[:most-9], h.Sum32())
}

// distill makes a note of its object. One that is no note has nothing packed.
func (n *Notes) distill(o *unstructured.Unstructured) Note {
	note := Note{version: o.GetResourceVersion()}
	note.Node, _, _ = unstructured.NestedString(o.Object, "data", noteNode)
	text, _, _ := unstructured.NestedString(o.Object, "binaryData", noteBody)
	packed, err := base64.StdEncoding.DecodeString(text)
	if _, bad := gzip.NewReader(bytes.NewReader(packed)); err == nil && bad == nil {
		note.Packed = packed
	}
	return note
}

func unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil
	}
	body, err := io.ReadAll(io.LimitReader(r, maxBody))
	if err != nil {
		return nil
	}
	return body
}

func (n *Notes) report(err error) {
	switch {
	case err != nil && !n.failed:
		n.log.Warn("cannot read what the agents of other nodes know: incidents are not handed over", "err", clean(err))
	case err == nil && n.failed:
		n.log.Info("what the agents of other nodes know can be read again")
	}
	n.failed = err != nil
}

// noteStore takes what the follower finds.
type noteStore struct{ *Notes }

func (s noteStore) replace(ctx context.Context, all []Note) {
	there := map[string]bool{}
	for _, note := range all {
		there[note.Node] = true
		s.put(ctx, note)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	maps.DeleteFunc(s.known, func(node string, _ Note) bool { return !there[node] })
	s.rev++
}

func (s noteStore) put(_ context.Context, note Note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if before, ok := s.known[note.Node]; note.Packed == nil || ok && before.version == note.version {
		return
	}
	note.Seen = s.now()
	s.known[note.Node] = note
	if s.rev > 0 {
		s.rev++
	}
}

func (s noteStore) drop(_ context.Context, note Note) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.known, note.Node)
	s.rev++
}
