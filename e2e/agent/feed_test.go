package agent

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"fmt"
	"hash/maphash"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"fluxtrail/e2e/corpus"
)

// A feed writes recorded lines into pod logs at a steady rate, and rotates them as a
// kubelet does: rename, a new file, gzip at the rotation after, five files each.
type feed struct {
	logs []*podLog
	rate int // lines per second, over all logs
	next int // the log that gets the next line

	stop chan struct{}
	done chan error
}

// A podLog is one container's log that is being written.
type podLog struct {
	path    string
	bodies  [][]byte // recorded records, in order and then again
	records int

	file    *os.File
	number  int // of the file, another one for each: see maxLogs
	rotated time.Time
	size    int64
	written lines
}

// rotateAt is the size at which a log is rotated; never twice in a second, because
// the names of rotated files tell seconds.
const (
	rotateAt  = 100 << 10
	keepFiles = 5
	tick      = 10 * time.Millisecond
	maxLogs   = 100
)

// lines counts lines by a hash of their text: a test may write a gigabyte.
type lines map[uint64]count

type count struct {
	n     int
	first time.Time
	file  int // the number of the file that the first was written to
}

var hashSeed = maphash.MakeSeed()

func (l lines) add(text []byte, at time.Time) { l.addTo(0, text, at) }

// addTo counts a line of a file that has a number.
func (l lines) addTo(file int, text []byte, at time.Time) {
	h := maphash.Bytes(hashSeed, text)
	c := l[h]
	if c.n == 0 {
		c.first, c.file = at, file
	}
	c.n++
	l[h] = c
}

func (l lines) total() (n int) {
	for _, c := range l {
		n += c.n
	}
	return n
}

// bodies returns recorded records by controller.
func bodies(t testing.TB, size int64) map[string][][]byte {
	t.Helper()
	dir := t.TempDir()
	if _, err := corpus.Write(dir, corpus.Config{From: "../../fixtures/demo/pods", Bytes: size, Objects: 50, Seed: 1}); err != nil {
		t.Fatal(err)
	}
	logs, _ := filepath.Glob(filepath.Join(dir, "*", "manager", "0.log"))
	all := map[string][][]byte{}
	for _, log := range logs {
		text, err := os.ReadFile(log)
		if err != nil {
			t.Fatal(err)
		}
		pod := filepath.Base(filepath.Dir(filepath.Dir(log)))
		for line := range bytes.Lines(bytes.TrimSpace(text)) {
			all[pod] = append(all[pod], bytes.SplitN(bytes.TrimSpace(line), []byte(" "), 4)[3])
		}
	}
	return all
}

// stamp returns the record with another time in its ts.
func stamp(record []byte, at time.Time) []byte {
	out := bytes.Clone(record)
	i := bytes.Index(out, []byte(`"ts":"`))
	copy(out[i+len(`"ts":"`):], at.UTC().Format("2006-01-02T15:04:05.000Z"))
	return out
}

// startFeed begins to write below dir. It ends when the test does, at the latest.
func startFeed(t testing.TB, dir string, rate int) *feed {
	t.Helper()
	f := &feed{rate: rate, stop: make(chan struct{}), done: make(chan error, 1)}
	recorded := bodies(t, 6<<20)
	for _, pod := range sortedKeys(recorded) {
		log := &podLog{path: filepath.Join(dir, pod, "manager", "0.log"), bodies: recorded[pod], written: lines{}, number: len(f.logs)}
		if err := os.MkdirAll(filepath.Dir(log.path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := log.create(time.Now()); err != nil {
			t.Fatal(err)
		}
		f.logs = append(f.logs, log)
	}
	go func() { f.done <- f.run() }()
	t.Cleanup(func() {
		select {
		case <-f.stop:
		default:
			close(f.stop)
		}
	})
	return f
}

func sortedKeys(m map[string][][]byte) []string {
	var keys []string
	for key := range m {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// end stops the writing and returns what was written.
func (f *feed) end(t testing.TB) lines {
	t.Helper()
	close(f.stop)
	if err := <-f.done; err != nil {
		t.Fatal(err)
	}
	all := lines{}
	for _, log := range f.logs {
		for h, c := range log.written {
			all[h] = count{all[h].n + c.n, c.first, c.file}
		}
	}
	return all
}

func (f *feed) run() error {
	clock := time.NewTicker(tick)
	defer clock.Stop()
	begin, written := time.Now(), 0
	for {
		select {
		case <-f.stop:
			return nil
		case now := <-clock.C:
			due := int(now.Sub(begin).Seconds() * float64(f.rate))
			if err := f.write(due-written, now); err != nil {
				return err
			}
			written = max(due, written)
		}
	}
}

func (f *feed) write(n int, now time.Time) error {
	texts := make([][]byte, len(f.logs))
	for range n {
		log := f.logs[f.next]
		texts[f.next] = log.append(texts[f.next], now)
		f.next = (f.next + 1) % len(f.logs)
	}
	for i, log := range f.logs {
		if err := log.flush(texts[i], now); err != nil {
			return err
		}
	}
	return nil
}

// renumber gives a record that is written again a reconcileID of its own, because each
// run has one.
func renumber(record []byte, round int) []byte {
	if i := bytes.Index(record, []byte(`"reconcileID":"`)); i >= 0 && round > 0 {
		copy(record[i+len(`"reconcileID":"`):], fmt.Sprintf("%08x", round))
	}
	return record
}

// append adds the next line in the runtime's framing.
func (p *podLog) append(text []byte, now time.Time) []byte {
	body := renumber(stamp(p.bodies[p.records%len(p.bodies)], now), p.records/len(p.bodies))
	p.records++
	p.written.addTo(p.number, body, now)
	text = now.UTC().AppendFormat(text, "2006-01-02T15:04:05.000000000Z")
	text = append(text, " stderr F "...)
	return append(append(text, body...), '\n')
}

func (p *podLog) flush(text []byte, now time.Time) error {
	n, err := p.file.Write(text)
	p.size += int64(n)
	if err != nil || p.size < rotateAt || now.Sub(p.rotated) < 1100*time.Millisecond {
		return err
	}
	return p.rotate(now)
}

// rotate does what the kubelet does, in its order.
func (p *podLog) rotate(now time.Time) error {
	old, err := filepath.Glob(p.path + ".*")
	if err != nil {
		return err
	}
	slices.Sort(old)
	for len(old) > keepFiles-2 {
		if err := os.Remove(old[0]); err != nil {
			return err
		}
		old = old[1:]
	}
	for _, path := range old {
		if filepath.Ext(path) != ".gz" {
			if err := compress(path); err != nil {
				return err
			}
		}
	}
	if err := os.Rename(p.path, p.path+now.UTC().Format(".20060102-150405")); err != nil {
		return err
	}
	return cmp.Or(p.file.Close(), p.create(now))
}

func (p *podLog) create(now time.Time) (err error) {
	p.size, p.rotated = 0, now
	p.number += maxLogs
	p.file, err = os.OpenFile(p.path, os.O_CREATE|os.O_EXCL|os.O_APPEND|os.O_WRONLY, 0o644)
	return err
}

func compress(path string) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var packed bytes.Buffer
	out := gzip.NewWriter(&packed)
	if _, err := out.Write(text); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	if err := os.WriteFile(path+".tmp", packed.Bytes(), 0o644); err != nil {
		return err
	}
	return cmp.Or(os.Rename(path+".tmp", path+".gz"), os.Remove(path))
}
