package conditions

import (
	"context"
	"slices"

	"fluxtrail/derive"
)

// Evidence is what sources told of Flux's objects.
type Evidence struct {
	Observations []derive.Observation // in the order of Observation.Compare
	Listings     []derive.Listing     // in the order of time
	Health       []Health             // of the controllers' processes, in any order
	Inputs       []Input              // one for each file that was read or server that was asked
}

// Input is what one file or server told.
type Input struct {
	Name    string // path or address
	Form    string // "" when it is none that is known
	At      int64  // of a snapshot; 0 where entries have times of their own
	Guessed bool   // At is the newest time in the snapshot, and so too early
	Objects int    // observations
	Others  int    // objects, samples and rows that are not about Flux's objects
	Err     error  // why not all of it was read; what was read before is there
}

// A Source reads evidence about a span of time, in nanoseconds since 1970; 0 leaves an end open. It
// blocks until all is read or ctx is done. The error is one that leaves nothing to go on with, such
// as a path that does not exist; what else goes wrong is told by the Inputs.
type Source func(ctx context.Context, from, to int64) (*Evidence, error)

// Add puts what another source told to what is there.
func (e *Evidence) Add(more *Evidence) {
	e.Observations = append(e.Observations, more.Observations...)
	e.Listings = append(e.Listings, more.Listings...)
	e.Health = append(e.Health, more.Health...)
	e.Inputs = append(e.Inputs, more.Inputs...)
	e.Sort()
}

// Sort puts observations and listings in order.
func (e *Evidence) Sort() {
	slices.SortStableFunc(e.Observations, func(a, b derive.Observation) int { return a.Compare(&b) })
	slices.SortStableFunc(e.Listings, func(a, b derive.Listing) int { return int(a.At - b.At) })
}
