package derive

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"
)

// TestContradictingStates refuses states that no engine saves, and takes the one that they were
// made of.
func TestContradictingStates(t *testing.T) {
	t.Parallel()
	s := play(t, Config{}, "0s a fails\n1m a fails\n2m b ok next=1m\n3m now")
	good, err := json.Marshal(s.e)
	if err != nil {
		t.Fatal(err)
	}
	if err := New(Config{}).UnmarshalJSON(good); err != nil {
		t.Fatal(err)
	}
	for _, change := range [][2]string{
		{`{"objects":[`, `{"objects":[null,`},
		{`"errors":[`, `"errors":[null,`},
		{`"pods":[`, `"pods":[null,`},
		{`"pods":[`, `"pods":[{"paused":-1},`},
		{`"pods":[`, `"pods":[{"lines":-1},`},
		{`"pods":[`, `"pods":[{"panics":-1},`},
		{`"errors":[`, `"errors":[{"fingerprint":"x","count":-1},`},
		{`{"objects":[`, `{"objects":[{"broken":-1},`},
		{`{"objects":[`, `{"objects":[{"counts":{"failed":-1}},`},
		{`{"objects":[`, `{"objects":[{"cuts":{"n":-1}},`},
		{`{"objects":[`, `{"objects":[{"incident":{"flaps":-1}},`},
		{`{"objects":[`, `{"objects":[{"incident":{"attempts":-1}},`},
		{`{"objects":[`, `{"objects":[{"status":77},`},
		{`{"objects":[`, `{"objects":[{"pending":{"status":77}},`},
		{`{"objects":[`, `{"objects":[{"previous":{"outcome":77}},`},
		{`{"objects":[`, `{"objects":[{"next_rev":-1},`},
		{`{"objects":[`, `{"objects":[{"incident":{"object":{"Name":"z"}}},`},
		{`{"objects":[`, `{"objects":[{"known":{"seen":[null]}},`},
		{`{"objects":[`, `{"objects":[{"known":{"spec":1}},`},
		{`{"objects":[`, `{"objects":[{"known":{"families":-1}},`},
	} {
		bad := strings.Replace(string(good), change[0], change[1], 1)
		bad = strings.ReplaceAll(bad, ",]", "]")
		if !json.Valid([]byte(bad)) || bad == string(good) {
			t.Fatalf("%s: %s", change[1], bad)
		}
		if New(Config{}).UnmarshalJSON([]byte(bad)) == nil {
			t.Errorf("%s: taken", change[1])
		}
	}
}

// TestRetryAtTheEndOfTime looks for the retry of a failing object when the clock is at, or near, the
// last instant that there is.
func TestRetryAtTheEndOfTime(t *testing.T) {
	t.Parallel()
	for _, by := range []int64{1, math.MaxInt64 - int64(time.Hour), math.MaxInt64} {
		for _, now := range []int64{math.MaxInt64 - int64(time.Second), math.MaxInt64} {
			e := New(Config{Announce: true})
			o := e.newObject(Ref{Kind: "Kustomization", Namespace: "apps", Name: "web"}, "kustomize-controller")
			e.open(o, noon)
			o.RetryBy = by
			e.lookAgain(o)
			e.Advance(now)
			if e.Now() != now {
				t.Errorf("the clock is at %d", e.Now())
			}
		}
	}
}
