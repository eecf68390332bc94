package kube

import (
	"errors"
	"net/http"
	"strings"
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
