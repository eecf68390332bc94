package conditions

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/dustin/go-humanize/english"

	"fluxtrail/derive"
)

// Lookback is how long a sample counts, and how long one may be missing before it means something,
// as in Prometheus.
const Lookback = 5 * time.Minute

// Samples makes observations of the samples that a time series database kept. Of what an exporter
// says of an object, the first is told, each change, the same again now and then, and the latest.
// An object that is missing where an exporter lists all of them was deleted. It belongs to one
// goroutine.
type Samples struct {
	r      *Reader
	source string
	every  int64 // the same is told again after this time

	scrapes map[moment]*Scrape
	known   map[exported]*known
	times   map[target][]int64 // of the scrapes of what lists all objects
	latest  target             // of these, the one that was scraped last

	observations []derive.Observation
}

// A target is one instance of an exporter.
type target struct{ by, instance string }

// A moment is one scrape of a target.
type moment struct {
	at int64
	target
}

// known is what an exporter says of an object.
type known struct {
	told, last derive.Observation
	since      int64  // last is ready, or not, since then
	from       target // that last comes from
	lists      bool
}

// tellings is how often the same is told of one object, at most.
const tellings = 48

// Samples returns a Samples for a span of time. The source stands in front of the exporter's name
// in the source of each observation.
func (r *Reader) Samples(source string, span time.Duration) *Samples {
	return &Samples{
		r: r, source: source, every: int64(max(Lookback, span/tellings)),
		scrapes: map[moment]*Scrape{}, known: map[exported]*known{}, times: map[target][]int64{},
	}
}

// Add takes a sample. Label returns the value of a label, "" for one that is not there. It reports
// whether the metric is one that says something of objects. Samples come in any order within what
// Flush ends.
func (s *Samples) Add(name string, label func(string) string, at int64, value float64) bool {
	by := Exporter(name)
	if by == "" {
		return false
	}
	m := moment{at, target{by, s.r.word(label("instance"))}}
	scrape := s.scrapes[m]
	if scrape == nil {
		scrape = s.r.Scrape()
		s.scrapes[m] = scrape
	}
	return scrape.Add(name, label, value, s.source+" "+by)
}

// Flush says that the next samples are younger than all that were added.
func (s *Samples) Flush() {
	order := func(a, b moment) int {
		return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.by, b.by), cmp.Compare(a.instance, b.instance))
	}
	for _, m := range slices.SortedFunc(maps.Keys(s.scrapes), order) {
		s.take(m, s.scrapes[m])
	}
	clear(s.scrapes)
}

func (s *Samples) take(m moment, scrape *Scrape) {
	lists := len(scrape.lists) > 0
	if lists {
		s.times[m.target] = append(s.times[m.target], m.at)
		s.latest = m.target
	}
	for k, o := range scrape.seen {
		o.At = m.at
		before := s.known[k]
		if before == nil {
			before = &known{from: m.target, lists: lists, since: o.At, last: *o}
			s.known[k] = before
			s.tell(before, *o)
			continue
		}
		s.deleted(before, m.at)
		if before.last.Ready() != o.Ready() {
			before.since = o.At
		}
		before.last, before.from = *o, m.target
		if o.At-before.told.At >= s.every || !sameState(before.told, *o) {
			s.tell(before, *o)
		}
	}
}

// tell tells what an exporter says of an object.
func (s *Samples) tell(k *known, o derive.Observation) {
	k.told = o
	s.observations = append(s.observations, s.merged(k.from.by, o))
}

// sameState reports whether two observations say the same, each at its time.
func sameState(a, b derive.Observation) bool {
	a.At, a.Source = b.At, b.Source
	return reflect.DeepEqual(a, b)
}

// deleted tells that an object was gone for a while before a time. It is so at the first scrape
// that should have had it.
func (s *Samples) deleted(k *known, at int64) bool {
	if !k.lists || at-k.last.At <= int64(Lookback) {
		return false
	}
	times := s.times[k.from]
	i, _ := slices.BinarySearch(times, k.last.At+1)
	j, _ := slices.BinarySearch(times, at)
	if i >= j || times[j-1]-k.last.At <= int64(Lookback) {
		return false
	}
	k.told = derive.Observation{Ref: k.last.Ref, Source: k.last.Source, At: times[i], Deleted: true}
	s.observations = append(s.observations, k.told)
	return true
}

// Observations returns all that is to be told, in the order of time, and which kinds were told of
// in full at the end. Nothing may be added after it.
func (s *Samples) Observations() ([]derive.Observation, []derive.Listing) {
	s.Flush()
	var kinds []string
	end := int64(0)
	if times := s.times[s.latest]; len(times) > 0 {
		end = times[len(times)-1]
	}
	for _, k := range s.known {
		switch {
		case s.deleted(k, end+1): // has told
		case k.last.At > k.told.At:
			s.tell(k, k.last)
		}
		if k.lists && k.last.At == end {
			kinds = append(kinds, k.last.Kind)
		}
	}
	slices.SortStableFunc(s.observations, func(a, b derive.Observation) int { return a.Compare(&b) })
	slices.Sort(kinds)
	return s.observations, s.listings(slices.Compact(kinds), end)
}

// listings are complete only where one target lists all.
func (s *Samples) listings(kinds []string, at int64) (lists []derive.Listing) {
	for other, times := range s.times {
		if other != s.latest && at-times[len(times)-1] <= int64(Lookback) {
			return nil
		}
	}
	for _, kind := range kinds {
		lists = append(lists, derive.Listing{Source: s.source + " " + s.latest.by, Kind: kind, At: at})
	}
	return lists
}

// merged fills in what an exporter does not say of an object, and another says that agrees with it.
func (s *Samples) merged(by string, o derive.Observation) derive.Observation {
	for _, other := range exporters() {
		k := s.known[exported{other, o.Ref}]
		if other == by || k == nil || o.At-k.last.At > int64(Lookback) || k.last.Ready() != o.Ready() {
			continue
		}
		p := &k.last
		o.UID, o.Suspended, o.Static = cmp.Or(o.UID, p.UID), cmp.Or(o.Suspended, p.Suspended), o.Static || p.Static
		o.Applied, o.Attempted, o.Artifact = cmp.Or(o.Applied, p.Applied), cmp.Or(o.Attempted, p.Attempted), cmp.Or(o.Artifact, p.Artifact)
		if len(p.Conditions) == 1 && len(o.Conditions) == 1 && o.Conditions[0].Reason == "" {
			o.Conditions = p.Conditions
		}
	}
	return o
}

// Contradiction is an error when two exporters say since more than Lookback, and at the end still,
// that an object is ready and that it is not.
func (s *Samples) Contradiction() error {
	n, example := 0, ""
	for k, a := range s.known {
		for _, by := range exporters() {
			b := s.known[exported{by, k.Ref}]
			if k.by < by && b != nil && contradict(a, b) {
				n++
				text := fmt.Sprintf("%s is %s for %s and %s for %s", k.Ref, a.last.Ready(), k.by, b.last.Ready(), by)
				if example == "" || text < example {
					example = text
				}
			}
		}
	}
	if n == 0 {
		return nil
	}
	return fmt.Errorf("exporters contradict each other about %s: %s", english.Plural(n, "object", ""), example)
}

func contradict(a, b *known) bool {
	both := min(a.last.At, b.last.At)
	return a.last.Ready() != b.last.Ready() && a.last.Ready() != "" && b.last.Ready() != "" &&
		both-a.since > int64(Lookback) && both-b.since > int64(Lookback)
}
