package loki

import (
	"time"

	"github.com/grafana/loki/pkg/push"
	"google.golang.org/protobuf/encoding/protowire"
)

// What stands before a field: its number in Loki's pkg/push/push.proto, or in protobuf's Timestamp,
// shifted by three bits, and its type.
const (
	number = 0 // types
	sized  = 2

	streamsField = 1<<3 | sized // of PushRequest

	labelsField  = 1<<3 | sized // of StreamAdapter
	entriesField = 2<<3 | sized

	timeField = 1<<3 | sized // of EntryAdapter
	lineField = 2<<3 | sized
	metaField = 3<<3 | sized

	nameField  = 1<<3 | sized // of LabelPairAdapter
	valueField = 2<<3 | sized

	secondsField = 1<<3 | number // of Timestamp
	nanosField   = 2<<3 | number
)

// requestSize is the size of a request with one stream of so many bytes.
func requestSize(stream int) int { return messageSize(stream) }

func streamSize(labels string, entries []push.Entry) int {
	n := textSize(labels)
	for i := range entries {
		n += messageSize(entrySize(&entries[i]))
	}
	return n
}

func entrySize(e *push.Entry) int {
	n := messageSize(timeSize(e.Timestamp)) + textSize(e.Line)
	for i := range e.StructuredMetadata {
		n += messageSize(metaSize(&e.StructuredMetadata[i]))
	}
	return n
}

func metaSize(m *Meta) int { return textSize(m.Name) + textSize(m.Value) }

// messageSize is what a message of so many bytes takes as a field.
func messageSize(size int) int {
	if size < 0x80 { // nearly all are
		return 2 + size
	}
	return 1 + protowire.SizeBytes(size)
}

// textSize is what a text takes as a field. An empty one is left out.
func textSize(text string) int {
	if text == "" {
		return 0
	}
	return messageSize(len(text))
}

func timeSize(t time.Time) (n int) {
	if s := t.Unix(); s != 0 {
		n += 1 + protowire.SizeVarint(uint64(s))
	}
	if ns := t.Nanosecond(); ns != 0 {
		n += 1 + protowire.SizeVarint(uint64(ns))
	}
	return n
}

// appendRequest appends a PushRequest with one stream, whose streamSize is size: the same bytes as
// Loki's own code gives, in half the time.
func appendRequest(b []byte, size int, labels string, entries []push.Entry) []byte {
	b = appendHead(b, streamsField, size)
	b = appendText(b, labelsField, labels)
	for i := range entries {
		b = appendEntry(b, &entries[i])
	}
	return b
}

func appendEntry(b []byte, e *push.Entry) []byte {
	b = appendHead(b, entriesField, entrySize(e))
	b = appendHead(b, timeField, timeSize(e.Timestamp))
	b = appendNumber(b, secondsField, e.Timestamp.Unix())
	b = appendNumber(b, nanosField, int64(e.Timestamp.Nanosecond()))
	b = appendText(b, lineField, e.Line)
	for i := range e.StructuredMetadata {
		m := &e.StructuredMetadata[i]
		b = appendHead(b, metaField, metaSize(m))
		b = appendText(b, nameField, m.Name)
		b = appendText(b, valueField, m.Value)
	}
	return b
}

// appendHead appends what stands before the bytes of a field.
func appendHead(b []byte, field byte, size int) []byte {
	if size < 0x80 {
		return append(b, field, byte(size))
	}
	return protowire.AppendVarint(append(b, field), uint64(size))
}

func appendText(b []byte, field byte, text string) []byte {
	if text == "" {
		return b
	}
	return append(appendHead(b, field, len(text)), text...)
}

func appendNumber(b []byte, field byte, n int64) []byte {
	if n == 0 {
		return b
	}
	return protowire.AppendVarint(append(b, field), uint64(n))
}
