package kube

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"os"
	"strings"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/validation"
)

// LeaderConfig says how the agents of a cluster agree on one that tells others of alerts. It is
// only read, and passed by value. The zero value of a field means its default.
type LeaderConfig struct {
	Enabled   string        // auto, always or never. Auto means where the API server is asked
	Namespace string        // of the Lease and of what agents tell each other; default: that of the pod
	Lease     time.Duration // how long an agent leads that is not heard of any more; default 30s
}

// DefaultLease lets an agent that died be followed by another long before Alertmanager takes its
// alerts for over.
const DefaultLease = 30 * time.Second

// Validate reports everything that makes no sense, each with its key first.
func (c LeaderConfig) Validate() error {
	var errs []error
	if c.Enabled != auto && c.Enabled != always && c.Enabled != never {
		errs = append(errs, fmt.Errorf("enabled: %q is not known: use auto, always or never", c.Enabled))
	}
	if c.Namespace != "" && len(validation.IsDNS1123Label(c.Namespace)) > 0 {
		errs = append(errs, fmt.Errorf("namespace: %q is no name of a namespace", c.Namespace))
	}
	if c.Lease != 0 && (c.Lease < 3*time.Second || c.Lease > 10*time.Minute) {
		errs = append(errs, fmt.Errorf("lease: %s is too short or too long: use 3s to 10m", c.Lease))
	}
	return errors.Join(errs...)
}

// Wanted reports whether there is to be a leader. Asked says whether there is an API server to ask.
func (c LeaderConfig) Wanted(asked bool) (bool, error) {
	if c.Enabled == always && !asked {
		return false, errors.New("leader.enabled: is always, and there is no API server to ask: see kube.enabled and kube.node")
	}
	return asked && c.Enabled != never, nil
}

// ownNamespace is where a pod finds the namespace that it runs in.
const ownNamespace = "/var/run/secrets/kubernetes.io/serviceaccount/namespace"

// namespace is where the Lease is.
func (c LeaderConfig) namespace() string {
	text, _ := os.ReadFile(ownNamespace) // is not there outside of a pod
	return cmp.Or(c.Namespace, strings.TrimSpace(string(text)), "fluxtrail")
}

// Standing is what an agent is among the agents of its cluster.
type Standing string

// The standings. Alone is an agent that cannot know what the others do: it tells of its own node,
// as without an API server. Unsettled is one that has not asked for long enough to know.
const (
	Unsettled Standing = "unsettled"
	Leads     Standing = "leads"
	Follows   Standing = "follows"
	Alone     Standing = "alone"
)

// Lease is a candidate for the Lease of the cluster's agents. It keeps to the protocol of
// client-go's leader election, whose package brings the clients of all kinds with it. One goroutine
// Runs it; any number may ask for the Standing meanwhile.
type Lease struct {
	client    *Client
	namespace string
	node      string
	duration  time.Duration
	now       func() time.Time
	log       *slog.Logger

	begun   time.Time
	seen    leaseSpec // as it was found last
	changed time.Time // when it was seen to change last
	trouble bool
	view    atomic.Pointer[leaseView]
}

// leaseSpec is what matters of a Lease.
type leaseSpec struct {
	holder, renewed string
	duration        time.Duration
}

// leaseView is what was known when the API server answered last, or refused to.
type leaseView struct {
	standing Standing
	holder   string
	until    time.Time // after that it says nothing any more
}

// leaseName is that of the Lease.
const leaseName = "fluxtrail"

var leases = schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "leases"}

// NewLease makes a candidate in the name of a node.
func NewLease(c *Client, cfg LeaderConfig, node string, now func() time.Time, log *slog.Logger) *Lease {
	return &Lease{
		client: c, namespace: cfg.namespace(), node: node, duration: cmp.Or(cfg.Lease, DefaultLease), now: now,
		log: log.With("lease", cfg.namespace()+"/"+leaseName), begun: now(),
	}
}

// Standing is what this agent is now, and the node of the one that leads, "" for none known.
func (l *Lease) Standing() (Standing, string) {
	now, v := l.now(), l.view.Load()
	switch {
	case v != nil && now.Before(v.until):
		return v.standing, v.holder
	case v == nil && now.Sub(l.begun) < l.duration:
		return Unsettled, ""
	}
	return Alone, ""
}

// Run is a candidate until ctx is done, and gives the Lease back then; it always returns nil. With
// a nil Lease it returns at once.
func (l *Lease) Run(ctx context.Context) error {
	for l != nil && ctx.Err() == nil {
		l.round(ctx)
		timer := time.NewTimer(time.Duration((1 + rand.Float64()/5) * float64(l.duration/3)))
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
	}
	if l != nil {
		l.release()
	}
	return nil
}

// round asks for the Lease, and takes or renews it where that is its turn. Within the duration from
// the beginning of a round that worked nobody else takes it.
func (l *Lease) round(ctx context.Context) {
	begun := l.now()
	ctx, cancel := context.WithTimeout(ctx, l.duration/3)
	defer cancel()
	in := l.client.dynamic.Resource(leases).Namespace(l.namespace)
	o, err := in.Get(ctx, leaseName, metav1.GetOptions{})
	missing := apierrors.IsNotFound(err)
	if err != nil && !missing {
		l.failed(err, begun)
		return
	}
	if !missing && !l.mayTake(specOf(o), begun) {
		l.answered(Follows, l.seen.holder, begun.Add(2*l.duration))
		return
	}
	if o, err = l.take(ctx, o); err != nil {
		if !apierrors.IsConflict(err) && !apierrors.IsAlreadyExists(err) { // else another was quicker
			l.failed(err, begun)
		}
		return
	}
	l.seen, l.changed = specOf(o), begun
	l.answered(Leads, l.node, begun.Add(l.duration))
}

// mayTake reports whether the Lease is ours, or nobody's. Whether its holder is alive shows by its
// renewing it, whatever its clock says.
func (l *Lease) mayTake(found leaseSpec, now time.Time) bool {
	if found != l.seen {
		l.seen, l.changed = found, now
	}
	return found.holder == l.node || found.holder == "" || now.Sub(l.changed) > found.duration
}

func (l *Lease) take(ctx context.Context, o *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	in := l.client.dynamic.Resource(leases).Namespace(l.namespace)
	stamp := l.now().UTC().Format("2006-01-02T15:04:05.000000Z")
	if o == nil || o.Object == nil {
		o = &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": map[string]any{"name": leaseName},
		}}
	}
	spec, _, _ := unstructured.NestedMap(o.Object, "spec")
	if spec == nil {
		spec = map[string]any{}
	}
	if spec["holderIdentity"] != l.node {
		n, _ := spec["leaseTransitions"].(int64)
		spec["holderIdentity"], spec["acquireTime"], spec["leaseTransitions"] = l.node, stamp, n+1
	}
	spec["renewTime"], spec["leaseDurationSeconds"] = stamp, int64((l.duration+time.Second-1)/time.Second)
	o.Object["spec"] = spec
	if o.GetResourceVersion() == "" {
		return in.Create(ctx, o, metav1.CreateOptions{})
	}
	return in.Update(ctx, o, metav1.UpdateOptions{})
}

// release lets another agent lead at once.
func (l *Lease) release() {
	if standing, _ := l.Standing(); standing != Leads {
		return
	}
	l.view.Store(&leaseView{Alone, "", l.now()})
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	in := l.client.dynamic.Resource(leases).Namespace(l.namespace)
	o, err := in.Get(ctx, leaseName, metav1.GetOptions{})
	if err != nil || specOf(o).holder != l.node {
		return
	}
	if unstructured.SetNestedField(o.Object, "", "spec", "holderIdentity") == nil {
		_, _ = in.Update(ctx, o, metav1.UpdateOptions{}) // else the others wait until it is over
	}
}

func specOf(o *unstructured.Unstructured) (s leaseSpec) {
	s.holder, _, _ = unstructured.NestedString(o.Object, "spec", "holderIdentity")
	s.renewed, _, _ = unstructured.NestedString(o.Object, "spec", "renewTime")
	seconds, _, _ := unstructured.NestedInt64(o.Object, "spec", "leaseDurationSeconds")
	s.duration = time.Duration(cmp.Or(seconds, int64(DefaultLease/time.Second))) * time.Second
	return s
}

// answered notes what the API server said.
func (l *Lease) answered(s Standing, holder string, until time.Time) {
	before := l.view.Load()
	l.view.Store(&leaseView{s, holder, until})
	if before == nil || before.standing != s || before.holder != holder {
		l.log.Info("an agent tells others of the alerts of all nodes", "node", holder, "this_one", s == Leads)
	}
	l.trouble = false
}

// failed notes that the API server did not say. Where it refuses, that is an answer.
func (l *Lease) failed(err error, now time.Time) {
	if Refused(err) {
		l.view.Store(&leaseView{Alone, "", now.Add(2 * l.duration)})
	}
	if !l.trouble {
		l.trouble = true
		l.log.Warn("cannot agree with the agents of other nodes on one that tells of alerts; if that goes on, each tells of its own node: "+
			"grant the Role fluxtrail-leader, or set leader.enabled to never", "err", clean(err))
	}
}
