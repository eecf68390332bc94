package kube

import (
	"fmt"
	"hash/maphash"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/conditions"
	"fluxtrail/derive"
)

func TestHistory(t *testing.T) {
	t.Parallel()
	h := &history{hash: maphash.MakeSeed(), of: map[derive.Ref][]entry{}, events: map[uint64]derive.Observation{}}
	for i, round := range []struct{ says, want string }{
		{"a=True b=False", "1a=True 1b=False"},
		{"a=True b=False", "1a=True 1b=False 2a=True 2b=False"},
		{"a=True b=True event", "1a=True 1b=False 2b=False 3a=True 3b=True 3event"},
		{"b=True event", "1a=True 1b=False 2b=False 3a=True 3b=True 3event 4a=gone 4b=True"},
		{"b=True event", "1a=True 1b=False 2b=False 3a=True 3b=True 3event 4a=gone 5b=True"},
	} {
		at := int64(i + 1)
		now := &conditions.Evidence{Listings: []derive.Listing{{Kind: "Kustomization", At: at}}}
		for _, word := range strings.Fields(round.says) {
			name, ready, _ := strings.Cut(word, "=")
			o := derive.Observation{Ref: derive.Ref{Kind: "Kustomization", Name: name}, At: at}
			if o.Conditions = []derive.Condition{{Type: "Ready", Status: ready}}; ready == "" {
				o.Conditions, o.Event, o.At = nil, &derive.Event{Reason: "x"}, 3
			}
			now.Observations = append(now.Observations, o)
		}
		var got []string
		for _, o := range h.with(now).Observations {
			text := fmt.Sprint(o.At, o.Name)
			switch {
			case o.Deleted:
				text += "=gone"
			case o.Event == nil:
				text += "=" + o.Ready()
			}
			got = append(got, text)
		}
		if d := cmp.Diff(round.want, strings.Join(got, " ")); d != "" {
			t.Errorf("round %d (-want +got):\n%s", at, d)
		}
	}
}
