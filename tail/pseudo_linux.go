package tail

import (
	"os"
	"slices"

	"golang.org/x/sys/unix"
)

// pseudo are file systems that make up what is read, some without end, as /proc/kmsg.
var pseudo = []uint32{
	unix.PROC_SUPER_MAGIC, unix.SYSFS_MAGIC, unix.DEBUGFS_MAGIC, unix.TRACEFS_MAGIC, unix.CGROUP_SUPER_MAGIC, unix.CGROUP2_SUPER_MAGIC,
	unix.SECURITYFS_MAGIC, unix.SELINUX_MAGIC, unix.BPF_FS_MAGIC, unix.EFIVARFS_MAGIC,
}

// isPseudo reports whether an open file is one of the system's and no log.
func isPseudo(f *os.File) bool {
	var st unix.Statfs_t
	return unix.Fstatfs(int(f.Fd()), &st) == nil && slices.Contains(pseudo, uint32(st.Type))
}
