package tail

import (
	"bytes"
	"cmp"
	"encoding/json"
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
// stands in the file and Num counts the values. What is no such answer is left to be read line by line.
func (r *Reader) loadLoki() {
	doc, err := io.ReadAll(io.LimitReader(&r.split, dumpLimit))
	if err != nil {
		r.split.err = err
	}
	answers, end := json.NewDecoder(bytes.NewReader(doc)), int64(0)
	for {
		var answer json.RawMessage
		if answers.Decode(&answer) != nil || !r.queueAnswer(answer, answers.InputOffset()-int64(len(answer))) {
			break
		}
		end = answers.InputOffset()
	}
	r.sortQueue()
	if rest := doc[end:]; len(bytes.TrimSpace(rest)) > 0 {
		r.split.unread(rest)
	}
}

// queueAnswer queues the values of one answer that stands at offset base; false when it is something else.
func (r *Reader) queueAnswer(answer []byte, base int64) bool {
	result := gjson.GetBytes(answer, "data.result")
	if !result.IsArray() {
		return false
	}
	result.ForEach(func(_, stream gjson.Result) bool {
		labels := stream.Get("stream")
		stream.Get("values").ForEach(func(_, value gjson.Result) bool {
			r.queueValue(value, labels, base)
			return true
		})
		return true
	})
	return true
}

// queueValue queues one value: ["nanoseconds","line"], perhaps with structured metadata behind.
func (r *Reader) queueValue(value, labels gjson.Result, base int64) {
	ns, _ := strconv.ParseInt(value.Get("0").Str, 10, 64)
	r.dec.wrapped([]byte(value.Get("1").Str), ns, labels)
	r.split.num++
	line := r.lineOf(&r.dec.rec)
	line.Num, line.Offset = r.split.num, base+int64(value.Index)
	if len(line.Text) > 0 {
		r.queue = append(r.queue, queued{line, r.part})
	}
}

// loadNewestFirst queues the next part of an export that logcli wrote in its default order. Up to dumpLimit bytes are
// put in order; parts of a larger file follow each other as they stand.
func (r *Reader) loadNewestFirst() {
	for size := 0; size < dumpLimit && (r.split.next() || r.split.rest()); {
		if !r.push() {
			continue
		}
		q := queued{r.line, r.part}
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
