package tail

import (
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"github.com/bmatcuk/doublestar/v4"

	"fluxtrail/tail/frame"
)

// FollowConfig says which logs a Follower reads and what it may cost.
type FollowConfig struct {
	// Include names what to follow: a directory in the kubelet's layout or any part of it, a
	// directory of symlinks such as /var/log/containers, any other directory, a glob, or a file.
	// None of them has to exist yet.
	Include []string `mapstructure:"include"`
	// Exclude are patterns of paths or base names to leave out; an excluded directory hides
	// everything below it. Patterns are those of doublestar: * and ? within one element, ** for
	// any number of directories, {a,b}, [a-z].
	Exclude []string `mapstructure:"exclude"`
	// Roots are directories that links may lead to, beside the included ones and Docker's: a file
	// that lies elsewhere is not read, whatever leads to it.
	Roots []string `mapstructure:"roots"`
	// From says where to start, the first time ever, in files that are there already: "beginning"
	// or "end". Files found later are always read from their first byte.
	From string `mapstructure:"from"`
	// Format is the framing of all files, or "auto".
	Format string `mapstructure:"format"`
	// MaxLine is the longest line in bytes that is kept whole.
	MaxLine int `mapstructure:"max_line" unit:"bytes"`
	// MaxPartial bounds the bytes of unfinished records held in memory, over all files. Beyond it
	// a record is delivered unfinished.
	MaxPartial int `mapstructure:"max_partial" unit:"bytes"`
	// MaxOpen bounds the open files. Deleted files that still hold unread bytes come on top: see
	// HoldBytes.
	MaxOpen int `mapstructure:"max_open"`
	// HoldBytes bounds the disk space of deleted files that are kept open because they were not
	// read to their end. Beyond it the oldest are given up, and counted.
	HoldBytes int64 `mapstructure:"hold_bytes" unit:"bytes" zero:"ok"`
	// HoldFiles bounds the number of such files.
	HoldFiles int `mapstructure:"hold_files" zero:"ok"`
	// QuietAfter is how long a rotated or deleted file must not have grown to count as complete.
	QuietAfter time.Duration `mapstructure:"quiet_after" zero:"ok"`
	// PartialAfter is how long the next piece of an unfinished record may take before what is
	// there is delivered.
	PartialAfter time.Duration `mapstructure:"partial_after"`
	// ForgetAfter is how long the position of a file that is gone is remembered.
	ForgetAfter time.Duration `mapstructure:"forget_after"`
	// Watch has the kernel tell of new and of deleted logs (inotify): they are found at once, and
	// one that comes and goes between two looks is counted. Where there are many, it also tells of
	// writes to those that are quiet. Where that is refused nothing is told.
	Watch bool `mapstructure:"watch"`
	// Select tells which Sources to follow; nil means all. For a pod it is asked once, with
	// Container empty, before anything in its directory is looked at. It is asked again on every
	// Poll about those it refused.
	Select func(Source) bool `mapstructure:"-"`
}

// The values of FollowConfig.From.
const (
	FromBeginning = "beginning"
	FromEnd       = "end"
)

// DefaultFollowConfig is a FollowConfig that reads all pod logs of a node from their beginning.
func DefaultFollowConfig() FollowConfig {
	return FollowConfig{
		Include:      []string{"/var/log/pods"},
		From:         FromBeginning,
		Format:       frame.Auto.String(),
		MaxLine:      1 << 20,
		MaxPartial:   8 << 20,
		MaxOpen:      512,
		HoldBytes:    1 << 30,
		HoldFiles:    4096,
		QuietAfter:   500 * time.Millisecond,
		PartialAfter: 10 * time.Second,
		ForgetAfter:  5 * time.Minute,
		Watch:        true,
	}
}

// Validate reports everything that is wrong with c at once, each error with the key it is about.
func (c FollowConfig) Validate() error {
	var errs []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	check(len(c.Include) > 0, "include: names nothing to follow: use /var/log/pods")
	for _, list := range []struct {
		key   string
		paths []string
	}{{"include", c.Include}, {"exclude", c.Exclude}} {
		for _, p := range list.paths {
			check(p != "" && doublestar.ValidatePathPattern(p), "%s: bad pattern %q", list.key, p)
		}
	}
	for _, p := range c.Roots {
		check(filepath.IsAbs(p), "roots: %q is no absolute path", p)
	}
	check(c.From == FromBeginning || c.From == FromEnd, "from: %q is neither %q nor %q", c.From, FromBeginning, FromEnd)
	format, err := frame.ParseFormat(c.Format)
	check(err == nil, "format: %v", err)
	check(format != frame.Loki, "format: an answer of Loki cannot be followed")
	check(c.MaxLine >= 1<<10, "max_line: %d bytes is too short: use 1024 or more", c.MaxLine)
	check(c.MaxPartial >= c.MaxLine, "max_partial: %d bytes is less than max_line (%d)", c.MaxPartial, c.MaxLine)
	check(c.MaxOpen >= 8, "max_open: %d files are too few: use 8 or more", c.MaxOpen)
	check(c.HoldBytes >= 0, "hold_bytes: %d is negative", c.HoldBytes)
	check(c.HoldFiles >= 0, "hold_files: %d is negative", c.HoldFiles)
	check(c.QuietAfter >= 0, "quiet_after: %v is negative", c.QuietAfter)
	check(c.PartialAfter > 0, "partial_after: %v is not positive", c.PartialAfter)
	check(c.ForgetAfter >= c.PartialAfter, "forget_after: %v is shorter than partial_after (%v)",
		c.ForgetAfter, c.PartialAfter)
	return errors.Join(errs...)
}
