package unit

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/api"
	"fluxtrail/deploy/rules"
)

// RunAll runs the tests in files, or without any those of the pack, and tells w of each. A file
// that cannot be run does not keep the others from it.
func RunAll(ctx context.Context, files []string, w io.Writer) (failed bool, err error) {
	read := readFile
	if len(files) == 0 {
		read = rules.Files.ReadFile
		if files, err = fs.Glob(rules.Files, "tests/*.yaml"); err != nil {
			return false, err
		}
	}
	for _, name := range files {
		results, bad := run(ctx, name, read)
		if bad != nil {
			tell(w, "FAIL  %s", strings.ReplaceAll(bad.Error(), name, api.OneLine(name)))
			err = fmt.Errorf("%s could not be run", api.OneLine(name))
		}
		wrong := 0
		for _, r := range results {
			if len(r.wrong) > 0 {
				wrong++
			}
			for _, text := range r.wrong {
				tell(w, "FAIL  %s: %s: %s", api.OneLine(name), api.OneLine(r.name), text)
			}
		}
		failed = failed || wrong > 0
		if bad == nil && wrong == 0 {
			tell(w, "ok    %s: %s", api.OneLine(name), english.Plural(len(results), "test", ""))
		}
	}
	return failed, err
}

// tell writes a line without what a terminal would obey: names and values are anybody's.
func tell(w io.Writer, format string, args ...any) {
	fmt.Fprintln(w, api.Shown(fmt.Sprintf(format, args...)))
}
