// Package resident keeps small what a process has in memory.
//
// Nothing goes in, and nothing comes out. Replay and agent call it when they have started, the
// agent also when it has nothing to do. It never touches what the process wrote, and loses nothing.
package resident

// DropPages gives the pages of the program's own code and constants back to the system: the start
// runs through much that is not needed again, 14 MB of it. What is needed comes back from the
// system's cache of the file, some pages at a time, within a millisecond or two in all.
func DropPages() { dropPages() }
