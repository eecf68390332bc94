//go:build !unix

package cli

import (
	"context"
	"io"
	"os"
)

func pipe(io.Writer) *os.File { return nil }

func writable(context.Context, *os.File) error { return nil }
