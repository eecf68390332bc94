package checkpoint

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestOwn gives a directory to one user and then to another, with CAP_CHOWN and no other right.
func TestOwn(t *testing.T) {
	if to := os.Getenv("CHECKPOINT_OWN"); to != "" {
		user := map[string]int{"65532": 65532, "0": 0}[to]
		if err := Own(os.Getenv("CHECKPOINT_DIR"), user); err != nil {
			t.Fatal(err)
		}
		return
	}
	if _, err := exec.LookPath("setpriv"); err != nil || os.Getuid() != 0 {
		t.Skip("needs root and setpriv")
	}
	dir := filepath.Join(t.TempDir(), "state")
	for _, d := range []string{"old/older", "aside"} {
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for _, f := range []string{"ship.json", "old/older/trail.json"} {
		if err := os.WriteFile(filepath.Join(dir, f), []byte("{}"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("/etc/passwd", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	for _, user := range []string{"65532", "65532", "0"} {
		cmd := exec.Command("setpriv", "--bounding-set", "-all,+chown", "--inh-caps", "-all",
			os.Args[0], "-test.run", "^TestOwn$")
		cmd.Env = append(os.Environ(), "CHECKPOINT_OWN="+user, "CHECKPOINT_DIR="+dir)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("to %s: %v\n%s", user, err, out)
		}
		found, err := exec.Command("find", dir, "-printf", "%U:%G ").Output()
		if err != nil || strings.TrimSpace(strings.ReplaceAll(string(found), user+":"+user, "")) != "" {
			t.Errorf("to %s: %s %v", user, found, err)
		}
	}
	if out, _ := exec.Command("stat", "-Lc", "%u", "/etc/passwd").Output(); strings.TrimSpace(string(out)) != "0" {
		t.Errorf("followed a link: /etc/passwd is of %s", out)
	}
}
