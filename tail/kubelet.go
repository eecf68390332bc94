package tail

import (
	"cmp"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// podFile is what the kubelet's layout says about a file:
// NAMESPACE_POD_UID/CONTAINER/RESTART.log[.YYYYMMDD-HHMMSS][.gz].
// Source: kubernetes pkg/kubelet/kuberuntime/helpers.go (names), pkg/kubelet/logs/container_log_manager.go (rotation).
type podFile struct {
	namespace, pod, uid, container string
	restart                        int
	rotated                        string
	compression                    Compression
}

// parsePodPath reads the last three elements of a path. Files of a container directory that are none of its logs, such
// as the .tmp of a running compression, do not parse.
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
	parts := strings.Split(name, "_")
	if len(parts) != 3 || slices.Contains(parts, "") {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
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

func cutCompression(name string) (string, Compression) {
	for _, c := range [...]Compression{Gzip, Zstd} {
		if short, ok := strings.CutSuffix(name, c.suffix()); ok {
			return short, c
		}
	}
	return name, None
}

func digits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// parseLegacyName reads POD_NAMESPACE_CONTAINER-ID.log, the names of /var/log/containers, for copies of those files.
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

// sortFiles brings the files of one container into the order in which they were written: by restart number, then by
// rotation stamp, the live file last. The stamp is the node's local time, so in the hour that daylight saving repeats
// two rotations may stand in the wrong order; their records carry the true times.
func sortFiles(files []File) {
	slices.SortFunc(files, func(a, b File) int {
		return cmp.Or(
			cmp.Compare(a.Restart, b.Restart),
			cmp.Compare(age(a), age(b)),
			cmp.Compare(a.Compression, b.Compression),
			cmp.Compare(a.Path, b.Path))
	})
}

// age orders the stamps of one restart; the live file sorts behind every digit.
func age(f File) string {
	if f.Rotated == "" {
		return "~"
	}
	return f.Rotated
}

// dropCompressedTwins removes the compressed file of a rotation that is also there in plain text: the kubelet was
// between writing the one and removing the other. The files must be sorted.
func dropCompressedTwins(files []File) []File {
	return slices.CompactFunc(files, func(a, b File) bool {
		return a.Restart == b.Restart && a.Rotated == b.Rotated
	})
}
