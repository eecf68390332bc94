package files

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"

	"fluxtrail/conditions"
)

// openMetrics finds what only OpenMetrics has; the end is missing where a dump breaks off.
var openMetrics = regexp.MustCompile(`(?m)^# (EOF$|UNIT |TYPE \S+ (info|stateset|gaugehistogram|unknown)$)`)

// exposition reads what a controller, kube-state-metrics or the Flux Operator serves as metrics,
// in the format of Prometheus or as OpenMetrics. Samples may have times; those of one time belong
// together. A line that is none of the format is reported, and the others are read.
func (in *input) exposition() error {
	text, err := io.ReadAll(io.LimitReader(in.text, maxDocument+1))
	if len(text) > maxDocument {
		return fmt.Errorf("is larger than %d MiB; save the families gotk_* and flux_* alone", maxDocument>>20)
	}
	return in.samples(text, err)
}

// samples reads the text of an exposition. err is what kept the rest of it from being read.
func (in *input) samples(text []byte, err error) error {
	text = slices.Grow(text, 1) // the parser appends a line break, and must not copy all for it
	s := samples{in: in, text: text, contentType: "text/plain", line: 1, scrapes: map[int64]*conditions.Scrape{},
		gauges: map[int64]*conditions.Gauges{}, names: conditions.GaugeNames()}
	if openMetrics.Match(text) {
		s.contentType = "application/openmetrics-text"
	}
	err = errors.Join(err, s.read())
	if in.reader.LeftOut() {
		err = errors.Join(err, fmt.Errorf("tells of more than %d objects: the others are left out", in.reader.Most))
	}
	for _, at := range sorted(s.scrapes) {
		all, lists := s.scrapes[at].Observations(at, in.path)
		for i := range all {
			in.add(all[i], 0)
		}
		if at == undated && err == nil {
			in.listings = append(in.listings, lists...)
		}
		if h, ok := s.gauges[at].Health(at, in.path); ok {
			in.health = append(in.health, h)
		}
	}
	return err
}

// samples is an exposition that is read.
type samples struct {
	in          *input
	text        []byte
	contentType string
	at          int // offset of what was parsed last
	line        int // of at
	scrapes     map[int64]*conditions.Scrape
	gauges      map[int64]*conditions.Gauges
	names       []string // of gauges
}

// maxScrapes is how many times the samples of a file may have: a week at a scrape every 15 s is
// 40,000.
const maxScrapes = 100_000

// maxTime of a sample in milliseconds: the year 2200.
const maxTime = 7_258_118_400_000

// maxBadLines is how many lines that are none of the format are passed over.
const maxBadLines = 100

func (s *samples) read() (errs error) {
	for bad := 0; ; {
		err := s.parse()
		if err == nil {
			return errs
		}
		if bad++; bad <= 3 {
			errs = errors.Join(errs, fmt.Errorf("line %d: %w", s.line, err))
		}
		n := bytes.IndexByte(s.text[s.at:], '\n')
		if n < 0 || bad == maxBadLines {
			return errs
		}
		s.moveTo(s.at + n + 1)
	}
}

// moveTo notes where the parser is. An offset behind the text is that of a copy that the parser
// made.
func (s *samples) moveTo(offset int) {
	if offset < s.at || offset > len(s.text) {
		return
	}
	s.line += bytes.Count(s.text[s.at:offset], []byte("\n"))
	s.at = offset
}

// parse reads up to the end, or to a line that cannot be read, where it leaves s.at.
func (s *samples) parse() error {
	p, err := textparse.New(s.text[s.at:], s.contentType, labels.NewSymbolTable(), textparse.ParserOptions{})
	if err != nil {
		return err
	}
	for good := false; ; good = true {
		entry, err := p.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			if n := bytes.IndexByte(s.text[s.at:], '\n'); good && n >= 0 {
				s.moveTo(s.at + n + 1) // behind the entry that was good
			}
			return err
		}
		s.entry(p, entry)
	}
}

// entry notes where an entry of the exposition stands, and takes a sample. What the parser returns
// is a part of the text.
func (s *samples) entry(p textparse.Parser, entry textparse.Entry) {
	part := []byte(nil)
	switch entry {
	case textparse.EntrySeries:
		series, at, value := p.Series()
		s.moveTo(cap(s.text) - cap(series))
		s.sample(p, at, value)
		return
	case textparse.EntryType:
		part, _ = p.Type()
	case textparse.EntryHelp:
		part, _ = p.Help()
	case textparse.EntryUnit:
		part, _ = p.Unit()
	case textparse.EntryComment:
		part = p.Comment()
	}
	if part != nil {
		s.moveTo(cap(s.text) - cap(part))
	}
}

func (s *samples) sample(p textparse.Parser, at *int64, value float64) {
	ts := int64(undated)
	if at != nil {
		ts = min(max(*at, -1), maxTime+1) * 1e6
	}
	var set labels.Labels
	p.Labels(&set)
	name := set.Get(model.MetricNameLabel)
	if conditions.Exporter(name) == "" && !slices.Contains(s.names, name) || ts < 0 || ts > maxTime*1e6 {
		s.in.others++
		return
	}
	scrape := s.scrapes[ts]
	if scrape == nil {
		if len(s.scrapes) == maxScrapes || len(s.scrapes) > 0 && len(s.scrapes) == s.in.reader.Most {
			s.in.others++
			return
		}
		scrape = s.in.reader.Scrape()
		s.scrapes[ts], s.gauges[ts] = scrape, &conditions.Gauges{}
	}
	if !scrape.Add(name, set.Get, value, s.in.place(s.line)) {
		s.gauges[ts].Add(name, set.Get, value)
		s.in.others++
	}
}
