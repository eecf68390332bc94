package agent

import (
	"errors"
	"io/fs"
	"log/slog"
	"runtime"
	"time"

	"github.com/KimMachineGun/automemlimit/memlimit"

	"fluxtrail/derive"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
)

// heapPart is which part of a container's limit the runtime may use.
const heapPart = 0.7

// profileRate is one sample for so many bytes, as Go has it.
const profileRate = 512 << 10

// keepSmall sets the garbage collector to spend time rather than memory: the agent runs on every
// node, mostly without any Flux pod to read. In a container with a memory limit the collector
// spends even more before the process comes near to that; the program's own pages, 17 MB, count
// there too. A profile, which main turned off, takes more. The result keeps it small from then on.
func keepSmall(profiled bool, log *slog.Logger) *memory {
	if profiled {
		runtime.MemProfileRate = profileRate
	}
	if _, err := memlimit.Set(memlimit.WithRatio(heapPart)); err != nil {
		log.Warn("cannot find out how much memory the agent may use; a limit of its container is not heeded", "err", err)
	}
	return newMemory(time.Now())
}

// ownState makes the process the only owner of the state directory until release is called. A
// directory that cannot be written to does not stop the agent: the lanes then keep their state in
// memory and say so, for which nil stands.
func ownState(path string, log *slog.Logger) (dir *checkpoint.Dir, release func(), err error) {
	dir, err = checkpoint.Open(path)
	if err == nil {
		return dir, func() { _ = dir.Close() }, nil // the end of the process would do as well
	}
	var broken *fs.PathError
	if !errors.As(err, &broken) {
		return nil, nil, err
	}
	log.Error("cannot use the state directory, going on in memory: a restart reads everything again", "err", err)
	return nil, func() {}, nil
}

// fitOpenFiles lowers the numbers of open files to what the process may have, with a part left over
// for connections and the program itself. A limit of 0 is not known.
func fitOpenFiles(cfg *tail.FollowConfig, limit int, log *slog.Logger) {
	const lanes, others = 2, 64
	want, may := cfg.MaxOpen+cfg.HoldFiles, max(8, (limit-others)/lanes)
	if limit == 0 || want <= may {
		return
	}
	log.Warn("the process may not have as many open files as the configuration allows, using fewer",
		"limit", limit, "tail.max_open", cfg.MaxOpen, "tail.hold_files", cfg.HoldFiles)
	cfg.MaxOpen = max(8, cfg.MaxOpen*may/want)
	cfg.HoldFiles = max(0, may-cfg.MaxOpen)
}

const (
	// bareAgent is what the process takes without objects while it has much to read, in bytes.
	bareAgent = 64 << 20
	// failingObject is what an object takes that fails with as long an error as is kept, with what the
	// collector and saving need, but without its evidence.
	failingObject = 8 << 10
	// fewObjects are known in any case.
	fewObjects = 500
)

// fitObjects lowers the number of objects that are known at once, and how much of their lines is
// kept, to what there is room for if all of them fail. Who can have a controller write what they
// like could else end the process, again with each start. most is what the runtime may use.
func fitObjects(cfg *derive.Config, most int64, log *slog.Logger) {
	limit := float64(most) / heapPart
	text := limit / 8
	room := (limit - text - bareAgent) / failingObject
	if room >= derive.MostObjects {
		return
	}
	cfg.MaxObjects, cfg.MaxText = max(int(room), fewObjects), min(int(text), derive.MostText)
	log.Info("the memory limit has room for fewer objects than are known at most", "objects", cfg.MaxObjects, "limit_bytes", int64(limit))
}
