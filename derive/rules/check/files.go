package check

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// maxFile is more than any file of rules has.
const maxFile = 64 << 20

// Read reads the files that paths name: a directory stands for the files of rules below it, - for
// in. The error names what cannot be read.
func Read(paths []string, in io.Reader) ([]File, error) {
	var files []File
	for _, path := range paths {
		if path == "-" {
			f, err := readAll("-", in)
			if err != nil {
				return nil, fmt.Errorf("read standard input: %w", err)
			}
			files = append(files, f)
			continue
		}
		names, err := below(path)
		if err != nil {
			return nil, err
		}
		for _, name := range names {
			f, err := readFile(name)
			if err != nil {
				return nil, err
			}
			f.Below = name != path
			files = append(files, f)
		}
	}
	return files, nil
}

func readFile(name string) (File, error) {
	in, err := os.Open(name)
	if err != nil {
		return File{}, err
	}
	defer in.Close()
	return readAll(name, in)
}

// readAll reads a file to its end, which may be nowhere: that of a device, or of a pipe.
func readAll(name string, in io.Reader) (File, error) {
	text, err := io.ReadAll(io.LimitReader(in, maxFile+1))
	if len(text) > maxFile {
		return File{}, fmt.Errorf("%s has more than 64 MiB: that is no file of rules", name)
	}
	return File{Name: name, Text: text}, err
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
