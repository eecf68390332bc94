package agent

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/tail"
)

// TestUnusableStateIsKept keeps a state aside whose marks are right and whose lane's part cannot be
// used, as that of another version: the next save would be written over it.
func TestUnusableStateIsKept(t *testing.T) {
	t.Parallel()
	for _, state := range []string{
		`{"job":{"engine":{"version":3,"objects":[]},"counts":{}}}`, `{"job":{"engine":null}}`, `{"job":{"ENGINE":null}}`, `{"job":{"Counts":null}}`, `{"job":5}`, `{"packed":"AAAA"}`, `{"agent":5}`,
		`{"agent":{"SentLines":-1}}`, `{"agent":{"CheckpointFailures":-1}}`, `{"agent":{"LostParts":{"vanished":-1}}}`,
		`{"agent":{"Redactions":{"token":-1}}}`, `{"agent":{"Files":[{"Path":"a.log","Bytes":-1}]}}`,
	} {
		l, dir, said := laneWithState(t, func(_ *lane, w io.Writer) error {
			_, err := fmt.Fprint(w, state)
			return err
		})
		whole, err := os.ReadFile(filepath.Join(dir, "trail.json"))
		if err != nil {
			t.Fatal(err)
		}
		if err := l.load(); err != nil {
			t.Fatal(err)
		}
		kept, err := os.ReadFile(filepath.Join(dir, "trail.json.bad-1"))
		if err != nil || !bytes.Equal(kept, whole) || l.counts.now.CheckpointFailures != 1 || !strings.Contains(said.String(), "kept as ") {
			t.Errorf("%s: %v, %d failures\n%s", state, err, l.counts.now.CheckpointFailures, said.String())
		}
	}
}

// TestLargeStateIsKept keeps a state aside for which the memory limit has no room: reading it would
// end the process, again with each start.
func TestLargeStateIsKept(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		largest int64
		want    string
	}{{0, ""}, {1 << 20, ""}, {10, "takes too much memory: it has "}} {
		l, dir, said := laneWithState(t, func(l *lane, w io.Writer) error {
			state, err := l.job.save()
			if err != nil {
				return err
			}
			return writeWith(w, laneState{}, member{"packed", state.copyPacked})
		})
		l.cfg.largest = c.largest
		if err := l.load(); err != nil {
			t.Fatal(err)
		}
		_, err := os.Stat(filepath.Join(dir, "trail.json.bad-1"))
		if kept := err == nil; kept != (c.want != "") || !strings.Contains(said.String(), c.want) {
			t.Errorf("room for %d: %v\n%s", c.largest, err, said.String())
		}
	}
}

// laneWithState is a lane that has what write writes as its saved state in dir, and logs to said.
func laneWithState(t *testing.T, write func(*lane, io.Writer) error) (l *lane, dir string, said *bytes.Buffer) {
	t.Helper()
	dir, said = t.TempDir(), &bytes.Buffer{}
	a := testAgent(dir, demoPod(t))
	a.Log = slog.New(slog.NewTextHandler(said, nil))
	l, err := a.trail()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tail.SaveState(l.cfg.file, tail.Marks{}, func(w io.Writer) error { return write(l, w) }); err != nil {
		t.Fatal(err)
	}
	return l, dir, said
}
