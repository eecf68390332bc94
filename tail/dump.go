package tail

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"

	"github.com/tidwall/gjson"
)

// dumpLimit is how much of an export is held in memory to bring it into order.
const dumpLimit = 64 << 20

// lokiAnswer reports whether the sample begins like the JSON that Loki's query_range returns.
func lokiAnswer(sample []byte) bool {
	head := sample[:min(len(sample), 512)]
	return bytes.HasPrefix(bytes.TrimLeft(head, " \r\n\t"), []byte("{")) &&
		bytes.Contains(head, []byte(`"resultType"`)) && bytes.Contains(head, []byte(`"streams"`))
}

// loadLoki queues the lines of all streams of one or more query_range answers, oldest first. Offset is where the value
// stands in the file and Num counts the values.
func (r *Reader) loadLoki() {
	doc, err := io.ReadAll(io.LimitReader(&r.split, dumpLimit))
	if err != nil {
		r.split.err = err
	}
	text := string(doc)
	for from := 0; from < len(text); {
		answer := gjson.Parse(text[from:])
		if !answer.IsObject() {
			break
		}
		answer.Get("data.result").ForEach(func(_, stream gjson.Result) bool {
			r.queueStream(stream, from)
			return true
		})
		from += answer.Index + len(answer.Raw)
	}
	r.sortQueue()
}

// queueStream queues the values of one stream of the answer that starts at offset base.
func (r *Reader) queueStream(stream gjson.Result, base int) {
	labels := stream.Get("stream")
	stream.Get("values").ForEach(func(_, value gjson.Result) bool {
		pair := value.Array()
		if len(pair) < 2 {
			return true
		}
		ns, _ := strconv.ParseInt(pair[0].Str, 10, 64)
		r.dec.wrapped([]byte(pair[1].Str), ns, labels)
		r.split.num++
		line := r.lineOf(&r.dec.rec)
		line.Num, line.Offset = r.split.num, int64(base+value.Index)
		r.queue = append(r.queue, queued{line, r.file})
		return true
	})
}

// loadNewestFirst queues the next part of an export that logcli wrote in its default order. Up to dumpLimit bytes are
// put in order; parts of a larger file follow each other as they stand.
func (r *Reader) loadNewestFirst() {
	for size := 0; size < dumpLimit && (r.split.next() || r.split.rest()); {
		if !r.push() {
			continue
		}
		q := queued{r.line, r.file}
		q.line.Text = bytes.Clone(r.line.Text)
		size += len(q.line.Text)
		r.queue = append(r.queue, q)
	}
	slices.Reverse(r.queue)
	r.sortQueue()
}

// sortQueue brings the queue into the order of time; lines of one instant keep theirs.
func (r *Reader) sortQueue() {
	slices.SortStableFunc(r.queue, func(a, b queued) int { return cmp.Compare(a.line.Time, b.line.Time) })
}

// newestFirst reports whether the times in a sample of logcli's output go backwards.
func newestFirst(sample []byte) bool {
	d, first, last := new(decoder), int64(0), int64(0)
	for line := range bytes.Lines(bytes.Clone(sample)) {
		if !bytes.HasSuffix(line, newline) || !d.logcli(clean(bytes.TrimSpace(line))) {
			continue
		}
		if first == 0 {
			first = d.rec.time
		}
		last = d.rec.time
	}
	return last < first
}
