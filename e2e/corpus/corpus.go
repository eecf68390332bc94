// Package corpus makes large logs out of recorded ones, for benchmarks and load
// tests: real lines, real attempts, as many bytes and objects as asked for.
//
// In go the files of a kubelet's pod log directory; out comes another one, with
// one log per controller. Whole attempts are copied (all lines of one reconcile
// run), each with a new reconcileID, an object drawn at random and times that
// only rise. The same configuration gives the same bytes.
//
// Never take incidents of such a log for something that happened: which attempt
// follows which is chance.
package corpus

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"time"
)

// Config says what to make.
type Config struct {
	From    string // a directory in the kubelet's layout with recorded logs
	Bytes   int64  // how much to write, over all controllers
	Objects int    // over how many objects the attempts are spread
	Seed    uint64
}

// begin is the time of the first line: any time does, but it has to be the same.
var begin = time.Date(2026, time.November, 1, 0, 0, 0, 0, time.UTC)

var (
	podDir     = regexp.MustCompile(`^[^_]+_([a-z-]+-controller)-[^_]+_[^_]+$`)
	criLine    = regexp.MustCompile(`^\S+ stderr F (\{.*\})$`)
	recordTime = regexp.MustCompile(`"ts":"[^"]*"`)
	reconcile  = regexp.MustCompile(`"reconcileID":"([^"]+)"`)
	object     = regexp.MustCompile(`"namespace":"([^"]+)","name":"([^"]+)","reconcileID"`)
)

// A template is one recorded attempt: its lines, with a mark wherever something
// is filled in. The marks are bytes that no JSON record contains as they are.
type template [][]byte

const (
	markTime = iota + 1
	markID
	markNamespace
	markName
	marks = "\x01\x02\x03\x04"
)

// Write makes the corpus below dir and returns the number of lines.
func Write(dir string, cfg Config) (lines int, err error) {
	recorded, err := load(cfg.From)
	if err != nil {
		return 0, err
	}
	controllers := make([]string, 0, len(recorded))
	for controller := range recorded {
		controllers = append(controllers, controller)
	}
	slices.Sort(controllers)
	for i, controller := range controllers {
		source := rand.New(rand.NewPCG(cfg.Seed, uint64(i)))
		uid := newID(source)
		log := filepath.Join(dir, fmt.Sprintf("flux-system_%s-6d4cf56db6-abcde_%s", controller, uid), "manager", "0.log")
		n, err := writeLog(log, recorded[controller], cfg.Bytes/int64(len(controllers)), cfg.Objects, source)
		if err != nil {
			return lines, err
		}
		lines += n
	}
	return lines, nil
}

func writeLog(path string, attempts []template, size int64, objects int, source *rand.Rand) (lines int, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return 0, err
	}
	file, err := os.Create(path)
	if err != nil {
		return 0, err
	}
	defer func() { err = cmp.Or(err, file.Close()) }()
	out := bufio.NewWriterSize(file, 1<<20)
	var buf []byte
	at := begin
	for written := int64(0); written < size; written += int64(len(buf)) {
		object := source.IntN(objects)
		buf = attempts[source.IntN(len(attempts))].append(buf[:0], &at, object, source)
		lines += bytes.Count(buf, []byte{'\n'})
		if _, err := out.Write(buf); err != nil {
			return lines, err
		}
	}
	return lines, out.Flush()
}

func (attempt template) append(buf []byte, at *time.Time, object int, source *rand.Rand) []byte {
	id := newID(source)
	for _, line := range attempt {
		*at = at.Add(time.Duration(1+source.IntN(40)) * time.Millisecond)
		buf = at.AppendFormat(buf, "2006-01-02T15:04:05.000")
		buf = fmt.Appendf(buf, "%06dZ stderr F ", source.IntN(1_000_000))
		for i := bytes.IndexAny(line, marks); i >= 0; i = bytes.IndexAny(line, marks) {
			buf = append(buf, line[:i]...)
			switch line[i] {
			case markTime:
				buf = at.AppendFormat(buf, "2006-01-02T15:04:05.000Z")
			case markID:
				buf = append(buf, id...)
			case markNamespace:
				buf = fmt.Appendf(buf, "team-%d", object%40)
			case markName:
				buf = fmt.Appendf(buf, "app-%05d", object)
			}
			line = line[i+1:]
		}
		buf = append(buf, line...)
		buf = append(buf, '\n')
	}
	return buf
}

func newID(source *rand.Rand) string {
	a, b := source.Uint64(), source.Uint64()
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", a>>32, a>>16&0xffff, a&0xfff, b>>48&0xfff, b&0xffffffffffff)
}

// load returns the recorded attempts by controller.
func load(from string) (map[string][]template, error) {
	pods, err := os.ReadDir(from)
	if err != nil {
		return nil, err
	}
	all := map[string][]template{}
	for _, pod := range pods {
		match := podDir.FindStringSubmatch(pod.Name())
		if match == nil {
			continue
		}
		logs, _ := filepath.Glob(filepath.Join(from, pod.Name(), "*", "*.log*"))
		for _, log := range logs {
			if filepath.Ext(log) == ".gz" {
				continue // the plain files have attempts enough
			}
			attempts, err := read(log)
			if err != nil {
				return nil, err
			}
			all[match[1]] = append(all[match[1]], attempts...)
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("no pod logs of controllers below %s", from)
	}
	return all, nil
}

// read returns the attempts of a log in the order in which they began.
func read(path string) ([]template, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var attempts []template
	byID := map[string]int{}
	for _, line := range bytes.Split(text, []byte{'\n'}) {
		cri := criLine.FindSubmatch(line)
		if cri == nil || !object.Match(cri[1]) {
			continue
		}
		id := string(reconcile.FindSubmatch(cri[1])[1])
		if _, ok := byID[id]; !ok {
			byID[id], attempts = len(attempts), append(attempts, nil)
		}
		attempts[byID[id]] = append(attempts[byID[id]], cut(cri[1]))
	}
	return attempts, nil
}

// cut puts the marks into a record: at its time, at its reconcileID, and wherever
// its own object is named.
func cut(record []byte) []byte {
	id, own := reconcile.FindSubmatch(record)[1], object.FindSubmatch(record)
	record = recordTime.ReplaceAll(record, fmt.Appendf(nil, `"ts":"%c"`, markTime))
	record = bytes.ReplaceAll(record, id, []byte{markID})
	record = bytes.ReplaceAll(record, fmt.Appendf(nil, `"namespace":"%s"`, own[1]), fmt.Appendf(nil, `"namespace":"%c"`, markNamespace))
	return bytes.ReplaceAll(record, fmt.Appendf(nil, `"name":"%s"`, own[2]), fmt.Appendf(nil, `"name":"%c"`, markName))
}
