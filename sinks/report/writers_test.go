package report

import (
	"bytes"
	"errors"
	"io"
	"testing"

	"fluxtrail/api"
)

// writers are all of them, for what must hold for each.
func writers(r *api.Report) map[string]func(io.Writer) error {
	return map[string]func(io.Writer) error{
		"json":        jsonOf(r, jsonOptions{Indent: true}),
		"text":        textOf(r, Look{Sections: SectionNames(), Color: true}),
		"markdown":    markdownOf(r, Look{}),
		"html":        htmlOf(r, htmlOptions{}),
		"openmetrics": openMetricsOf(r, openMetricsOptions{}),
	}
}

func TestSameReportSameBytes(t *testing.T) {
	for name, write := range writers(sample()) {
		first := written(t, write)
		for range 3 {
			if !bytes.Equal(first, written(t, write)) {
				t.Errorf("%s: two writes differ", name)
			}
		}
		if again := written(t, writers(sample())[name]); !bytes.Equal(first, again) {
			t.Errorf("%s: an equal report is written differently", name)
		}
	}
}

type fullDisk struct{ left int }

var errFull = errors.New("no space left on device")

func (d *fullDisk) Write(b []byte) (int, error) {
	if d.left -= len(b); d.left < 0 {
		return 0, errFull
	}
	return len(b), nil
}

func TestWritersReportAFullDisk(t *testing.T) {
	for name, write := range writers(sample()) {
		if err := write(&fullDisk{left: 100}); !errors.Is(err, errFull) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestWritersTakeAnEmptyReport(t *testing.T) {
	for name, write := range writers(&api.Report{}) {
		if len(written(t, write)) == 0 {
			t.Errorf("%s wrote nothing", name)
		}
	}
}
