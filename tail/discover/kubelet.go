package discover

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// podFile is what the kubelet's layout says about a file:
// NAMESPACE_POD_UID/CONTAINER/RESTART.log[.YYYYMMDD-HHMMSS][.gz].
// Source: kubernetes pkg/kubelet/kuberuntime/helpers.go (names) and
// pkg/kubelet/logs/container_log_manager.go (rotation).
type podFile struct {
	namespace, pod, uid, container string
	restart                        int
	rotated                        string
	compression                    Compression
}

// parsePodPath reads the last three elements of a path. Files of a container directory that are
// none of its logs, such as the .tmp of a running compression, do not parse.
func parsePodPath(path string) (f podFile, ok bool) {
	dir, base := filepath.Split(path)
	dir, f.container = filepath.Split(filepath.Clean(dir))
	if f.namespace, f.pod, f.uid, ok = parsePodDir(filepath.Base(dir)); !ok || f.container == "" {
		return podFile{}, false
	}
	f.restart, f.rotated, f.compression, ok = parsePodFile(base)
	return f, ok
}

// parsePodDir splits NAMESPACE_POD_UID; neither of the first two can hold an underscore.
func parsePodDir(name string) (namespace, pod, uid string, ok bool) {
	if strings.Count(name, "_") != 2 {
		return "", "", "", false
	}
	namespace, rest, _ := strings.Cut(name, "_")
	pod, uid, _ = strings.Cut(rest, "_")
	return namespace, pod, uid, namespace != "" && pod != "" && uid != ""
}

func parsePodFile(base string) (restart int, rotated string, c Compression, ok bool) {
	base, c = cutCompression(base)
	number, rest, ok := strings.Cut(base, ".log")
	if !ok || !digits(number) {
		return 0, "", None, false
	}
	restart, err := strconv.Atoi(number)
	if err != nil {
		return 0, "", None, false
	}
	if rest == "" {
		return restart, "", c, true
	}
	rotated, ok = strings.CutPrefix(rest, ".")
	date, clock, dash := strings.Cut(rotated, "-")
	ok = ok && dash && len(date) == 8 && len(clock) == 6 && digits(date) && digits(clock)
	return restart, rotated, c, ok
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// parseLegacyName reads POD_NAMESPACE_CONTAINER-ID.log, the names in /var/log/containers.
func parseLegacyName(base string) (f podFile, ok bool) {
	base, f.compression = cutCompression(base)
	base, ok = strings.CutSuffix(base, ".log")
	parts := strings.Split(base, "_")
	if !ok || len(parts) != 3 || slices.Contains(parts, "") {
		return podFile{}, false
	}
	dash := strings.LastIndexByte(parts[2], '-')
	if dash <= 0 || len(parts[2])-dash-1 != 64 {
		return podFile{}, false
	}
	f.pod, f.namespace, f.container = parts[0], parts[1], parts[2][:dash]
	return f, true
}

// source is the Source of a container, without its files.
func (f podFile) source() Source {
	return Source{
		Namespace: f.namespace, Pod: f.pod, UID: f.uid, Container: f.container,
		Name: strings.Join([]string{f.namespace, f.pod, f.container, f.uid}, "/"),
	}
}

// textSource is the Source of a file outside the kubelet's layout, without its files.
func textSource(path string) Source {
	legacy, _ := parseLegacyName(filepath.Base(path))
	return Source{Namespace: legacy.namespace, Pod: legacy.pod, Container: legacy.container, Name: path}
}

// dockerFile reports whether path has the form in which Docker keeps the log of a container:
// ID/ID-json.log, with a number behind it when it was rotated.
func dockerFile(path string) bool {
	dir, base := filepath.Split(path)
	id := filepath.Base(dir)
	return len(id) >= 12 && strings.Trim(id, "0123456789abcdef") == "" && strings.HasPrefix(base, id+"-json.log")
}
