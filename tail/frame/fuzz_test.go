package frame

import (
	"bytes"
	"testing"
)

// FuzzTimestamp compares with the standard library wherever that one understands the text.
func FuzzTimestamp(f *testing.F) {
	for _, s := range []string{"2026-11-20T10:22:54.417159105Z x", "2026-11-20T10:22:54+02:00", "0000-01-01T00:00:00.1-0530"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkTimestamp(t, b) })
}

// FuzzUnescape compares with a JSON decoder wherever the text is JSON.
func FuzzUnescape(f *testing.F) {
	for _, s := range []string{`a\"b`, `\u00b5\ud83d\ude00\ud83d`, `\\u0041`, `\x\`, "\\u12g4\\u"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) { checkUnescape(t, b) })
}

// FuzzJoiner puts rows of any shape together: every row is in one unit, and what goes in comes out.
func FuzzJoiner(f *testing.F) {
	for _, s := range []string{
		"[{\"a\":1},\n{\"b\":\n[2]}]\n", "{\n \"level\": \"x\ny\"\n}\n{\"level\":1}\n{", "a,\"b\nc\"\nd,e\n",
		"2026-11-20T10:22:54Z info  - a \nb\n✗ c\n", "{\"level\":\"info\",\"ms\ng\":\"x\"}\nI1120 text\n",
		"msg: &a [x, y]\nb: *a\n---\njsonPayload: {\n  msg: <\n}\n1: .inf\n", "{&#34;a&#34;:&quot;&amp;&quot;}\n",
	} {
		for shape := range uint8(7) {
			f.Add([]byte(s), shape, uint8(7))
		}
	}
	shapes := [...]Shape{{documents: true}, {documents: true, width: 12}, {table: true}, {entries: true}, {documents: true, width: 3}, {yaml: true}, {html: true}}
	f.Fuzz(func(t *testing.T, data []byte, shape, piece uint8) {
		j := NewJoiner(shapes[int(shape)%len(shapes)], maxUnit)
		rows, got, size := int64(0), int64(0), 0
		take := func() {
			for u, ok := j.Next(); ok; u, ok = j.Next() {
				got += u.Rows
				size += len(u.Text)
			}
		}
		for row := range bytes.Lines(data) {
			rows++
			row = bytes.Clone(bytes.TrimSuffix(row, newline))
			for at := int64(0); ; at++ {
				n := min(len(row), int(piece)+1)
				j.Row(row[:n], at, rows, n < len(row))
				take()
				if row = row[n:]; len(row) == 0 {
					break
				}
			}
		}
		j.End()
		take()
		if got != rows {
			t.Errorf("%d rows came out of %d", got, rows)
		}
		// JSON may write six bytes for one of YAML.
		if limit := 8*len(data) + 16*int(rows+1); size > limit {
			t.Errorf("%d bytes came out of %d", size, len(data))
		}
	})
}

// FuzzWrapper unwraps any object: nothing that comes out is empty, and no text is made up.
func FuzzWrapper(f *testing.F) {
	for _, s := range []string{
		`{"log":"{\"level\":\"info\",\"msg\":\"x\"}","time":"2026-11-20T10:22:54Z"}`, `[["1763634174417000000","x"]]`,
		`{"columns":[{"name":"a"}],"rows":[["{\"level\":\"info\",\"msg\":1}"]]}`, `[{"key":"msg","value":{"stringValue":"x"}}]`,
		`{"a.msg":"x","a.level":"info"}`, `{"_stream":"{pod=\"p\"}","_msg":"x","controllerKind":"K"}`, `w {"message":"a\nb"}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		d := new(Decoder)
		size := len(b)
		if !d.wrapper(b) {
			return
		}
		n := 0
		for _, p := range append([]Piece{d.Piece}, d.More...) {
			if n += len(p.Text); len(p.Text) == 0 {
				t.Error("an empty line")
			}
		}
		if n > 8*size+64 {
			t.Errorf("%d bytes of lines in %d", n, size)
		}
	})
}
