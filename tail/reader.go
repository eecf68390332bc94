package tail

// Reader reads one Source.
type Reader struct{}

// NewReader returns a Reader of src.
func NewReader(src Source, opt Options) *Reader { return &Reader{} }

// Next advances.
func (r *Reader) Next() bool { return false }

// Line is the current line.
func (r *Reader) Line() *Line { return nil }

// Err is the first error that ended the reading early.
func (r *Reader) Err() error { return nil }

// FileIndex is the index of the current line's file.
func (r *Reader) FileIndex() int { return 0 }

// Stats is one FileStat per file.
func (r *Reader) Stats() []FileStat { return nil }

// Pos is the end of the last complete physical line consumed.
func (r *Reader) Pos() (fileIndex int, end int64) { return 0, 0 }

// Close closes.
func (r *Reader) Close() error { return nil }
