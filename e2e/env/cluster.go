package env

import (
	"bytes"
	"crypto/tls"
	"errors"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// StartCluster starts an API server with the controllers that make pods of DaemonSets and give
// them accounts with tokens, and a scheduler. With a Node, pods really run.
func StartCluster(t testing.TB) *Kube {
	t.Helper()
	k := startKube(t)
	config, addrs := k.Config(t, Admin), freeAddrs(t, 2)
	k.startPart(t, "kube-controller-manager", addrs[0], "--kubeconfig="+config,
		"--controllers=daemonset-controller,serviceaccount-controller,root-ca-certificate-publisher-controller,"+
			"namespace-controller,garbage-collector-controller,node-lifecycle-controller,endpointslice-controller",
		"--service-account-private-key-file="+filepath.Join(k.dir, "sa.key"),
		"--root-ca-file="+filepath.Join(k.dir, "certs", "apiserver.crt"))
	k.startPart(t, "kube-scheduler", addrs[1], "--kubeconfig="+config)
	return k
}

// startPart starts a part of the control plane that serves its health on addr.
func (k *Kube) startPart(t testing.TB, name, addr string, args ...string) {
	t.Helper()
	p := &Process{
		name: name, bin: Built(t, "kube", name),
		args: append(args, "--bind-address=127.0.0.1", "--secure-port="+port(addr), "--leader-elect=false",
			"--cert-dir="+filepath.Join(k.dir, name)),
		log: filepath.Join(k.dir, name+".log"),
		ready: answers(&http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // its own certificate, of this test
		}}, "https://"+addr+"/healthz"),
	}
	run(t, p)
}

// Helm runs the real Helm with the text on its standard input, and with nothing of this machine's
// own. What it says in its error is the error's text.
func Helm(t testing.TB, kubeconfig, stdin string, args ...string) (string, error) {
	t.Helper()
	return HelmOf(t, "helm", kubeconfig, stdin, args...)
}

// HelmOf is Helm of one of the versions: helm, the newest, or helm3.
func HelmOf(t testing.TB, version, kubeconfig, stdin string, args ...string) (string, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	cmd := exec.Command(Built(t, version, "helm"), args...)
	home := t.TempDir()
	cmd.Env = append(os.Environ(), "HOME="+home, "HELM_CACHE_HOME="+home, "HELM_CONFIG_HOME="+home, "HELM_DATA_HOME="+home,
		"KUBECONFIG="+kubeconfig)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = strings.NewReader(stdin), &stdout, &stderr
	if err := cmd.Run(); err != nil {
		return stdout.String(), errors.New(strings.TrimSpace(stderr.String() + stdout.String()))
	}
	return stdout.String(), nil
}

// Monitoring starts a Prometheus with the configuration that the Prometheus Operator makes of
// monitors, and with the targets that they select in the cluster now.
func (k *Kube) Monitoring(t testing.TB, monitors string) *Prometheus {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.Command(Built(t, "operator", "operator"), "-kubeconfig", k.Config(t, Admin), "-dir", t.TempDir())
	cmd.Stdin, cmd.Stderr = strings.NewReader(monitors), &stderr
	config, err := cmd.Output()
	if err != nil {
		t.Fatalf("operator: %v\n%s", err, &stderr)
	}
	return StartPrometheus(t, string(config))
}

// ImageArchive makes the image of fluxtrail, called reference, as `make image` does but for this
// machine's platform alone, and returns the path of its archive.
func ImageArchive(t testing.TB, reference string) string {
	t.Helper()
	program, dir := Fluxtrail(t), t.TempDir()
	cmd := exec.Command("go", "run", ".", "-version", "e2e", "-name", reference, "-out", dir, "linux/"+runtime.GOARCH+"="+program)
	_, here, _, _ := runtime.Caller(0)
	cmd.Dir = filepath.Join(filepath.Dir(here), "..", "..", "tools", "image")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("tools/image: %v\n%s", err, out)
	}
	return filepath.Join(dir, "fluxtrail.tar")
}
