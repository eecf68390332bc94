package replay

import (
	"path/filepath"
	"slices"
	"strings"

	"fluxtrail/api"
)

// withoutRecords are the paths that gave no record. A glob is looked at as a whole. A path that
// leads to what another one reached first gave its records.
func withoutRecords(paths []string, files []api.File) []string {
	var out []string
	for _, p := range paths {
		if !gave(p, files, filepath.Clean) && !gave(p, files, resolved) {
			out = append(out, p)
		}
	}
	slices.Sort(out)
	return out
}

// gave reports whether a file with records lies at a path or below it, both by their names as name
// has them.
func gave(path string, files []api.File, name func(string) string) bool {
	glob := strings.IndexAny(path, "*?[{")
	if glob >= 0 {
		path, _ = filepath.Split(path[:glob]) // a directory, and all that lies below it
	}
	whole := name(path)
	return slices.ContainsFunc(files, func(f api.File) bool {
		if f.Records == 0 {
			return false
		}
		at := name(f.Path)
		rest, below := strings.CutPrefix(at, whole)
		return below && (rest == "" || rest[0] == filepath.Separator || whole[len(whole)-1] == filepath.Separator) ||
			whole == "." && !filepath.IsAbs(at)
	})
}

// resolved is where a path leads, the path itself where that cannot be told.
func resolved(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		path = abs
	}
	if target, err := filepath.EvalSymlinks(path); err == nil {
		return target
	}
	return filepath.Clean(path)
}
