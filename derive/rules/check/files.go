package check

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"fluxtrail/config/bounded"
)

// maxFile is more bytes than any file of rules has.
const maxFile = 64 << 20

// Read reads the files that paths name: a directory stands for the files of rules below it, - for
// in. The error names what cannot be read.
func Read(paths []string, in io.Reader) ([]File, error) {
	var files []File
	for _, path := range paths {
		if path == "-" {
			text, err := bounded.Read(in, maxFile)
			if err != nil {
				return nil, fmt.Errorf("read standard input: %w", err)
			}
			files = append(files, File{Name: path, Text: text})
			continue
		}
		names, err := below(path)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			text, err := bounded.File(name, maxFile)
			if err != nil {
				return nil, err
			}
			files = append(files, File{Name: name, Text: text, Below: name != path})
		}
	}
	return files, nil
}

// below are the files that a path stands for.
func below(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{path}, nil
	}
	var names []string
	err = filepath.WalkDir(path, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() && slices.Contains([]string{".yaml", ".yml", ".json", ".rules"}, filepath.Ext(name)) {
			names = append(names, name)
		}
		return err
	})
	if err == nil && len(names) == 0 {
		err = fmt.Errorf("%s: there is no .yaml, .yml, .json or .rules below it", path)
	}
	return names, err
}
