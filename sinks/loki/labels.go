package loki

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Label is one name and value of a stream.
type Label struct{ Name, Value string }

// Loki's limits on the labels of a stream, as they are if nobody changed them. One label
// less is left for the label late.
const (
	maxLabels     = 14
	maxLabelName  = 1024
	maxLabelValue = 2048
)

// notLabels are keys of Flux's own lines that people query by. As labels, or as names of
// structured metadata, they would hide the keys of the line wherever a query has | json.
// The others are our structured metadata, which a label would hide, and our own label.
var notLabels = []string{
	"level", "ts", "msg", "error", "name", "kind", "logger", "controller", "controllerGroup", "controllerKind", "reconcileID", "revision",
	"pod", "node", "container", "object_kind", "object_namespace", "object_name", "reconcile_id", "outcome", "reason", "fingerprint", "late",
}

// Labels writes labels the way Loki does: in order, quoted, without those whose value is
// empty. The error names all that Loki would refuse, or that would break the dashboards of
// Flux.
func Labels(labels []Label) (string, error) {
	sorted := slices.DeleteFunc(slices.Clone(labels), func(l Label) bool { return l.Value == "" })
	slices.SortFunc(sorted, func(a, b Label) int { return strings.Compare(a.Name, b.Name) })
	var errs []error
	if len(sorted) == 0 || len(sorted) > maxLabels {
		errs = append(errs, fmt.Errorf("%d labels: want 1 to %d", len(sorted), maxLabels))
	}
	var b strings.Builder
	b.WriteByte('{')
	for i, l := range sorted {
		if i > 0 {
			b.WriteString(", ")
		}
		if i > 0 && l.Name == sorted[i-1].Name {
			errs = append(errs, fmt.Errorf("label %s: is there twice", l.Name))
		}
		if err := l.check(); err != nil {
			errs = append(errs, err)
		}
		b.WriteString(l.Name + "=" + strconv.Quote(l.Value))
	}
	b.WriteByte('}')
	return b.String(), errors.Join(errs...)
}

func (l Label) check() error {
	switch {
	case !labelName(l.Name):
		return fmt.Errorf("label %q: want letters, digits and _, and neither a digit nor __ first", l.Name)
	case slices.Contains(notLabels, l.Name):
		return fmt.Errorf("label %s: is taken: Flux's lines have a key of that name, or we use it", l.Name)
	case len(l.Name) > maxLabelName || len(l.Value) > maxLabelValue:
		return fmt.Errorf("label %.40s: is longer than Loki takes", l.Name)
	case !utf8.ValidString(l.Value):
		return fmt.Errorf("label %s: is no UTF-8", l.Name)
	}
	return nil
}

func labelName(s string) bool {
	for i, c := range []byte(s) {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '_'
		if !letter && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return s != "" && !strings.HasPrefix(s, "__")
}

// cutLine returns the beginning of a line and a note on what is missing, in at most limit
// bytes. The hash is of the whole line, so that equal lines can be told.
func cutLine(line []byte, limit int) []byte {
	note := fmt.Sprintf(" [cut: %d bytes in all, sha256 %x]%s", len(line), sha256.Sum256(line), cutBefore(line))
	n := limit - len(note)
	for n > 0 && !utf8.RuneStart(line[n]) {
		n--
	}
	return append(append(make([]byte, 0, limit), line[:n]...), note...)
}

// cutBefore is the note of package tail at the end of a line that it has cut already.
func cutBefore(line []byte) []byte {
	const longest = 64
	end := line[max(0, len(line)-longest):]
	if i := bytes.LastIndex(end, []byte("…[cut ")); i >= 0 && bytes.HasSuffix(end, []byte("]")) {
		return end[i:]
	}
	return nil
}
