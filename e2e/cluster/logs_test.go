package cluster

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"fluxtrail/e2e/env"
)

// commands are those of one section of docs/getting-logs.md, by what they are for.
func commands(t *testing.T, section string) map[string]string {
	t.Helper()
	doc, err := os.ReadFile("../../docs/getting-logs.md")
	if err != nil {
		t.Fatal(err)
	}
	_, text, _ := strings.Cut(string(doc), "\n## "+section+"\n")
	text, _, _ = strings.Cut(text, "\n## ")
	out := map[string]string{}
	for _, row := range regexp.MustCompile("(?m)^\\| ([^|`]*) \\| `([^`]+)`").FindAllStringSubmatch(text, -1) {
		out[row[1]] = row[2]
	}
	return out
}

// TestGettingLogs runs each command of the document by which the logs of a cluster are kept, with
// the real kubectl, Flux CLI and stern, and replays what it wrote.
func TestGettingLogs(t *testing.T) {
	bin, api, kubelet, _ := start(t)
	path := filepath.Dir(env.Built(t, "kube", "kubectl")) + ":" + filepath.Dir(env.Built(t, "cli", "stern")) + ":" + filepath.Dir(env.Built(t, "cli", "flux"))
	config := api.Config(t, env.Admin)
	kubelet.deployments(t, api)

	one := kubelet.pods[slices.IndexFunc(kubelet.pods, func(p recorded) bool { return strings.HasPrefix(p.name, "kustomize") })]
	restarted := kubelet.pods[slices.IndexFunc(kubelet.pods, func(p recorded) bool { return len(p.runs) > 1 })]
	newest := func(p recorded) string { return filepath.Join(p.dir, p.runs[len(p.runs)-1]) }
	var all []string
	for _, p := range kubelet.pods {
		all = append(all, newest(p))
	}
	wants := map[string]struct {
		files   []string // that hold the same lines
		without string   // kind of object that this form does not show
	}{
		"all controllers":         {all, ""},
		"one controller":          {[]string{newest(one)}, ""},
		"before its last restart": {[]string{filepath.Join(restarted.dir, restarted.runs[len(restarted.runs)-2])}, ""},
		"with the Flux CLI":       {all, "Alert"},
		"with stern":              {all, ""},
		"a whole dump":            {all, ""},
	}
	run := commands(t, "From the cluster")
	if len(run) != len(wants) {
		t.Fatalf("the document has the commands %v", run)
	}
	for what, want := range wants {
		command := strings.ReplaceAll(run[what], "POD", restarted.name)
		t.Run(what, func(t *testing.T) {
			dir := t.TempDir()
			cmd := exec.Command("sh", "-c", command)
			cmd.Dir = dir
			cmd.Env = append(os.Environ(), "PATH="+path+":"+os.Getenv("PATH"), "KUBECONFIG="+config, "HOME="+t.TempDir())
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("%s: %v\n%s", command, err, out)
			}
			got, expected := statuses(t, bin, want.without, dir), statuses(t, bin, want.without, want.files...)
			if d := cmp.Diff(expected, got); d != "" || len(got) == 0 {
				t.Errorf("%s: %d objects (-files +command):\n%s", command, len(got), d)
			}
		})
	}
}

// statuses are the statuses of all objects, by name.
func statuses(t *testing.T, bin, without string, paths ...string) map[string]string {
	t.Helper()
	out, err := exec.Command(bin, append([]string{"replay", "-q", "-o", "json"}, paths...)...).Output()
	if err != nil {
		t.Logf("replay %v: %v", paths, err)
	}
	var r struct {
		Objects []struct{ Kind, Namespace, Name, Status string }
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, o := range r.Objects {
		if o.Kind != without {
			all[o.Kind+"/"+o.Namespace+"/"+o.Name] = o.Status
		}
	}
	return all
}
