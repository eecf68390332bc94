package loki

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"fluxtrail/parse"
)

// selectors are how the streams of Flux' controllers are labelled, the surest first: by the name of
// the app (Promtail, Alloy, fluxtrail), of the service (OpenTelemetry), of the pod, or by the
// namespace alone. The first one that has any stream counts.
func selectors() []string {
	apps := strings.Join(parse.Controllers(), "|")
	var all []string
	for _, label := range []string{"app", "app_kubernetes_io_name", "service_name", "k8s_deployment_name"} {
		all = append(all, fmt.Sprintf(`{%s=~"(%s).*"}`, label, apps))
	}
	for _, label := range podLabels {
		all = append(all, fmt.Sprintf(`{%s=~"(%s)-.+"}`, label, apps))
	}
	for _, label := range []string{"namespace", "k8s_namespace_name", "kubernetes_namespace_name"} {
		all = append(all, fmt.Sprintf(`{%s="flux-system"}`, label))
	}
	return append(all, `{job=~"flux-system/.+"}`)
}

// find returns the selector of the streams of Flux' controllers.
func (s *server) find(ctx context.Context, c Config) (string, error) {
	var answer bytes.Buffer
	for _, selector := range selectors() {
		err := s.get(ctx, "series", c.From, c.To+1, url.Values{"match[]": {selector}}, &answer)
		if err != nil {
			return "", err
		}
		if len(gjson.GetBytes(answer.Bytes(), "data").Array()) > 0 {
			return selector, nil
		}
	}
	if err := s.get(ctx, "labels", c.From, c.To+1, url.Values{}, &answer); err != nil {
		return "", err
	}
	var there []string
	for _, label := range gjson.GetBytes(answer.Bytes(), "data").Array() {
		there = append(there, label.Str)
	}
	if len(there) == 0 {
		return "", fmt.Errorf("has no streams in this time: is the tenant right, and the span?")
	}
	return "", fmt.Errorf("has no streams of Flux' controllers in this time that are labelled in a usual way: "+
		"name them with a query; the labels there are %s", strings.Join(there, ", "))
}

// Values are the values that a label has in the streams that are read, in order.
func (c Config) Values(ctx context.Context, label string) ([]string, error) {
	s, err := c.server()
	if err != nil {
		return nil, err
	}
	if c.Query == "" {
		if c.Query, err = s.find(ctx, c); err != nil {
			return nil, fmt.Errorf("%s: %w", s.name, explain(err))
		}
	}
	var answer bytes.Buffer
	err = s.get(ctx, "series", c.From, c.To+1, url.Values{"match[]": {selectorOf(c.Query)}}, &answer)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, explain(err))
	}
	values := map[string]bool{}
	for _, stream := range gjson.GetBytes(answer.Bytes(), "data").Array() {
		if value := stream.Get(label).Str; value != "" {
			values[value] = true
		}
	}
	return slices.Sorted(maps.Keys(values)), nil
}

// With is the configuration with a query that narrows c's to the streams with a label.
func (c Config) With(ctx context.Context, label, value string) (Config, error) {
	if c.Query == "" {
		s, err := c.server()
		if err != nil {
			return c, err
		}
		if c.Query, err = s.find(ctx, c); err != nil {
			return c, fmt.Errorf("%s: %w", s.name, explain(err))
		}
	}
	selector := selectorOf(c.Query)
	rest := strings.TrimPrefix(strings.TrimSpace(c.Query), selector)
	inside := strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(selector, "{"), "}"))
	if inside = strings.TrimSuffix(inside, ","); inside != "" {
		inside += ","
	}
	c.Query = fmt.Sprintf("{%s%s=%q}%s", inside, label, value, rest)
	return c, nil
}

// selectorOf is the part of a query that selects streams.
func selectorOf(query string) string {
	query = strings.TrimSpace(query)
	quote := byte(0)
	for i := 0; i < len(query); i++ {
		switch c := query[i]; {
		case quote == '"' && c == '\\':
			i++
		case quote != 0 && c == quote:
			quote = 0
		case quote == 0 && (c == '"' || c == '`'):
			quote = c
		case quote == 0 && c == '}':
			return query[:i+1]
		}
	}
	return query
}
