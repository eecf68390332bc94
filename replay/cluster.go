package replay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"fluxtrail/conditions"
	conditionskube "fluxtrail/conditions/kube"
	"fluxtrail/kube"
	"fluxtrail/tail"
)

// Cluster is a cluster whose logs and objects are read through its API server.
type Cluster struct {
	Client *kube.Client

	spool   *kube.Spool // logs that were got
	follows bool        // it is read again and again: logs and evidence are kept from Run to Run
	ended   bool        // nothing more is asked
	known   map[string]tail.Source
	ask     conditions.Source
	told    *conditions.Evidence // the latest
}

// margin is how much before the report's window is asked for: most objects are reconciled within
// it, so that their state at the beginning of the window is known.
const margin = time.Hour

// fluxNamespace is where Flux runs unless somebody chose otherwise.
const fluxNamespace = "flux-system"

// namespaces are looked at where the user may not look at all: those that the filter names, that of
// the kubeconfig, and Flux' own.
func (c *Cluster) namespaces(f *Filter) []string {
	all := []string{fluxNamespace}
	for _, pattern := range f.Namespaces {
		if !strings.ContainsAny(pattern, "!*?[") {
			all = append(all, pattern)
		}
	}
	if c.Client.Namespace != "" {
		all = append(all, c.Client.Namespace)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// begin has the cluster read together with what opt names. end deletes what was got.
func (c *Cluster) begin(opt *Options, redact func(string) string) (end func()) {
	if c == nil {
		return func() {}
	}
	if before := opt.Filter.Since.Before; before > 0 { // of now, which is the end of every log
		opt.Filter.Since = Instant{At: c.Client.Now().Add(-before).UnixNano()}
	}
	since := time.Time{}
	if at := opt.Filter.Since.At; at > 0 {
		since = time.Unix(0, at).Add(-margin)
	}
	namespaces := c.namespaces(&opt.Filter)
	if c.spool == nil {
		c.spool, c.known = c.Client.NewSpool(since), map[string]tail.Source{}
		c.ask = c.source(conditionskube.ReadOptions{Namespaces: namespaces, Redact: redact})
	}
	opt.Logs = append(slices.Clone(opt.Logs), func(ctx context.Context) ([]tail.Source, []tail.PathError, error) {
		return c.logs(ctx, namespaces)
	})
	opt.Evidence = append(slices.Clone(opt.Evidence), c.evidence)
	if c.follows {
		return func() {}
	}
	return c.close
}

// close deletes what was got.
func (c *Cluster) close() {
	if c.spool != nil {
		_ = c.spool.Close() // it lies in the directory for temporary files
		c.spool = nil
	}
}

func (c *Cluster) source(opt conditionskube.ReadOptions) conditions.Source {
	if c.follows {
		return conditionskube.Again(c.Client, opt)
	}
	return conditionskube.Once(c.Client, opt)
}

// evidence is what the objects and events say now, or said last.
func (c *Cluster) evidence(ctx context.Context, from, to int64) (*conditions.Evidence, error) {
	if c.ended && c.told != nil {
		return c.told, nil
	}
	told, err := c.ask(ctx, from, to)
	if err == nil {
		c.told = told
	}
	return told, err
}

// logs are those of all pods of Flux. Their names are in the order of the kubelet's layout, so that
// a report is that of the same files.
func (c *Cluster) logs(ctx context.Context, namespaces []string) ([]tail.Source, []tail.PathError, error) {
	if c.ended {
		return c.sources(), nil, nil
	}
	logs, refused, err := c.Client.Logs(ctx, namespaces)
	if err != nil {
		return nil, nil, fmt.Errorf("cannot ask the API server for the pods of Flux: %w", err)
	}
	var problems []tail.PathError
	if refused != nil {
		problems = append(problems, tail.PathError{
			Path: "pods of all namespaces", Err: refused, Hint: "looked only in " + strings.Join(namespaces, ", "),
		})
	} else if len(logs) == 0 {
		problems = append(problems, tail.PathError{Path: "pods of all namespaces", Err: errors.New("none of them is one of Flux")})
	}
	for _, l := range logs {
		c.learn(l)
	}
	return c.sources(), problems, nil
}

// sources are those that are known, by name.
func (c *Cluster) sources() []tail.Source {
	var all []tail.Source
	for _, name := range slices.Sorted(maps.Keys(c.known)) {
		all = append(all, c.known[name])
	}
	return all
}

// learn makes a log known, with what an earlier look knew of the same container.
func (c *Cluster) learn(l kube.Log) {
	path := strings.Join([]string{l.Namespace, l.Name, l.Container}, "/")
	s := tail.Source{Namespace: l.Namespace, Pod: l.Name, UID: l.UID, Container: l.Container, Name: path + "/" + l.UID}
	for _, f := range c.known[s.Name].Files {
		if f.Restart < l.Restart-1 || f.Restart < l.Restart && !l.Previous {
			s.Files = append(s.Files, f)
		}
	}
	if l.Previous {
		s.Files = append(s.Files, tail.File{Path: path + " --previous", Restart: l.Restart - 1, Open: c.spool.Opener(l, true)})
	}
	s.Files = append(s.Files, tail.File{Path: path, Restart: l.Restart, Open: c.spool.Opener(l, false)})
	c.known[s.Name] = s
}
