package cli

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"

	"golang.org/x/term"

	"fluxtrail/tail/checkpoint"
)

// WriteFile writes a file so that it is either whole or not there.
func WriteFile(path string, f func(io.Writer) error) error {
	err := checkpoint.Replace(path, 0o644, func(file *os.File) error {
		w := bufio.NewWriterSize(file, 256<<10)
		return flushed(w, f(w))
	})
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// Terminal is standard output, if that is a terminal, or nil.
func Terminal(out io.Writer) *os.File {
	f, ok := Plain(out).(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		return nil
	}
	return f
}

// Page writes text to a terminal through the pager of whoever sits there, if there is one; whoever
// leaves it early has read enough.
func Page(ctx context.Context, terminal *os.File, stderr io.Writer, write func(io.Writer) error) error {
	pager := newPager(os.LookupEnv)
	if pager == nil {
		return Buffered(ctx, terminal, write)
	}
	pager.Stdout, pager.Stderr = terminal, stderr
	in, err := pager.StdinPipe()
	if err != nil {
		return fmt.Errorf("pager: %w", err)
	}
	if err := pager.Start(); err != nil {
		return fmt.Errorf("pager: %w", err)
	}
	_ = write(in)
	_ = in.Close()
	return pager.Wait()
}

// Buffered writes to w through a buffer, to an Output until ctx is done.
func Buffered(ctx context.Context, w io.Writer, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(until(ctx, w), 64<<10)
	return flushed(b, write(b))
}

// flushed writes out what is left, and returns the first error: that of a write that failed comes
// again with the end.
func flushed(b *bufio.Writer, err error) error {
	if late := b.Flush(); err == nil {
		return late
	}
	return err
}

// newPager is the pager that FLUXTRAIL_PAGER or else PAGER names, or else less. It is nil where the
// name is empty or cat, or there is no such program.
func newPager(env func(string) (string, bool)) *exec.Cmd {
	command := "less"
	for _, name := range []string{"FLUXTRAIL_PAGER", "PAGER"} {
		if value, ok := env(name); ok {
			command = value
			break
		}
	}
	program, _, _ := strings.Cut(strings.TrimSpace(command), " ")
	if _, err := exec.LookPath(program); err != nil || program == "cat" {
		return nil
	}
	pager := exec.Command("sh", "-c", command)
	if _, ok := env("LESS"); !ok {
		pager.Env = append(os.Environ(), "LESS=FRX") // short text is left on the screen, colours are shown
	}
	return pager
}
