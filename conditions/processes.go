package conditions

import (
	"cmp"
	"maps"
	"slices"
)

// Processes collects the latest samples that a time series database has of what controllers say of
// their processes. Programs of others have metrics of these names, too: a process counts where one
// of its workers is for a kind of Flux's. The zero value is ready. It belongs to one goroutine.
type Processes struct {
	latest map[string]map[string]gaugeSample // by instance, and by what tells its series apart
}

// gaugeSample is the latest sample of a series.
type gaugeSample struct {
	name   string
	labels []string // in the order of gaugeLabels
	at     int64
	value  float64
}

// gaugeLabels tell the series of one process apart.
func gaugeLabels() []string {
	return []string{
		"controller", "name", "exported_name", "kind", "namespace", "exported_namespace", "result", "priority", "code", "method", "host",
	}
}

// Add takes a sample, in any order of time. It reports whether the metric is one that counts.
func (p *Processes) Add(name string, label func(string) string, at int64, value float64) bool {
	if !slices.Contains(GaugeNames(), name) {
		return false
	}
	s := gaugeSample{name: name, at: at, value: value}
	key := name
	for _, l := range gaugeLabels() {
		s.labels = append(s.labels, label(l))
		key += "\x00" + label(l)
	}
	if p.latest == nil {
		p.latest = map[string]map[string]gaugeSample{}
	}
	instance := cmp.Or(label("pod"), label("instance"))
	if p.latest[instance] == nil {
		p.latest[instance] = map[string]gaugeSample{}
	}
	if old, ok := p.latest[instance][key]; !ok || old.at <= at {
		p.latest[instance][key] = s
	}
	return true
}

// Health judges the processes that were scraped until shortly before the latest sample.
func (p *Processes) Health(source string) (all []Health) {
	end := int64(0)
	for _, series := range p.latest {
		for _, s := range series {
			end = max(end, s.at)
		}
	}
	for _, instance := range slices.Sorted(maps.Keys(p.latest)) {
		var g Gauges
		at := int64(0)
		for _, s := range p.latest[instance] {
			if end-s.at <= int64(Lookback) {
				g.Add(s.name, s.label, s.value)
				at = max(at, s.at)
			}
		}
		if h, ok := g.Health(at, source); ok {
			h.Instance = instance
			all = append(all, h)
		}
	}
	return all
}

func (s *gaugeSample) label(name string) string {
	if i := slices.Index(gaugeLabels(), name); i >= 0 {
		return s.labels[i]
	}
	return ""
}
