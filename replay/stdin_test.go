package replay

import (
	"context"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"fluxtrail/api"
)

// TestPipeOutOfOrderIsReadWhole holds that no line is lost when a pipe turns out to be out of order
// long before its end: the first reading is given up then.
func TestPipeOutOfOrderIsReadWhole(t *testing.T) {
	t.Parallel()
	const lines = 20_000
	var log strings.Builder
	for i := range lines {
		second := (i + lines/2) % lines // the second half comes first
		fmt.Fprintf(&log, `{"level":"info","ts":"2024-11-13T%02d:%02d:%02d.000Z","msg":"starting manager"}`+"\n",
			second/3600, second/60%60, second%60)
	}
	opt := Options{Paths: []string{"-"}, Stdin: iotest.HalfReader(strings.NewReader(log.String()))}
	err := Run(t.Context(), opt, func(_ context.Context, rep *api.Report) error {
		if rep.Input.Lines != lines {
			t.Errorf("%d of %d lines were read", rep.Input.Lines, lines)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAgain holds that each reading is the whole, however much the one before took, and tells the
// error that the input ended with.
func TestAgain(t *testing.T) {
	t.Parallel()
	broken := io.MultiReader(strings.NewReader("abcdef"), iotest.ErrReader(io.ErrUnexpectedEOF))
	in := newReplayable(broken)
	if n, err := io.ReadFull(in.again(), make([]byte, 2)); n != 2 || err != nil {
		t.Fatal(n, err)
	}
	for range 2 {
		if got, err := io.ReadAll(in.again()); string(got) != "abcdef" || err != io.ErrUnexpectedEOF {
			t.Errorf("%q, %v", got, err)
		}
	}
}
