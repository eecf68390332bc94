package report

import (
	"bufio"
	"cmp"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fluxtrail/api"
)

// openMetricsOptions bound the size of the exposition.
type openMetricsOptions struct {
	Step    time.Duration // between two samples of an unchanged value; 0 means 1m
	Samples int           // about how many samples at most; 0 means 2,000,000 (roughly 250 MB)
}

// lookback is how long Prometheus shows a sample before it takes the series for gone.
const lookback = 5 * time.Minute

// writeOpenMetrics writes the window as samples with timestamps, for `promtool tsdb
// create-blocks-from openmetrics`.
//
// promtool demands a timestamp on each sample, ascending within a series, families in one piece and
// an end mark; it reads neither exemplars nor created timestamps, so every counter starts with an
// explicit zero, one step before the window (cmd/promtool/backfill.go). A value is written when it
// changes and every Step in between. Where that would exceed Samples, the step grows to full
// minutes; from 5 minutes on queries need last_over_time, and the help texts say so.
func writeOpenMetrics(w io.Writer, r *api.Report, opt openMetricsOptions) error {
	m := &metrics{w: bufio.NewWriterSize(w, 64<<10)}
	if !r.Window.From.IsZero() {
		h := newHistory(r)
		m.from, m.to = r.Window.From.UnixMilli(), r.Window.To.UnixMilli()
		m.step = stepFor(h, m.to-m.from, opt)
		m.states(h)
		m.incidents(h)
		m.durations(r.Objects)
		m.alerts(r.Alerts)
	}
	m.text("# EOF\n")
	return m.w.Flush()
}

// stepFor returns the step in milliseconds that keeps all series together below the limit.
func stepFor(h *history, span int64, opt openMetricsOptions) int64 {
	step := cmp.Or(opt.Step, time.Minute).Milliseconds()
	limit := int64(cmp.Or(opt.Samples, 2_000_000))
	minute := time.Minute.Milliseconds()
	if need := span * h.series() / limit; need > step {
		return (need/minute + 1) * minute
	}
	return step
}

// metrics writes the exposition; the first error of the writer sticks in w.
type metrics struct {
	w              *bufio.Writer
	buf            []byte
	from, to, step int64 // milliseconds
}

func (m *metrics) text(s string) { m.w.WriteString(s) }

func (m *metrics) family(name, kind, unit, help string) {
	step := time.Duration(m.step) * time.Millisecond
	help += fmt.Sprintf(" A sample at each change and every %s.", step)
	if step >= lookback {
		help += fmt.Sprintf(" The input is large: query with last_over_time over %s.", 2*step)
	}
	fmt.Fprintf(m.w, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, kind)
	if unit != "" {
		fmt.Fprintf(m.w, "# UNIT %s %s\n", name, unit)
	}
}

// change is a value from a moment on, or none (gap). more holds the values of the series that
// belong to the first one, such as the buckets of a histogram.
type change struct {
	at    int64
	value float64
	more  []float64
	gap   bool
}

// series writes the series of one metric from their common changes, which ascend in time.
func (m *metrics) series(heads []string, changes []change) {
	for i, c := range changes {
		last := i+1 == len(changes)
		until := m.to
		if !last {
			until = changes[i+1].at
		}
		if c.gap {
			continue
		}
		m.sample(heads, c, c.at)
		for at := (c.at/m.step + 1) * m.step; at < until; at += m.step {
			m.sample(heads, c, at)
		}
		if last && c.at < m.to {
			m.sample(heads, c, m.to)
		}
	}
}

func (m *metrics) sample(heads []string, c change, at int64) {
	for i, head := range heads {
		v := c.value
		if i > 0 {
			v = c.more[i-1]
		}
		b := append(m.buf[:0], head...)
		b = strconv.AppendFloat(append(b, ' '), v, 'g', -1, 64)
		b = strconv.AppendInt(append(b, ' '), at/1000, 10)
		m.buf = append(b, '.', '0'+byte(at%1000/100), '0'+byte(at%100/10), '0'+byte(at%10), '\n')
		m.w.Write(m.buf)
	}
}

// states writes readiness and status of every object.
func (m *metrics) states(h *history) {
	m.family("fluxtrail_object_ready", "gauge", "", "Whether the object's Ready condition is True (1) or False (0); no sample while it is Unknown.")
	for i := range h.objects {
		o := &h.objects[i]
		m.series([]string{"fluxtrail_object_ready" + labelSet(o.ref)}, o.ready())
	}
	m.family("fluxtrail_object_status", "gauge", "", "1 for the status that the object is in, 0 for those that it was in before.")
	for i := range h.objects {
		o := &h.objects[i]
		for s := range statuses {
			if o.seen[s] {
				m.series([]string{"fluxtrail_object_status" + labelSet(o.ref, "status", statuses[s].Name)}, o.in(s))
			}
		}
	}
}

// incidents writes gauges and counters of the objects that had incidents.
func (m *metrics) incidents(h *history) {
	start := m.from - m.step
	m.family("fluxtrail_incident_open", "gauge", "", "Open incidents of the object, pending ones included.")
	for i := range h.objects {
		if o := &h.objects[i]; len(o.incidents) > 0 {
			m.series([]string{"fluxtrail_incident_open" + labelSet(o.ref)}, o.open(start))
		}
	}
	m.family("fluxtrail_incidents", "counter", "", "Incidents opened, by the reason of their first error.")
	for i := range h.objects {
		o := &h.objects[i]
		for _, reason := range o.reasons() {
			m.series([]string{"fluxtrail_incidents_total" + labelSet(o.ref, "reason", reason)}, o.opened(start, reason))
		}
	}
	m.family(recovery, "histogram", "seconds", "Time from opening to resolution of the resolved incidents.")
	for i := range h.objects {
		if o := &h.objects[i]; len(o.incidents) > 0 {
			m.series(recoverySeries(o.ref), o.recovered(start))
		}
	}
}

// recovery is the family of the times to recovery. Its buckets are those that the agent has, so
// that a backfilled series and a scraped one are the same: powers of four seconds, from 4 seconds
// to 3 days.
const (
	recovery      = "fluxtrail_incident_recovery_seconds"
	recoveryFrom  = 4.0
	recoveryRatio = 4.0
	recoveryCount = 9
)

// recoverySeries are the series of one object in the order in which recovered has their values.
func recoverySeries(ref api.Ref) []string {
	var heads []string
	for n, le := 0, recoveryFrom; n < recoveryCount; n, le = n+1, le*recoveryRatio {
		heads = append(heads, recovery+"_bucket"+labelSet(ref, "le", strconv.FormatFloat(le, 'f', 1, 64)))
	}
	l := labelSet(ref)
	return append(heads, recovery+"_bucket"+labelSet(ref, "le", "+Inf"), recovery+"_sum"+l, recovery+"_count"+l)
}

// durations writes the quantiles over the whole window, which exist at its end only.
func (m *metrics) durations(objects []api.Object) {
	const name = "fluxtrail_replay_duration_seconds"
	fmt.Fprintf(m.w, "# HELP %s How long runs took over the whole window, where the log says it. One sample, at the window's end.\n# TYPE %s summary\n# UNIT %s seconds\n", name, name, name)
	for i := range objects {
		d := objects[i].Duration
		if d == nil || d.Count == 0 || d.Measured == "between" {
			continue
		}
		ref := objects[i].Ref
		m.sample([]string{name + labelSet(ref, "quantile", "0.5")}, change{value: d.P50}, m.to)
		m.sample([]string{name + labelSet(ref, "quantile", "0.95")}, change{value: d.P95}, m.to)
		m.sample([]string{name + labelSet(ref, "quantile", "1.0")}, change{value: d.Max}, m.to)
		m.sample([]string{name + "_count" + labelSet(ref)}, change{value: float64(d.Count)}, m.to)
	}
}

// labelSet renders the object's labels and pairs of others. The object's namespace is
// exported_namespace, as Prometheus itself would name it, because namespace is the scraped pod's.
func labelSet(ref api.Ref, more ...string) string {
	s := `{exported_namespace="` + escapeLabel(ref.Namespace) + `",kind="` + escapeLabel(ref.Kind) + `",name="` + escapeLabel(ref.Name) + `"`
	for i := 0; i+1 < len(more); i += 2 {
		s += "," + more[i] + `="` + escapeLabel(more[i+1]) + `"`
	}
	return s + "}"
}

// labelEscapes is made once, for it has a table, and a report has millions of labels.
var labelEscapes = strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`)

func escapeLabel(s string) string {
	return labelEscapes.Replace(visible(strings.ToValidUTF8(s, "\uFFFD")))
}

// put adds a change, or replaces the last one when it is of the same moment.
func put(list []change, c change) []change {
	if n := len(list); n > 0 && list[n-1].at >= c.at {
		c.at = list[n-1].at
		list[n-1] = c
		return list
	}
	return append(list, c)
}

func value(at int64, v float64) change { return change{at: at, value: v} }

// reasons are the distinct reasons of the object's incidents.
func (o *objectHistory) reasons() []string {
	var out []string
	for _, i := range o.incidents {
		out = append(out, i.reason)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// opened counts the incidents with one reason, starting from an explicit zero.
func (o *objectHistory) opened(start int64, reason string) []change {
	list, n := []change{value(start, 0)}, 0.0
	for _, i := range o.incidents {
		if i.reason == reason {
			n++
			list = put(list, value(i.from, n))
		}
	}
	return list
}

// recovered counts and adds up resolved incidents in the order of their resolution: buckets, sum,
// count.
func (o *objectHistory) recovered(start int64) []change {
	resolved := slices.DeleteFunc(slices.Clone(o.incidents), func(i incidentSpan) bool { return !i.resolved })
	slices.SortStableFunc(resolved, func(a, b incidentSpan) int { return cmp.Compare(a.to, b.to) })
	now := make([]float64, recoveryCount+3)
	list := []change{{at: start, more: slices.Clone(now[1:])}}
	for _, i := range resolved {
		took := math.Max(0, float64(i.to-i.from)/1000)
		for n, le := 0, recoveryFrom; n < recoveryCount; n, le = n+1, le*recoveryRatio {
			if took <= le {
				now[n]++
			}
		}
		now[recoveryCount]++
		now[recoveryCount+1] += took
		now[recoveryCount+2]++
		list = put(list, change{at: i.to, value: now[0], more: slices.Clone(now[1:])})
	}
	return list
}
