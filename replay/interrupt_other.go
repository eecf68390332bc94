//go:build !unix

package replay

import (
	"errors"
	"os"
)

func withDeadlines(*os.File) (*os.File, func(), error) { return nil, nil, errors.ErrUnsupported }
