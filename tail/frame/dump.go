package frame

import (
	"bytes"
	"encoding/json"
	"strconv"

	"github.com/tidwall/gjson"
)

var newline = []byte{'\n'}

// IsLoki reports whether the sample begins like the JSON that Loki's query_range returns.
func IsLoki(sample []byte) bool {
	head := sample[:min(len(sample), 512)]
	return bytes.HasPrefix(bytes.TrimLeft(head, " \r\n\t"), []byte("{")) &&
		bytes.Contains(head, []byte(`"resultType"`)) && bytes.Contains(head, []byte(`"streams"`))
}

// Answers calls add for each value of all streams of the query_range answers that doc starts with.
// During add, Piece is the value; offset is where it stands in doc. It returns where the answers
// end; what stands behind them is something else.
func (d *Decoder) Answers(doc []byte, add func(offset int64)) (end int64) {
	answers := json.NewDecoder(bytes.NewReader(doc))
	for {
		var answer json.RawMessage
		if answers.Decode(&answer) != nil || !d.answer(answer, answers.InputOffset()-int64(len(answer)), add) {
			return end
		}
		end = answers.InputOffset()
	}
}

// answer reads one answer that stands at offset base; false when it is something else.
func (d *Decoder) answer(answer []byte, base int64, add func(offset int64)) bool {
	result := gjson.GetBytes(answer, "data.result")
	if !result.IsArray() {
		return false
	}
	result.ForEach(func(_, stream gjson.Result) bool {
		labels := stream.Get("stream")
		stream.Get("values").ForEach(func(_, value gjson.Result) bool {
			d.value(value, labels)
			add(base + int64(value.Index))
			return true
		})
		return true
	})
	return true
}

// value reads one value: ["nanoseconds","line"], perhaps with structured metadata behind.
func (d *Decoder) value(value, labels gjson.Result) {
	ns, _ := strconv.ParseInt(value.Get("0").Str, 10, 64)
	d.wrapped([]byte(value.Get("1").Str), ns, labels)
}
