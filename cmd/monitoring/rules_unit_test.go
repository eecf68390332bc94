package monitoring

import (
	"bytes"
	"errors"
	"syscall"
	"testing"

	"fluxtrail/cmd/cli"
)

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// TestRulesTestTellsWhatCouldNotBeWritten does not end well without its results.
func TestRulesTestTellsWhatCouldNotBeWritten(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	c := newRulesTest(cli.Streams{Out: &out})
	c.SetContext(t.Context())
	if err := c.RunE(c, nil); err != nil || out.Len() == 0 {
		t.Errorf("%v, %q", err, out.String())
	}
	c = newRulesTest(cli.Streams{Out: full{}})
	c.SetContext(t.Context())
	if err := c.RunE(c, nil); !errors.Is(err, syscall.ENOSPC) {
		t.Error(err)
	}
}
