package replay

import (
	"runtime/debug"
	"runtime/metrics"

	"fluxtrail/agent/resident"
)

// memory sets how much the garbage collector lets a replay use. Up to a fixed size it does not
// work, which saves a tenth of the time; beyond, it works as usual, at twice of what lives. A fixed
// limit alone would keep it busy all the time once that much lives.
type memory struct {
	calls int
	live  []metrics.Sample
}

const (
	memoryTarget = 112 << 20 // with the stacks and the buffers outside, the process stays below 150 MB
	memoryEvery  = 64        // calls of fit between two looks
)

func newMemory() *memory {
	new(resident.Program).Drop()
	debug.SetGCPercent(-1)
	debug.SetMemoryLimit(memoryTarget)
	return &memory{live: []metrics.Sample{{Name: "/gc/heap/live:bytes"}}}
}

// fit is called often while lines are read.
func (m *memory) fit() {
	if m.calls++; m.calls%memoryEvery == 0 {
		m.look()
	}
}

// look sets the limit by what lives.
func (m *memory) look() {
	metrics.Read(m.live)
	debug.SetMemoryLimit(max(memoryTarget, 2*int64(m.live[0].Value.Uint64())))
}
