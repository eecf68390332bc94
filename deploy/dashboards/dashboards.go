// Package dashboards holds the dashboards of Grafana that come with fluxtrail, as data, and renders
// them.
//
// In: nothing but the tables in this package. Out: JSON as Grafana imports it, the same bytes each
// time. Command dashboards prints it, and the files beside are what it printed. Queries go by
// object, with max or sum over everything else, so that a second agent or a second scrape changes
// no number. It never asks Grafana, Prometheus or Loki.
package dashboards

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Board is one dashboard.
type Board struct {
	name               string
	title, description string
	uid                string
	alias              string // the uid of the dashboard of Flux that it can stand in for
	variables          []variable
	panels             []panel
	logs               bool // whether it asks Loki
}

// boards are all of them, in the order of their links.
func boards() []Board { return []Board{cluster(), controlPlane(), logs(), agents()} }

// variable is a choice on top of a dashboard.
type variable struct {
	name, label string
	values      string // the query of its values
	source      source
	text        bool   // what is typed, instead of a choice
	value       string // what stands there at first
}

type source string

const (
	prometheus source = "prometheus"
	loki       source = "loki"
)

// variable of Grafana with the data source.
func (s source) variable() string {
	if s == loki {
		return "${loki}"
	}
	return "${datasource}"
}

// panel is a part of a dashboard. Its row begins a section.
type panel struct {
	row                string
	kind               string // stat, timeseries, table, logs
	title, description string
	unit               string
	width, height      int
	source             source
	targets            []target
	red                float64 // from where on a stat is red; 0 for never
}

type target struct{ expr, legend string }

// JSON is the dashboard as Grafana imports it. With alias it has the uid of the dashboard of Flux
// that it stands in for, so that links and bookmarks to that lead to it.
func (b Board) JSON(alias bool) ([]byte, error) {
	uid := b.uid
	if alias && b.alias != "" {
		uid = b.alias
	}
	var out bytes.Buffer
	enc := json.NewEncoder(&out)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(map[string]any{
		"uid": uid, "title": b.title, "description": b.description, "tags": []string{"flux", "fluxtrail"},
		"schemaVersion": 39, "version": 1, "editable": false, "graphTooltip": 1, "refresh": "1m", "timezone": "browser",
		"time":        map[string]string{"from": "now-6h", "to": "now"},
		"templating":  map[string]any{"list": b.templating()},
		"annotations": map[string]any{"list": b.annotations()}, "links": b.links(), "panels": b.grid(),
	})
	return out.Bytes(), err
}

func (b Board) templating() []any {
	list := []any{dataSource("datasource", "Prometheus", prometheus)}
	if b.logs {
		list = append(list, dataSource("loki", "Loki", loki))
	}
	for _, v := range b.variables {
		list = append(list, v.render())
	}
	return list
}

func dataSource(name, label string, kind source) map[string]any {
	return map[string]any{"name": name, "label": label, "type": "datasource", "query": string(kind), "hide": 0, "refresh": 1}
}

func (v variable) render() map[string]any {
	if v.text {
		return map[string]any{"name": v.name, "label": v.label, "type": "textbox", "query": v.value, "hide": 0, "current": map[string]any{"text": v.value, "value": v.value}}
	}
	out := map[string]any{
		"name": v.name, "label": v.label, "type": "query", "hide": 0, "refresh": 2, "sort": 1,
		"multi": true, "includeAll": true, "allValue": ".*", "current": map[string]any{"text": "All", "value": "$__all"},
		"datasource": map[string]string{"type": string(v.source), "uid": v.source.variable()},
		"query":      v.values, "definition": v.values,
	}
	if v.source == loki {
		out["allValue"] = ".+" // Loki wants one matcher that does not match nothing
	}
	return out
}

// annotations mark where incidents began, as metrics tell, and from when to when they were, where
// agents write that to Grafana.
func (b Board) annotations() []any {
	return []any{map[string]any{
		"name": "Incidents, with their end", "enable": true, "iconColor": "orange", "type": "tags",
		"datasource": map[string]string{"type": "grafana", "uid": "-- Grafana --"},
		"target":     map[string]any{"type": "tags", "tags": []string{"flux"}, "matchAny": true, "limit": 100},
	}, map[string]any{
		"name": "Incidents", "enable": true, "iconColor": "red", "useValueForTime": true, "step": "60s",
		"datasource":  map[string]string{"type": string(prometheus), "uid": prometheus.variable()},
		"expr":        `max by (cluster, exported_namespace, kind, name) (fluxtrail_incident_start_timestamp_seconds) * 1000`,
		"titleFormat": "{{kind}} {{exported_namespace}}/{{name}} fails", "tagKeys": "kind,exported_namespace",
	}}
}

func (b Board) links() []any {
	var out []any
	for _, other := range []struct{ title, uid string }{
		{"Cluster", clusterUID}, {"Control plane", controlPlaneUID}, {"Logs", logsUID}, {"Agents", agentsUID},
	} {
		if other.uid != b.uid {
			out = append(out, map[string]any{
				"title": other.title, "type": "link", "url": "/d/" + other.uid, "keepTime": true, "includeVars": true,
			})
		}
	}
	for _, v := range b.variables {
		if v.name == statusPageVar.name {
			out = append(out, map[string]any{"title": "Status page", "type": "link", "url": "${" + v.name + "}", "targetBlank": true})
		}
	}
	return out
}

// grid lays the panels out, line by line, and numbers them.
func (b Board) grid() []any {
	const width = 24
	var out []any
	x, y, height := 0, 0, 0
	for _, p := range b.panels {
		if p.row != "" {
			y, x, height = y+height, 0, 0
			out = append(out, map[string]any{
				"id": len(out) + 1, "type": "row", "title": p.row, "collapsed": false, "panels": []any{},
				"gridPos": map[string]int{"x": 0, "y": y, "w": width, "h": 1},
			})
			y++
		}
		if x+p.width > width {
			y, x, height = y+height, 0, 0
		}
		out = append(out, p.render(len(out)+1, x, y))
		x, height = x+p.width, max(height, p.height)
	}
	return out
}

// render is the panel at a place of the grid.
func (p panel) render(id, x, y int) map[string]any {
	out := map[string]any{
		"id": id, "type": p.kind, "title": p.title, "description": p.description,
		"datasource": map[string]string{"type": string(p.source), "uid": p.source.variable()},
		"gridPos":    map[string]int{"x": x, "y": y, "w": p.width, "h": p.height},
		"targets":    p.queries(),
	}
	steps := []any{map[string]any{"color": "green", "value": nil}}
	if p.red > 0 {
		steps = append(steps, map[string]any{"color": "red", "value": p.red})
	}
	out["fieldConfig"] = map[string]any{"overrides": []any{}, "defaults": map[string]any{
		"unit": p.unit, "noValue": "none", "thresholds": map[string]any{"mode": "absolute", "steps": steps},
	}}
	switch p.kind {
	case "stat":
		out["options"] = map[string]any{"colorMode": "background", "graphMode": "area", "reduceOptions": map[string]any{"calcs": []string{"lastNotNull"}}}
	case "table":
		out["transformations"] = []any{map[string]any{"id": "organize", "options": map[string]any{
			"excludeByName": map[string]bool{"Time": true}, "renameByName": map[string]string{"exported_namespace": "namespace", "Value": p.title},
		}}}
	case "logs":
		out["options"] = map[string]any{"showTime": true, "wrapLogMessage": true, "enableLogDetails": true, "sortOrder": "Descending"}
	}
	return out
}

func (p panel) queries() []any {
	out := make([]any, 0, len(p.targets))
	for i, t := range p.targets {
		q := map[string]any{
			"refId": string(rune('A' + i)), "expr": t.expr, "legendFormat": t.legend,
			"datasource": map[string]string{"type": string(p.source), "uid": p.source.variable()},
		}
		if p.kind == "table" {
			q["format"], q["instant"] = "table", true
		}
		if p.source == loki {
			q["queryType"] = "range"
		}
		out = append(out, q)
	}
	return out
}

// Find is the dashboard of a name.
func Find(name string) (Board, bool) {
	all := boards()
	if i := slices.IndexFunc(all, func(b Board) bool { return b.name == name }); i >= 0 {
		return all[i], true
	}
	return Board{}, false
}

// Names are the names of all dashboards, which are those of their files without .json.
func Names() (all []string) {
	for _, b := range boards() {
		all = append(all, b.name)
	}
	return all
}
