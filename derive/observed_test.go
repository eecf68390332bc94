package derive

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestObservedInOrder(t *testing.T) {
	t.Parallel()
	seen := func(at int64, name string) Observation { return Observation{Ref: Ref{Name: name}, At: at} }
	w := Observed{
		Observations: []Observation{seen(1, "a"), seen(3, "b"), seen(3, "c"), seen(5, "d")},
		Listings:     []Listing{{At: 3, Kind: "all"}, {At: 5, Kind: "all"}},
	}
	var got []string
	for _, at := range []int64{1, 2, 4, 4, 9} {
		some := w.Before(at, func(o *Observation) { got = append(got, o.Name) }, func(l Listing) { got = append(got, l.Kind) })
		got = append(got, fmt.Sprint(some))
	}
	want := "false a true b c all true false d all true"
	if d := cmp.Diff(want, strings.Join(got, " ")); d != "" || w.Next() != math.MaxInt64 {
		t.Errorf("(-want +got):\n%s", d)
	}
}
