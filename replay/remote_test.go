package replay

import (
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/api"
	"fluxtrail/tail"
)

// remote is a log that a server has. Each reading gets text and then err.
func remote(name, text string, err error, opened *atomic.Int32) tail.Source {
	open := func(ctx context.Context) (io.ReadCloser, error) {
		opened.Add(1)
		if text == "" && err != nil {
			return nil, err
		}
		end := io.Reader(strings.NewReader(""))
		if err != nil {
			end = failing{err}
		}
		return io.NopCloser(io.MultiReader(strings.NewReader(text), end)), ctx.Err()
	}
	return tail.Source{Name: name, Files: []tail.File{{Path: name, Open: open}}}
}

func TestRemoteLogs(t *testing.T) {
	t.Parallel()
	framed := func(second int, msg string) string {
		at := "2026-11-20T10:00:00Z"
		return "[pod/kustomize-controller-7f6f4d7b9-x2x2x/manager] " + at + " " + logLine(second, msg)
	}
	gone := errors.New("connection reset")
	for _, c := range []struct {
		name, text   string
		err          error
		opened       int32
		records      int64
		order, wrong string
	}{
		{"whole", framed(1, "a") + framed(2, "b"), nil, 1, 2, "", ""},
		{"newest first", framed(9, "c") + framed(5, "b") + framed(1, "a"), nil, 3, 3, orderReversed, ""},
		{"half-way", framed(1, "a") + framed(2, "b"), gone, 1, 2, "", "read only to byte"},
		{"refused", "", gone, 1, 0, "", "connection reset"},
		{"empty", "", nil, 1, 0, "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var opened, other atomic.Int32
			logs := func(context.Context) ([]tail.Source, []tail.PathError, error) {
				return []tail.Source{remote("cluster/x", c.text, c.err, &opened), remote("cluster/y", framed(3, "y"), nil, &other)},
					[]tail.PathError{{Path: "cluster/z", Err: errors.New("forbidden"), Hint: "ask"}}, nil
			}
			err := Run(t.Context(), Options{Logs: []Logs{logs}}, func(_ context.Context, rep *api.Report) error {
				x, y, z := rep.Input.Files[0], rep.Input.Files[1], rep.Input.Files[2]
				got := []any{x.Path, x.Records, x.Order, y.Records, *z.Error, opened.Load()}
				want := []any{"cluster/x", c.records, c.order, int64(1), "forbidden; ask", c.opened}
				if d := cmp.Diff(want, got); d != "" {
					t.Errorf("(-want +got):\n%s", d)
				}
				if (x.Error != nil) != (c.wrong != "") || x.Error != nil && !strings.Contains(*x.Error, c.wrong) {
					t.Errorf("error %v, want %q", x.Error, c.wrong)
				}
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		})
	}
}

func TestRemoteLogsFail(t *testing.T) {
	t.Parallel()
	gone := errors.New("no server")
	logs := func(context.Context) ([]tail.Source, []tail.PathError, error) { return nil, nil, gone }
	err := Run(t.Context(), Options{Logs: []Logs{logs}}, func(context.Context, *api.Report) error { return nil })
	if !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

// TestRemoteEnds has what a server gives end with the command.
func TestRemoteEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	logs := func(context.Context) ([]tail.Source, []tail.PathError, error) {
		open := func(ctx context.Context) (io.ReadCloser, error) {
			cancel()
			<-ctx.Done()
			return nil, ctx.Err()
		}
		return []tail.Source{{Name: "x", Files: []tail.File{{Path: "x", Open: open}}}}, nil, nil
	}
	err := Run(ctx, Options{Logs: slices.Repeat([]Logs{logs}, 2)}, func(context.Context, *api.Report) error { return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
