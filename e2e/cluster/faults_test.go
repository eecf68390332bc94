package cluster

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/e2e/env"
)

// wire stands between the program and the API server. It counts what the server answers, and may
// be slow, or wait at one byte of it.
type wire struct {
	address string
	passed  atomic.Int64
	pace    int           // bytes that pass in a tenth of a second, 0 for all
	stopAt  int64         // bytes behind which nothing passes any more, 0 for never
	stopped chan struct{} // closed when that is reached
	once    sync.Once
}

// through starts a wire to a server, and returns the kubeconfig of its user that leads over it.
func through(t *testing.T, api *env.Kube, w *wire) (kubeconfig string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	w.address, w.stopped = l.Addr().String(), make(chan struct{})
	server := strings.TrimPrefix(api.URL, "https://")
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go w.carry(client, server)
		}
	}()
	text, err := os.ReadFile(api.Config(t, env.Agent))
	if err != nil {
		t.Fatal(err)
	}
	kubeconfig = filepath.Join(t.TempDir(), "kubeconfig")
	if err := os.WriteFile(kubeconfig, bytes.ReplaceAll(text, []byte(server), []byte(w.address)), 0o600); err != nil {
		t.Fatal(err)
	}
	return kubeconfig
}

func (w *wire) carry(client net.Conn, server string) {
	defer client.Close()
	up, err := net.Dial("tcp", server)
	if err != nil {
		return
	}
	defer up.Close()
	go func() {
		_, _ = io.Copy(up, client) // ends with either
		up.Close()
	}()
	part := make([]byte, 16<<10)
	for {
		if w.pace > 0 {
			part = part[:w.pace]
			time.Sleep(time.Second / 10)
		}
		n, err := up.Read(part)
		if at := w.passed.Add(int64(n)); w.stopAt > 0 && at > w.stopAt {
			w.once.Do(func() { close(w.stopped) })
			_, _ = io.Copy(io.Discard, up) // until the server is gone
			return
		}
		if _, bad := client.Write(part[:n]); err != nil || bad != nil {
			return
		}
	}
}

// TestServerDies kills the API server in the middle of what it is asked for, at several places,
// and has it answer slowly.
func TestServerDies(t *testing.T) {
	bin, api, _, _ := start(t)
	whole := &wire{}
	want, raw := replay(t, bin, "--cluster", "--kubeconfig", through(t, api, whole))
	if len(want.Objects) == 0 || want.Input.Records == 0 {
		t.Fatalf("%.2000s", raw)
	}
	t.Run("slow", func(t *testing.T) {
		began := time.Now()
		got, _ := replay(t, bin, "--cluster", "--kubeconfig", through(t, api, &wire{pace: 16 << 10}))
		if d := cmp.Diff(verdicts(want), verdicts(got)); d != "" || got.Input.Records != want.Input.Records {
			t.Errorf("%d records of %d (-fast +slow):\n%s", got.Input.Records, want.Input.Records, d)
		}
		t.Logf("%d bytes in %s", whole.passed.Load(), time.Since(began).Round(time.Second/10))
	})
	for _, share := range []int64{25, 75} {
		w := &wire{stopAt: whole.passed.Load() * share / 100}
		cmd := exec.Command(bin, "replay", "-o", "json", "--cluster", "--kubeconfig", through(t, api, w))
		var stdout, stderr bytes.Buffer
		cmd.Stdout, cmd.Stderr = &stdout, &stderr
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		<-w.stopped
		began := time.Now()
		api.Kill()
		err := cmd.Wait()
		var got report
		if bad := json.Unmarshal(stdout.Bytes(), &got); bad != nil {
			t.Errorf("%d %%: %v, %v\n%s", share, err, bad, &stderr)
		}
		missing := 0
		for _, f := range got.Input.Files {
			if f.Error != nil {
				missing++
			}
		}
		for _, c := range got.Input.Conditions {
			if c.Error != nil {
				missing++
			}
		}
		t.Logf("%d %%: %v after %s: %d records of %d, %d objects of %d, %d rows say what is missing", share, err,
			time.Since(began).Round(time.Second/10), got.Input.Records, want.Input.Records, len(got.Objects), len(want.Objects), missing)
		told := got.Input.Records > 0 && len(got.Objects) > 0 && err == nil ||
			got.Input.Records == 0 && strings.Contains(stderr.String(), "No verdict")
		if missing == 0 || !told || strings.Contains(stderr.String(), "request.go") {
			t.Errorf("%d %%: %.3000s\n%s", share, stdout.String(), &stderr)
		}
		api.Start(t)
	}
}

// verdicts are those of a report, by object.
func verdicts(r report) map[string]any {
	all := map[string]any{}
	for _, o := range r.Objects {
		o := o.(map[string]any)
		all[fmt.Sprint(o["kind"], "/", o["namespace"], "/", o["name"])] = o["verdict"]
	}
	return all
}
