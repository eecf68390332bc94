package kube

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// TestEndlessLists wants an end to lists that always go on.
func TestEndlessLists(t *testing.T) {
	t.Parallel()
	asked := 0
	c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		reply(w, http.StatusOK, jsonObject{
			"kind": "List", "apiVersion": "v1", "metadata": jsonObject{"continue": "again"}, "items": []jsonObject{},
		})
	})
	if err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{}); !errors.Is(err, errEndless) {
		t.Errorf("pods: %v", err)
	}
	pods := asked
	err := c.each(t.Context(), events, "", metav1.ListOptions{}, func(map[string]any) {})
	if err == nil || !strings.Contains(err.Error(), "is this an API server?") || pods > maxPages+1 || asked > 2*maxPages+2 {
		t.Errorf("events: %v; %d and %d requests", err, pods, asked-pods)
	}
}

// TestEndlessAnswers wants an end to an answer that goes on and on, and to an event of a watch that
// does; a watch itself may go on.
func TestEndlessAnswers(t *testing.T) {
	t.Parallel()
	block := bytes.Repeat([]byte("x"), 1<<20)
	var sent atomic.Int64
	endless := func(w http.ResponseWriter, r *http.Request) {
		events := 0
		if r.URL.Query().Has("watch") {
			events = 2 * maxEvent >> 20
		}
		for i := 0; ; i++ {
			if i < events {
				block = append(block[:len(block):len(block)], '\n')
			}
			n, err := w.Write(block)
			if sent.Add(int64(n)); err != nil {
				return
			}
			block = block[:1<<20]
		}
	}
	c := serverOf(t, endless)
	err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
	if err == nil || !strings.Contains(err.Error(), "too long") || sent.Load() > 2*maxAnswer {
		t.Errorf("%d bytes: %v", sent.Load(), err)
	}
	server := httptest.NewServer(http.HandlerFunc(endless))
	t.Cleanup(server.Close)
	answer, err := (&http.Client{Transport: bounded{http.DefaultTransport}}).Get(server.URL + "/pods?watch=true")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	if n, err := io.Copy(io.Discard, answer.Body); err == nil || n < 2*maxEvent || n > 4*maxEvent {
		t.Errorf("%d bytes of a watch: %v", n, err)
	}
}

// TestRedirects has a server send us to another one, which must not see our token, and to another
// path of its own.
func TestRedirects(t *testing.T) {
	t.Parallel()
	asked := false
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked = true }))
	t.Cleanup(other.Close)
	for _, to := range []string{other.URL, "/here"} {
		c := serverOf(t, func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/here" {
				reply(w, http.StatusOK, jsonObject{"kind": "PodList", "apiVersion": "v1", "items": []jsonObject{}})
				return
			}
			http.Redirect(w, r, to, http.StatusFound)
		})
		err := c.listPods(t.Context(), "", "", []labels.Selector{labels.Everything()}, map[key]livePod{})
		if away := to == other.URL; away != (err != nil) || asked {
			t.Errorf("to %s: %v, asked %v", to, err, asked)
		}
	}
}
