package unit

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/deploy/rules"
)

// RunAll runs the tests in files, or without any those of the pack, and tells w of each. A file
// that cannot be run does not keep the others from it.
func RunAll(ctx context.Context, files []string, w io.Writer) (failed bool, err error) {
	read := os.ReadFile
	if len(files) == 0 {
		read = rules.Files.ReadFile
		if files, err = fs.Glob(rules.Files, "tests/*.yaml"); err != nil {
			return false, err
		}
	}
	for _, name := range files {
		results, bad := run(ctx, name, read)
		if bad != nil {
			fmt.Fprintf(w, "FAIL  %v\n", bad)
			err = fmt.Errorf("%s could not be run", name)
		}
		wrong := 0
		for _, r := range results {
			if len(r.wrong) > 0 {
				wrong++
			}
			for _, text := range r.wrong {
				fmt.Fprintf(w, "FAIL  %s: %s: %s\n", name, r.name, text)
			}
		}
		failed = failed || wrong > 0
		if bad == nil && wrong == 0 {
			fmt.Fprintf(w, "ok    %s: %s\n", name, english.Plural(len(results), "test", ""))
		}
	}
	return failed, err
}
