package frame

import (
	"bytes"
	"strings"
	"unsafe"
)

// FluxEntry is a line as the command flux logs prints it since 2021:
//
//	TIME LEVEL KIND/NAME.NAMESPACE - MESSAGE ERROR
//
// The kind is left out where a controller of another age than the command names it by another key,
// and name and namespace where the line has none.
type FluxEntry struct {
	Time                  int64  // Unix nanoseconds
	Level                 string // info, error, debug or trace
	Kind, Name, Namespace string
	Said                  string // message and error, with a blank between
}

// ReadFluxEntry takes such a line apart. The namespace stands behind the last dot, since a name may
// have dots; the names of servers have blanks.
func ReadFluxEntry(s string) (e FluxEntry, ok bool) {
	var c Clock
	at, n := ReadTime(&c, s)
	if n == 0 || len(s) < n+2 || s[n] != ' ' {
		return e, false
	}
	level, rest, _ := strings.Cut(s[n+1:], " ")
	if !fluxLevels[level] {
		return e, false
	}
	object, said, ok := strings.Cut(rest, "- ")
	if object != "" && !strings.HasSuffix(object, " ") {
		object, said, ok = strings.Cut(rest, " - ")
	}
	kind, named, about := strings.Cut(strings.TrimSuffix(object, " "), "/")
	dot := strings.LastIndexByte(named, '.')
	if !ok || strings.IndexFunc(kind, noLetter) >= 0 || about && dot < 0 {
		return e, false
	}
	e = FluxEntry{Time: at, Level: level, Kind: kind, Said: said}
	if about {
		e.Name, e.Namespace = named[:dot], named[dot+1:]
	}
	return e, true
}

// fluxLevels are the levels as flux logs prints them.
var fluxLevels = map[string]bool{"info": true, "error": true, "debug": true, "trace": true}

func noLetter(r rune) bool { return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') }

// fluxEntries reports whether a file is the output of flux logs: whether one of its first rows is
// and no other row is the line of a controller. A message may have more rows than the sample.
func fluxEntries(sample []byte) bool {
	rows, entries := 0, 0
	for row := range bytes.Lines(sample) {
		if rows++; rows > sampleLines || row[0] == '{' {
			break
		}
		if beginsFluxEntry(row) {
			entries++
		}
	}
	return entries > 0
}

// fluxMarks begin what the command says itself.
var fluxMarks = [...]string{"✗", "►", "✔", "◎", "⚠️"}

func hasPrefixOf(b []byte, heads []string) bool {
	for _, head := range heads {
		if bytes.HasPrefix(b, []byte(head)) {
			return true
		}
	}
	return false
}

// beginsFluxEntry reports whether a row begins a line of flux logs.
func beginsFluxEntry(row []byte) bool {
	_, ok := ReadFluxEntry(unsafe.String(unsafe.SliceData(row), len(row))) // it keeps nothing
	return ok
}
