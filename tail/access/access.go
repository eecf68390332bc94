// Package access lets the process read logs that belong to root, and says what is missing where it
// may not.
//
// In: the capabilities of the process. Out: CAP_DAC_READ_SEARCH in its effective set, where it is
// in its permitted set, as in the image of fluxtrail, whose file carries it; and for a file that
// may not be read all the same, the setting that is missing. Main calls Raise once, at the start;
// tail asks for Hint. It never asks for more than it was given, and touches no file.
package access

// identity is what the kernel goes by when a process opens a file.
type identity struct {
	uid                 int
	permitted, bounding bool // whether CAP_DAC_READ_SEARCH is in these sets
}

// missing names the setting without which the process may not read a log of root's.
func (id identity) missing() string {
	switch {
	case id.uid == 0:
		return "the process is root, so it is the node that refuses: a security module such as SELinux, " +
			"or a file that is not root's; see securityContext.seLinuxOptions"
	case id.permitted:
		return "the process has CAP_DAC_READ_SEARCH, so it is the node that refuses: " +
			"a security module such as SELinux; see securityContext.seLinuxOptions"
	case id.bounding:
		return "pod logs belong to root: run as root, or give the program's file the capability " +
			"(setcap cap_dac_read_search=p, as in the image of fluxtrail), or copy the logs first"
	}
	return "pod logs belong to root: run as user 0, or with DAC_READ_SEARCH in " +
		"securityContext.capabilities.add of the container, or copy the logs first"
}
