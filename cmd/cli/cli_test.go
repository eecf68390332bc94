package cli

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"
)

func TestWord(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"json": "json", " JSON ": "json", "jsn": "did you mean json?", "excel": "use text or json",
	} {
		var bad Problems
		got := bad.Word("output", given, []string{"text", "json"})
		if len(bad) > 0 {
			got = bad[0].Error()
		}
		if !strings.HasSuffix(got, want) {
			t.Errorf("%q: %s, want %s", given, got, want)
		}
	}
}

func TestPager(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"less", "most"} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	for _, c := range []struct {
		name, want string
		less       bool // LESS is set for it
		env        map[string]string
	}{
		{"default", "less", true, nil},
		{"PAGER", "most -s", true, map[string]string{"PAGER": "most -s"}},
		{"ours wins", "less -S", true, map[string]string{"PAGER": "most", "FLUXTRAIL_PAGER": "less -S"}},
		{"empty", "", false, map[string]string{"PAGER": ""}},
		{"cat", "", false, map[string]string{"PAGER": "cat"}},
		{"no such program", "", false, map[string]string{"PAGER": "nothing-here"}},
		{"LESS of the user", "less", false, map[string]string{"LESS": "-R"}},
	} {
		pager := newPager(func(name string) (string, bool) { value, ok := c.env[name]; return value, ok })
		switch {
		case pager == nil && c.want == "":
		case pager == nil || pager.Args[len(pager.Args)-1] != c.want:
			t.Errorf("%s: %v, want %q", c.name, pager, c.want)
		case c.less != (pager.Env != nil):
			t.Errorf("%s: environment %v", c.name, pager.Env)
		}
	}
}

// TestPolicyTells has a server fail again and again: each failure is told once, with nothing that a
// terminal obeys.
func TestPolicyTells(t *testing.T) {
	t.Parallel()
	var told bytes.Buffer
	c := &cobra.Command{}
	c.SetErr(&told)
	var s Server
	s.AddTo(c, "loki", "`URL`")
	p := s.Policy("http://loki:3100")
	for i := range 100 {
		p.Failed(errors.New("answered 503: \x1b[2J"))
		p.Failed(fmt.Errorf("failure %d", i))
	}
	if n := strings.Count(told.String(), "\n"); n != maxTold || strings.Count(told.String(), "503") != 1 || strings.Contains(told.String(), "\x1b") ||
		!strings.Contains(told.String(), "http://loki:3100: failure 1; trying again\n") {
		t.Errorf("%d lines: %q", n, &told)
	}
}

// full is a disk that takes nothing.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left") }

// TestErrorOnce writes more than a buffer to a full disk: what failed is told once.
func TestErrorOnce(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, 1 << 20} {
		err := Buffered(t.Context(), full{}, func(w io.Writer) error {
			_, err := w.Write(make([]byte, n))
			return err
		})
		if err == nil || err.Error() != "no space left" {
			t.Errorf("%d bytes: %v", n, err)
		}
	}
	broken := errors.New("broken")
	if err := Buffered(t.Context(), &bytes.Buffer{}, func(io.Writer) error { return broken }); !errors.Is(err, broken) {
		t.Error(err)
	}
}
