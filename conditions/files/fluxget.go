package files

import (
	"bufio"
	"errors"
	"fmt"
	"strings"

	"fluxtrail/conditions"
	"fluxtrail/derive"
	"fluxtrail/parse"
)

// fluxGet reads the tables that flux get all --all-namespaces prints, one for each kind: cells are
// padded and end with a tab, a message of several lines goes on in rows whose first cells are
// empty. Revisions are cut short there, and neither times nor reasons are told.
func (in *input) fluxGet() error {
	lines := bufio.NewScanner(in.text)
	lines.Buffer(make([]byte, headSize), maxLine)
	var t table
	var errs error
	for n := 1; lines.Scan(); n++ {
		cells := strings.Split(strings.TrimRight(lines.Text(), "\r"), "\t")
		for i := range cells {
			cells[i] = strings.TrimRight(cells[i], " ")
		}
		switch {
		case strings.TrimSpace(lines.Text()) == "":
			errs = errors.Join(errs, in.row(&t))
		case isHeader(cells):
			errs = errors.Join(errs, in.row(&t))
			t = table{columns: cells}
		case t.columns == nil:
			in.others++ // such as a warning
		case cells[0] == "" && len(t.message) > maxRows:
		case cells[0] == "":
			t.message = append(t.message, strings.TrimSpace(strings.Join(cells, " ")))
		default:
			errs = errors.Join(errs, in.row(&t))
			t.take(cells, n)
		}
	}
	errs = errors.Join(errs, in.row(&t), lines.Err())
	if errs == nil {
		in.listAll()
	}
	return errs
}

// listAll says that of each kind that was told of all objects were.
func (in *input) listAll() {
	kinds := map[string]bool{}
	for i := range in.observations {
		kinds[in.observations[i].Kind] = true
	}
	for _, kind := range sorted(kinds) {
		in.listings = append(in.listings, derive.Listing{Source: in.path, Kind: kind})
	}
}

// maxRows is how many rows of a message are kept.
const maxRows = 1000

func isHeader(cells []string) bool { return cells[0] == "NAMESPACE" || cells[0] == "NAME" }

// table is a table that is read, and the row that may go on.
type table struct {
	columns []string
	line    int // of the row, 0 for none
	cells   map[string]string
	message []string
}

// take begins a row. A tab within a message makes cells of it, which are all behind it.
func (t *table) take(cells []string, line int) {
	t.line, t.cells, t.message = line, map[string]string{}, nil
	for i, name := range t.columns {
		if i < len(cells) && name != "" {
			t.cells[name] = cells[i]
		}
	}
	for i, name := range t.columns {
		if name == "MESSAGE" && i < len(cells) {
			t.message = []string{strings.TrimRight(strings.Join(cells[i:], "\t"), "\t ")}
		}
	}
}

// waiting is what flux prints of an object without conditions.
const waiting = "waiting to be reconciled"

// row takes a row that is complete.
func (in *input) row(t *table) error {
	if t.line == 0 {
		return nil
	}
	line := t.line
	t.line = 0
	short, name, _ := strings.Cut(t.cells["NAME"], "/")
	kind := parse.KindNamed(short)
	if ref := (parse.Ref{Kind: kind, Namespace: t.cells["NAMESPACE"], Name: name}); !ref.Valid() || ref.Namespace == "" {
		in.others++
		if in.others == 1 {
			return fmt.Errorf("line %d: does not say kind and namespace: save flux get all --all-namespaces", line)
		}
		return nil
	}
	o := in.reader.Object(t.object(kind, name), in.place(line), undated)
	o.Family = "flux get"
	conditions.Unpaused(&o)
	in.add(o, 0)
	return nil
}

// object is the object of the API that the row is about, as far as it says.
func (t *table) object(kind, name string) map[string]any {
	o := map[string]any{
		"kind":     kind,
		"metadata": map[string]any{"namespace": t.cells["NAMESPACE"], "name": name},
		"spec":     map[string]any{"suspend": t.cells["SUSPENDED"] == "True"},
	}
	if _, ok := t.cells["READY"]; !ok { // alerts and providers have no conditions
		return o
	}
	status := map[string]any{}
	message := strings.Join(t.message, "\n")
	if t.cells["READY"] != "False" || message != waiting {
		status["conditions"] = []any{map[string]any{"type": "Ready", "status": t.cells["READY"], "message": message}}
	}
	switch revision := t.cells["REVISION"]; kind {
	case "Kustomization":
		status["lastAppliedRevision"] = revision
	case "HelmRelease": // the chart of the latest release, also of one that failed
		status["lastAttemptedRevision"] = revision
	default:
		status["artifact"] = map[string]any{"revision": revision}
	}
	o["status"] = status
	return o
}
