package env

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"fluxtrail/e2e/image"
)

// Node is a real kubelet with a containerd, registered at a Kube. Pods whose
// spec.nodeName is Name run on it, with hostNetwork and without pulling images;
// their logs are rotated by the kubelet at 100 KiB, five files each.
type Node struct {
	Process
	Name  string
	Logs  string // the kubelet's pod log directory
	Links string // what the node sees as /var/log/containers: links into Logs

	kube   *Kube
	dir    string
	socket string
}

// nodeScript runs in PID and mount namespaces of its own, so that containers, shims
// and mounts all go when it does.
const nodeScript = `set -e
mount --make-rshared / # as systemd does: mounts with propagation need it
mkdir -p /run/containerd /var/lib/kubelet /var/log/containers "$1/containers"
mount -t tmpfs tmpfs /run/containerd
mount -t tmpfs tmpfs /var/lib/kubelet
mount --bind "$1/containers" /var/log/containers
containerd --config "$1/containerd.toml" --log-level warn &
while sleep 0.1; do # the kubelet ends where containerd is not up yet, and is started again
	"$2" --config "$1/kubelet.yaml" --kubeconfig "$3" --root-dir "$1/kubelet" --cert-dir "$1/certs" --hostname-override "$4" --v 1 || true
done &
wait -n 2>/dev/null || wait
`

const containerdConfig = `version = 2
root = "%[1]s/root"
state = "%[1]s/state"
[grpc]
  address = "%[2]s"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "localhost/pause:e2e"
  restrict_oom_score_adj = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
      runtime_type = "io.containerd.runc.v2"
  [plugins."io.containerd.grpc.v1.cri".cni]
    conf_dir = "%[1]s/cni"
`

const kubeletConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
containerRuntimeEndpoint: unix://%[2]s
address: 127.0.0.1
port: %[3]s
healthzBindAddress: 127.0.0.1
healthzPort: %[4]s
authentication: {anonymous: {enabled: true}, webhook: {enabled: false}}
authorization: {mode: AlwaysAllow}
cgroupDriver: cgroupfs
cgroupsPerQOS: false
enforceNodeAllocatable: []
failCgroupV1: false
failSwapOn: false
makeIPTablesUtilChains: false
localStorageCapacityIsolation: false
oomScoreAdj: 0
resolvConf: ""
volumePluginDir: %[1]s/plugins
podLogsDir: %[1]s/pods
containerLogMaxSize: 100Ki
containerLogMaxFiles: 5
containerLogMonitorInterval: 3s
imageGCHighThresholdPercent: 100
imageGCLowThresholdPercent: 99
evictionHard: {memory.available: 1Mi, nodefs.available: 1Mi, imagefs.available: 1Mi}
`

// StartNode starts a node for the API server. It needs root, for containers.
func StartNode(t testing.TB, kube *Kube) *Node {
	t.Helper()
	if os.Getuid() != 0 {
		Missing(t, "containerd", "the rights of root, which a node needs")
	}
	Installed(t, "containerd", "containerd")
	Installed(t, "runc", "runc")
	kubelet, addrs := Built(t, "kube", "kubelet"), freeAddrs(t, 2)
	n := &Node{Name: "localhost", kube: kube, dir: shortDir(t)}
	n.Logs, n.Links = filepath.Join(n.dir, "pods"), filepath.Join(n.dir, "containers")
	n.socket = filepath.Join(n.dir, "containerd.sock")
	write(t, filepath.Join(n.dir, "containerd.toml"), fmt.Sprintf(containerdConfig, n.dir, n.socket))
	write(t, filepath.Join(n.dir, "kubelet.yaml"),
		fmt.Sprintf(kubeletConfig, n.dir, n.socket, port(addrs[0]), port(addrs[1])))
	n.Process = Process{
		name: "node", bin: "unshare",
		args: []string{
			"--fork", "--pid", "--mount", "--mount-proc", "--kill-child",
			"sh", "-c", nodeScript, "node", n.dir, kubelet, kube.Config(t, Admin), n.Name,
		},
		log: filepath.Join(n.dir, "node.log"), ready: answers(http.DefaultClient, "http://"+addrs[1]+"/healthz"),
	}
	run(t, &n.Process)
	t.Cleanup(func() { n.end(t) })
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("pods:\n%s\nthe node:\n%s", kube.Kubectl(t, "", "get", "pods", "-A", "-o", "wide"), n.Log())
		}
	})
	n.Image(t, "pause", map[string]string{"/pause": Go(t, "./image/pause")}, "/pause")
	Until(t, "the node to register", func() bool {
		return strings.Contains(kube.Kubectl(t, "", "get", "nodes", "-o", "name"), "node/"+n.Name)
	})
	return n
}

// shortDir is a temporary directory whose path leaves room for a socket's name.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "node")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

// Image gives the node the image localhost/NAME:e2e, made of files of this machine.
func (n *Node) Image(t testing.TB, name string, files map[string]string, entrypoint ...string) {
	t.Helper()
	tarball, err := os.Create(filepath.Join(n.dir, name+".tar"))
	if err != nil {
		t.Fatal(err)
	}
	defer tarball.Close()
	if err := image.Write(tarball, "localhost/"+name+":e2e", files, entrypoint...); err != nil {
		t.Fatal(err)
	}
	n.Import(t, tarball.Name())
}

// Import gives the node the images of an archive, under the names that they have there.
func (n *Node) Import(t testing.TB, archive string) {
	t.Helper()
	n.ctr(t, "images", "import", "--snapshotter", "native", archive)
}

// ctr runs containerd's client among the node's own mounts and processes.
func (n *Node) ctr(t testing.TB, args ...string) string {
	t.Helper()
	inside := []string{
		"--target", strconv.Itoa(n.cmd.Process.Pid), "--mount", "--pid",
		"ctr", "--address", n.socket, "--namespace", "k8s.io",
	}
	out, err := exec.Command("nsenter", append(inside, args...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("ctr %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// KillContainer ends what runs in a pod's first container at once, as the kernel does where memory
// runs out.
func (n *Node) KillContainer(t testing.TB, namespace, selector string) {
	t.Helper()
	id := n.kube.Kubectl(t, "", "-n", namespace, "get", "pods", "-l", selector, "-o", "jsonpath={.items[0].status.containerStatuses[0].containerID}")
	n.ctr(t, "tasks", "kill", "--signal", "SIGKILL", strings.TrimPrefix(id, "containerd://"))
}

// Reboot cuts the power, and starts the node again: kubelet, containerd and all pods end at once.
// What is on its disk stays, what is in memory is gone.
func (n *Node) Reboot(t testing.TB) {
	t.Helper()
	n.end(t)
	if err := os.RemoveAll(filepath.Join(n.dir, "state")); err != nil { // containerd's, in memory on a real node
		t.Fatal(err)
	}
	n.Start(t)
}

// end kills the node, and removes the control groups of its containers: these are
// all that the kernel does not clear away with its namespaces.
func (n *Node) end(t testing.TB) {
	t.Helper()
	var groups []string
	for _, id := range strings.Fields(n.ctr(t, "containers", "list", "--quiet")) {
		for _, pattern := range []string{"/sys/fs/cgroup/k8s.io/", "/sys/fs/cgroup/*/k8s.io/"} {
			found, _ := filepath.Glob(pattern + id)
			groups = append(groups, found...)
		}
	}
	n.Kill()
	Until(t, "the node's control groups to be empty", func() bool {
		groups = slices.DeleteFunc(groups, func(dir string) bool { return os.Remove(dir) == nil })
		return len(groups) == 0
	})
}
