// Package resident keeps small what a process has in memory.
//
// Nothing goes in, and nothing comes out. Replay and agent call it when they have started, the
// agent also when it has nothing to do. It never touches what the process wrote, and loses nothing.
package resident

import "sync"

// Program is the program's own code and constants, as the process has them in memory. The zero
// value is ready. Any number of goroutines may use it.
type Program struct {
	once sync.Once
	maps []mapping // does not change while the process runs
}

// Drop gives the pages back to the system: the start runs through much that is not needed again, 14
// MB of it, and so does a look for logs. What is needed comes back from the system's cache of the
// file, some pages at a time, within a millisecond or two in all.
func (p *Program) Drop() {
	p.once.Do(func() { p.maps = find() })
	for _, m := range p.maps {
		m.drop()
	}
}
