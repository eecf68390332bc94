package env

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// Kube is a running Kubernetes API server with RBAC on. There is no kubelet and
// no controller: objects stay as they were written, and nothing runs.
type Kube struct {
	Process
	URL string // https://127.0.0.1:port

	etcd Process
	dir  string
}

// The users that StartKube makes. Admin may do everything; Agent has the identity
// of the DaemonSet's service account, and so the rights that RBAC grants it.
const (
	Admin = "admin"
	Agent = "system:serviceaccount:flux-system:fluxtrail"
)

const kubeconfig = `apiVersion: v1
kind: Config
clusters:
- name: e2e
  cluster: {server: %q, certificate-authority: %q}
users:
- name: user
  user: {token: %q}
contexts:
- name: e2e
  context: {cluster: e2e, user: user}
current-context: e2e
`

// StartKube starts an etcd and an API server on it.
func StartKube(t testing.TB) *Kube {
	t.Helper()
	// Without controllers nobody makes the accounts that this would look for.
	return startKube(t, "--disable-admission-plugins=ServiceAccount")
}

func startKube(t testing.TB, more ...string) *Kube {
	t.Helper()
	etcd, apiserver := Installed(t, "etcd-server", "etcd"), Built(t, "kube", "kube-apiserver")
	addrs := freeAddrs(t, 3)
	k := &Kube{URL: "https://" + addrs[2], dir: t.TempDir()}
	client, peer := "http://"+addrs[0], "http://"+addrs[1]
	k.etcd = Process{
		name: "etcd", bin: etcd,
		args: []string{
			"--data-dir=" + filepath.Join(k.dir, "etcd"),
			"--listen-client-urls=" + client, "--advertise-client-urls=" + client,
			"--listen-peer-urls=" + peer, "--initial-advertise-peer-urls=" + peer,
			"--initial-cluster=default=" + peer,
		},
		log: filepath.Join(k.dir, "etcd.log"), ready: answers(http.DefaultClient, client+"/health"),
	}
	run(t, &k.etcd)
	k.Process = Process{
		name: "kube-apiserver", bin: apiserver, args: append(k.args(t, client, port(addrs[2])), more...),
		log: filepath.Join(k.dir, "kube-apiserver.log"),
		// The certificate is made by the server at its start, for this test alone.
		ready: answers(&http.Client{Transport: &http.Transport{
			TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		}}, k.URL+"/readyz"),
	}
	run(t, &k.Process)
	return k
}

func (k *Kube) args(t testing.TB, etcd, port string) []string {
	t.Helper()
	key := write(t, filepath.Join(k.dir, "sa.key"), signingKey(t))
	tokens := fmt.Sprintf("token-%[1]s,%[1]s,1,system:masters\ntoken-%[2]s,%[2]s,2,\"system:serviceaccounts,system:serviceaccounts:flux-system\"\n",
		Admin, Agent)
	return []string{
		"--etcd-servers=" + etcd,
		"--bind-address=127.0.0.1", "--secure-port=" + port,
		"--cert-dir=" + filepath.Join(k.dir, "certs"),
		"--token-auth-file=" + write(t, filepath.Join(k.dir, "tokens.csv"), tokens),
		"--authorization-mode=RBAC",
		"--service-account-key-file=" + key, "--service-account-signing-key-file=" + key,
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-cluster-ip-range=10.0.0.0/24",
		// A Node is called localhost, for its kubelet listens there and nowhere else.
		"--kubelet-preferred-address-types=Hostname,InternalIP",
	}
}

func signingKey(t testing.TB) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)}))
}

// Config returns the path of a kubeconfig for one of the users.
func (k *Kube) Config(t testing.TB, user string) string {
	t.Helper()
	path := filepath.Join(k.dir, strings.ReplaceAll(user, ":", "-")+".kubeconfig")
	config := fmt.Sprintf(kubeconfig, k.URL, filepath.Join(k.dir, "certs", "apiserver.crt"), "token-"+user)
	made := write(t, filepath.Join(t.TempDir(), "config"), config)
	if err := os.Rename(made, path); err != nil { // a test beside this one may be reading it
		t.Fatal(err)
	}
	return path
}

// Kubectl runs kubectl as Admin with the text on its standard input and returns
// what it printed.
func (k *Kube) Kubectl(t testing.TB, stdin string, args ...string) string {
	t.Helper()
	cmd := exec.Command(Built(t, "kube", "kubectl"), args...)
	cmd.Env = append(os.Environ(), "KUBECONFIG="+k.Config(t, Admin), "HOME="+k.dir)
	cmd.Stdin = strings.NewReader(stdin)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("kubectl %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}
