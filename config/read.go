package config

import (
	"fmt"
	"io"
	"os"
)

// maxFile bounds a configuration file, in bytes. That is what a ConfigMap may have.
const maxFile = 1 << 20

// ReadFile reads a file of settings, or the like, of so many bytes at most. One of more, such as a
// device that has no end, is an error.
func ReadFile(path string, most int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(most)+1))
	if err == nil && len(text) > most {
		err = fmt.Errorf("%s: has more than %d MiB, which no such file has", path, most>>20)
	}
	return text, err
}
