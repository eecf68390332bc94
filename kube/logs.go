package kube

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/labels"
)

// Log is the log of one container of a pod of Flux, as far as the kubelet keeps it: what the
// container wrote that is there now, and the one before it. It is not written again.
type Log struct {
	Pod
	Container string
	Restart   int  // of the container that is there now
	Previous  bool // the one before left a log, too

	Started, PreviousStarted time.Time // zero where nobody says
}

// Logs lists the logs of all pods of Flux, by namespace, pod and container. Refused, if not nil,
// says why pods of all namespaces could not be listed; those of the namespaces given were listed
// then. Of a pod with a container manager that one counts: others are proxies.
func (c *Client) Logs(ctx context.Context, namespaces []string) (logs []Log, refused, err error) {
	texts := DefaultConfig().Selectors
	selectors, err := compile(texts)
	if err != nil {
		return nil, nil, err
	}
	found := map[key]livePod{}
	for _, selector := range texts {
		if err := c.listPods(ctx, "", selector, selectors, found); Refused(err) {
			refused = err
			break
		} else if err != nil {
			return nil, nil, err
		}
	}
	if refused == nil { // no selector can ask for the prefix that the pods of shards have in common
		namespaces = nil
		for k := range found {
			namespaces = append(namespaces, k.namespace)
		}
	}
	slices.Sort(namespaces)
	for _, namespace := range slices.Compact(namespaces) {
		if bad := c.listPods(ctx, namespace, "", selectors, found); bad != nil && !Refused(bad) {
			return nil, nil, bad
		}
	}
	for _, p := range found {
		logs = append(logs, p.logs()...)
	}
	slices.SortFunc(logs, func(a, b Log) int {
		return cmp.Or(a.key().compare(b.key()), cmp.Compare(a.Container, b.Container), cmp.Compare(a.UID, b.UID))
	})
	return logs, refused, nil
}

// livePod is what a pod says of its containers.
type livePod struct {
	Metadata struct {
		Namespace, Name, UID string
		Labels               map[string]string
	}
	Spec struct {
		NodeName   string
		Containers []Container
	}
	Status struct{ ContainerStatuses []containerStatus }
}

type containerStatus struct {
	Name             string
	RestartCount     int
	State, LastState containerState
}

type podPage struct {
	Metadata struct{ Continue string }
	Items    []livePod
}

// listPods adds the pods that a selector of the server and one of ours fit.
func (c *Client) listPods(
	ctx context.Context, namespace, selector string, ours []labels.Selector, found map[key]livePod,
) error {
	path := []string{"api", "v1", "pods"}
	if namespace != "" {
		path = []string{"api", "v1", "namespaces", namespace, "pods"}
	}
	query := map[string]string{"labelSelector": selector}
	for pages := pagesOf(onePage); ; {
		page, err := asked(pages, func(limit int64) (page podPage, err error) {
			query["limit"] = fmt.Sprint(limit)
			return page, c.ask(ctx, &page, query, path...)
		})
		if err != nil {
			return clean(fmt.Errorf("pods: %w", err))
		}
		if err := pages.page(len(page.Items)); err != nil {
			return fmt.Errorf("pods: %w", err)
		}
		for _, p := range page.Items {
			if fits(ours, p.Metadata.Labels) {
				found[key{p.Metadata.Namespace, p.Metadata.Name}] = p
			}
		}
		if query["continue"] = page.Metadata.Continue; page.Metadata.Continue == "" {
			return nil
		}
	}
}

func (p *livePod) logs() (all []Log) {
	pod := Pod{
		Namespace: p.Metadata.Namespace, Name: p.Metadata.Name, UID: p.Metadata.UID, Node: p.Spec.NodeName,
		App: appOf(p.Metadata.Labels),
	}
	pod.run(p.Spec.Containers)
	manager := slices.ContainsFunc(p.Spec.Containers, func(c Container) bool { return c.Name == "manager" })
	for _, c := range p.Spec.Containers {
		if manager && c.Name != "manager" {
			continue
		}
		l := Log{Pod: pod, Container: c.Name}
		for _, s := range p.Status.ContainerStatuses {
			if s.Name == c.Name {
				// Until the next start the kubelet gives the one before as the one that is there.
				l.Restart, l.Previous = s.RestartCount, s.LastState.Terminated != nil && s.State.Waiting == nil
				l.Started, l.PreviousStarted = s.State.started(), s.LastState.started()
			}
		}
		all = append(all, l)
	}
	return all
}

// query is what the API server is asked for.
func (l *Log) query(previous bool, since time.Time) map[string]string {
	q := map[string]string{"container": l.Container, "timestamps": "true"}
	if previous {
		q["previous"] = "true"
	}
	if !since.IsZero() {
		q["sinceTime"] = since.UTC().Format(time.RFC3339)
	}
	return q
}
