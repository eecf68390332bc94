package alerts

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"fluxtrail/e2e/env"
)

// Loki's own tool finds nothing in the rules for its ruler, and something in those that are broken.
func TestPackInLokitool(t *testing.T) {
	lokitool, bin, dir := env.Built(t, "lokitool", "lokitool"), env.Fluxtrail(t), t.TempDir()
	for name, more := range map[string][]string{"plain": nil, "all": {"--label", "team=x", "--runbooks", "https://example.com/r"}} {
		out, err := exec.Command(bin, append([]string{"rules", "print", "--source", "loki"}, more...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(dir, name+".yaml")
		for _, args := range [][]string{{"rules", "lint", "-n", file}, {"rules", "check", file}} {
			if err := os.WriteFile(file, out, 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(lokitool, args...).CombinedOutput(); err != nil {
				t.Errorf("%v: %v\n%s", args, err, out)
			}
			broken := strings.Replace(string(out), "[15m]", "[15", 1)
			if err := os.WriteFile(file, []byte(broken), 0o644); err != nil {
				t.Fatal(err)
			}
			if out, err := exec.Command(lokitool, args...).CombinedOutput(); err == nil {
				t.Errorf("%v finds nothing in a broken expression: %s", args, out)
			}
		}
	}
}
