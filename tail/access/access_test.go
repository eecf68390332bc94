package access

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	t.Parallel()
	for want, id := range map[string]identity{
		"it is the node that refuses":             {uid: 0, permitted: true, bounding: true},
		"has CAP_DAC_READ_SEARCH":                 {uid: 65532, permitted: true, bounding: true},
		"setcap cap_dac_read_search=p":            {uid: 65532, bounding: true},
		"securityContext.capabilities.add":        {uid: 65532},
		"so it is the node that refuses: a secur": {uid: 0},
	} {
		if got := id.missing(); !strings.Contains(got, want) {
			t.Errorf("%+v: %q has no %q", id, got, want)
		}
	}
}

// program is built with this package alone: it raises, and reads the file that it is given.
const program = `package main

import (
	"fmt"
	"os"
	"fluxtrail/tail/access"
)

func main() {
	access.Raise()
	if _, err := os.ReadFile(os.Args[1]); err != nil {
		fmt.Println("refused:", access.Hint())
		return
	}
	fmt.Println("read")
}
`

// TestRaise runs a program as an ordinary user on a file of root's: with the capability in the
// permitted set of the program's file, without it there, and without it in the bounding set.
func TestRaise(t *testing.T) {
	t.Parallel()
	for _, tool := range []string{"setpriv", "setcap"} {
		if _, err := exec.LookPath(tool); err != nil || os.Getuid() != 0 {
			t.Skipf("needs root and %s", tool)
		}
	}
	dir, err := os.MkdirTemp("/tmp", "access")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	source, plain, log := filepath.Join(dir, "main.go"), filepath.Join(dir, "plain"), filepath.Join(dir, "0.log")
	capable := filepath.Join(dir, "capable")
	sh(t, "", "chmod", "755", dir)
	for path, text := range map[string]string{source: program, log: "a line"} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	sh(t, root, "go", "build", "-o", plain, source)
	sh(t, "", "cp", plain, capable)
	sh(t, "", "setcap", "cap_dac_read_search=p", capable)
	const notGiven = "refused: pod logs belong to root: run as user 0, or with DAC_READ_SEARCH"
	for _, c := range []struct{ bin, bounding, want string }{
		{capable, "+dac_read_search", "read"},
		{capable, "-dac_read_search", notGiven},
		{plain, "-dac_read_search", notGiven},
		{plain, "+dac_read_search", "refused: pod logs belong to root: run as root, or give the program's file"},
	} {
		got := sh(t, "", "setpriv", "--reuid", "65532", "--regid", "65532", "--clear-groups", "--bounding-set", c.bounding, c.bin, log)
		if !strings.HasPrefix(got, c.want) {
			t.Errorf("%s %s: %q, want %q", filepath.Base(c.bin), c.bounding, got, c.want)
		}
	}
}

func sh(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
