package kube

import (
	"context"
	"fmt"
	"strings"
	"unsafe"

	"fluxtrail/conditions"
	"fluxtrail/derive"
	"fluxtrail/kube"
)

// ReadOptions say what is asked for once.
type ReadOptions struct {
	// Namespaces are looked at where the user may not list the objects of all of them.
	Namespaces []string
	Redact     func(string) string // takes the secrets out of a text
}

// Once is a source that lists all objects and events once, whatever the span is: what they say is
// what holds at the time by the API server's clock.
func Once(c *kube.Client, opt ReadOptions) conditions.Source {
	return func(ctx context.Context, _, _ int64) (*conditions.Evidence, error) {
		r := &once{client: c, opt: opt, reader: conditions.NewReader(opt.Redact), told: &conditions.Evidence{}}
		r.all(ctx)
		r.told.Sort()
		return r.told, ctx.Err()
	}
}

// once is one look at everything.
type once struct {
	client *kube.Client
	opt    ReadOptions
	reader *conditions.Reader
	told   *conditions.Evidence
	held   int // bytes of observations, about
	lost   int // questions in a row that got no answer
	at     int64
}

// patience is how many questions in a row may stay without an answer until no more are asked.
const patience = 2

// The words that the rows of the input have for the form of what was read.
const (
	formObjects = "objects of the API server"
	formEvents  = "events of the API server"
)

// all asks for everything. All objects count as seen at the time when that began: what the log says
// later counts as newer.
func (r *once) all(ctx context.Context) {
	kinds, err := r.client.Kinds(ctx)
	r.at = r.client.Now().UnixNano()
	if err != nil {
		r.row("kinds of Flux's objects", formObjects, 0, err)
	}
	if kinds == nil {
		return
	}
	for _, kind := range kinds {
		r.kind(ctx, kind)
	}
	r.events(ctx)
}

// kind lists one kind. Where not all namespaces may be looked at, it is no complete listing.
func (r *once) kind(ctx context.Context, kind kube.Kind) {
	n := 0
	err := r.each(ctx, func(namespace string) error {
		list := func(o map[string]any) error {
			n++
			return r.take(r.reader.Object(o, sourceName, r.at))
		}
		err := r.client.Each(ctx, kind, namespace, list)
		if err == nil {
			r.told.Listings = append(r.told.Listings,
				derive.Listing{Source: sourceName, Kind: kind.Name, Namespace: namespace, At: r.at})
		}
		return err
	})
	if n > 0 || err != nil {
		r.row(kind.Name, formObjects, n, err)
	}
}

// maxHeld bounds what the observations of one look take, in bytes, about: those of 20,000 objects
// take a third of it.
const maxHeld = 96 << 20

// take keeps an observation.
func (r *once) take(o derive.Observation) error {
	if r.held += weight(&o); r.held > maxHeld {
		return fmt.Errorf("what all objects say takes more than %d MiB: is this the API server of a cluster?", maxHeld>>20)
	}
	r.told.Observations = append(r.told.Observations, o)
	return nil
}

// weight is about how many bytes of memory an observation takes.
func weight(o *derive.Observation) int {
	n := int(unsafe.Sizeof(*o)) + len(o.Name) + len(o.UID) + len(o.Applied) + len(o.Attempted) + len(o.Artifact)
	for _, c := range o.Conditions {
		n += int(unsafe.Sizeof(c)) + len(c.Reason) + len(c.Message)
	}
	for _, refs := range [][]derive.Ref{o.DependsOn, o.Sources, o.Applies} {
		for _, ref := range refs {
			n += int(unsafe.Sizeof(ref)) + len(ref.Name)
		}
	}
	for _, h := range o.History {
		n += int(unsafe.Sizeof(h)) + len(h.Revision)
	}
	if o.Event != nil {
		n += int(unsafe.Sizeof(*o.Event)) + len(o.Event.Message)
	}
	return n
}

// events lists the events that controllers recorded. They have times of their own.
func (r *once) events(ctx context.Context) {
	n := 0
	err := r.each(ctx, func(namespace string) error {
		return r.client.EachEvent(ctx, namespace, func(o map[string]any) error {
			seen, ok := r.reader.Event(o, sourceName)
			if !ok {
				return nil
			}
			n++
			return r.take(seen)
		})
	})
	if n > 0 || err != nil {
		r.row("Event", formEvents, n, err)
	}
}

// each asks for all namespaces, and for some of them where that is refused. The error says what is
// missing.
func (r *once) each(ctx context.Context, ask func(namespace string) error) error {
	if r.lost >= patience {
		return fmt.Errorf("was not asked for, because the API server stopped answering")
	}
	err := ask("")
	r.lost++
	if err == nil || kube.Answered(err) {
		r.lost = 0
	}
	if !kube.Refused(err) {
		return err
	}
	var read []string
	for _, namespace := range r.opt.Namespaces {
		if ctx.Err() == nil && ask(namespace) == nil {
			read = append(read, namespace)
		}
	}
	if len(read) > 0 {
		return fmt.Errorf("only in %s: %w", strings.Join(read, ", "), err)
	}
	return err
}

// row tells what became of a question.
func (r *once) row(name, form string, objects int, err error) {
	at := r.at
	if form == formEvents {
		at = 0
	}
	r.told.Inputs = append(r.told.Inputs, conditions.Input{
		Name: sourceName + ": " + name, Form: form, At: at, Objects: objects, Err: err,
	})
}
