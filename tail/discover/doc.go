// Package discover finds log files.
//
// In go paths and patterns: the kubelet's pod log tree or any part of it, the links of
// /var/log/containers, other directories, globs, and single files. Out come [Log]s: all files of
// one container, or one file with its rotations, in the order in which they were written.
//
// One walker serves both callers. The replay walks once and wants every path to be there ([Find]).
// The agent walks again whenever a directory changed ([Walker]); what is not there may come, and
// what lies outside the allowed directories is refused. Package tail reads what is found, and
// opens it with [Open].
//
// The package reads directories, and the first bytes of files that only their name makes a log. It
// starts no goroutine and logs nothing: what cannot be used becomes a [PathError] beside the rest.
// A file that comes and goes between two walks is never seen. Where the kernel tells of names, it
// is counted ([Walker.Gone]).
package discover
