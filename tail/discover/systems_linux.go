package discover

import "golang.org/x/sys/unix"

// systems remembers of devices whether the kernel tells of all that happens there: nobody else
// writes to them, and a file remains the same while it is watched. Of file systems of the network,
// of user space, and of overlays it tells less.
type systems map[uint64]bool

// local asks about a device, to which the path leads.
func (s systems) local(path string, dev uint64) bool {
	is, known := s[dev]
	if !known {
		var fs unix.Statfs_t
		is = unix.Statfs(path, &fs) == nil && local(uint32(fs.Type))
		s[dev] = is
	}
	return is
}

const zfsMagic = 0x2fc12fc1

func local(system uint32) bool {
	switch system {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.F2FS_SUPER_MAGIC, unix.TMPFS_MAGIC, zfsMagic:
		return true
	}
	return false
}
