package tail

// MarksVersion is the version of the Marks this program writes.
const MarksVersion = 1

// Marks are positions in logs: for each Source right behind the last line that was delivered, with what it takes to
// recognise each file again. They are plain values: they may be kept, compared and written as JSON.
type Marks struct {
	Version int          `json:"version"` // 0 is the zero value: nothing was ever read
	Sources []SourceMark `json:"sources,omitempty"`
}

// SourceMark is the position in one Source.
type SourceMark struct {
	Name    string        `json:"name"`
	Files   []FileMark    `json:"files"` // in the order of the log
	Pending []PendingMark `json:"pending,omitempty"`
	Last    int64         `json:"last,omitempty"` // time of the last line, Unix nanoseconds
}

// FileMark is the position in one file.
type FileMark struct {
	Path   string `json:"path"`
	Dev    uint64 `json:"dev"`
	Ino    uint64 `json:"ino"`
	Head   Hash   `json:"head"` // of the first bytes of the text
	Offset int64  `json:"offset"`
	Edge   Hash   `json:"edge"` // of the last bytes before Offset
	Lines  int64  `json:"lines"`
	Size   int64  `json:"size"`             // when it was last looked at
	Format string `json:"format,omitempty"` // framing
	Done   bool   `json:"done,omitempty"`   // read to its end, and complete
}

// Hash is a hash of Len bytes.
type Hash struct {
	Len int    `json:"len"`
	Sum uint64 `json:"sum,string"`
}

// PendingMark is the beginning of a record whose end was not read yet, although lines behind it were delivered.
type PendingMark struct {
	Stream string `json:"stream"`
	File   int    `json:"file"` // index in SourceMark.Files
	Offset int64  `json:"offset"`
}
