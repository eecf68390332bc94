// Package tail turns bytes on disk into log lines.
//
// In go the files that package discover finds; plain, gzip or zstd. A [Reader] walks the files of
// one Source once, from the first byte to the last, for a replay. A [Follower] goes on for ever,
// for an agent: it keeps track of files while they grow, are rotated, copied, compressed, cut short
// and deleted, and its [Live] logs give the lines as they are written. Out come Lines: the text as
// the program wrote it, with the framing taken off (package frame) and partial records joined.
// Marks are positions that are saved (package checkpoint) and gone on from.
//
// The callers are the lanes of the agent, and the replay. The package starts no goroutine, holds no
// lock, logs nothing, and does not look into the text: what a line means is for package parse.
//
// What may be lost: the end of a line over the longest length (marked and counted), NUL runs left
// by a truncating writer (counted), and what a damaged or vanished file no longer holds ([Loss], or
// FileStat.Err). Everything else is delivered: a line that does not fit the framing of its file is
// passed on as it is, and counted.
//
// # A followed file
//
// A followed file is content: the same bytes under whatever name, as a copy, or compressed. Where
// it is changes with what a scan finds, and with what its open descriptor tells. The table is
// transitions, in place.go.
//
//	           found              unseen               unlinked
//	restored ─────────▶  named  ─────────▶  moved  ─────────────▶  deleted
//	                     ▲    └──────────────│───── unlinked ────▶   │
//	                     │                   │                       │
//	               found │              shut │                  shut │
//	                     │                   ▼                       │
//	                     └──────────────── lost ◀────────────────────┘
//
//	any of them ── replaced, givenUp ──▶ gone ── found (a copy of it) ──▶ named
//
// Meanwhile it is read:
//
//	growing ── settled ──▶ complete ── drained ──▶ finished
//	   ▲ ▲                    │                       │
//	   │ └─────── grew ───────┘                       │
//	   └─────────────── matched (found with more) ────┘
package tail

import (
	"context"
	"io"

	"fluxtrail/tail/discover"
	"fluxtrail/tail/frame"
)

// Format is the framing of a file.
type Format = frame.Format

// Stream is the output that a line was written to.
type Stream = frame.Stream

// The streams.
const (
	StreamNone = frame.NoStream
	Stderr     = frame.Stderr
)

// Line is one log line without newline and framing, its partial records joined. It belongs to the
// Reader: it and its Text are valid until the next call of Next. Two kinds of export are delivered
// in the order of time, not of the file: Loki answers (Num then counts values, Offset is where the
// value stands) and logcli output that is newest first.
type Line struct {
	Text   []byte
	Stream Stream
	Time   int64  // Unix nanoseconds of the framing (of the first record when joined); 0 when the framing has none
	Offset int64  // byte offset, in the decompressed file, of the first physical line
	Num    int64  // number of that physical line, from 1
	Rows   int64  // physical lines that it is made of; 1 for each of several in one physical line
	Pod    string // pod named by a viewer's prefix or Loki's labels, "" when none is
	Cut    bool   // longer than Options.MaxLine: Text ends with a marker, the rest was skipped and counted
	// Partial tells that the end of the record is missing: it was not written, or not in time.
	Partial bool
	// Again tells that the file was cut short to a part, and that the line is no younger than what
	// was given before: it may have been given already.
	Again bool
}

// File is one file of a log.
type File = discover.File

// Source is one log: its files in their order.
type Source = discover.Source

// PathError is a path that cannot be used, or not fully.
type PathError = discover.PathError

// Options say how a Source is read. The zero value is ready to use.
type Options struct {
	Format  Format    // Auto: found per file
	MaxLine int       // longest Text in bytes before it is cut; 0 is defaultMaxLine
	Stdin   io.Reader // what the path "-" reads

	// Context is for what a file's Open does and for reading what it gives; nil is one that never
	// ends.
	Context context.Context
}

// defaultMaxLine is the longest line kept whole, in bytes.
const defaultMaxLine = 10 << 20

// FileStat is what reading one file came to.
type FileStat struct {
	Format    string // framing as shown, with compression: "cri", "docker.gz", "empty"; "" when not (yet) opened
	Lines     int64  // physical lines, empty ones included; where one holds several Lines, their number
	Blank     int64  // of these, lines without text, and those that only part others (brackets, headings)
	Bytes     int64  // decompressed bytes read
	Truncated int64  // lines cut at Options.MaxLine
	Partial   int64  // unfinished partial records delivered as they were
	Misframed int64  // lines that did not fit the framing and were passed on as they were
	NUL       int64  // NUL bytes skipped
	Err       error  // why the file was not read, or not to its end
}
