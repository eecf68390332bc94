package kube

import (
	"context"
	"encoding/json"
	"hash/maphash"
	"slices"

	"fluxtrail/conditions"
	"fluxtrail/derive"
	"fluxtrail/kube"
)

// Again is a source that asks as Once does each time that it is called, and tells with what there
// is now what there was before: of each object every change that was seen, and of what did not
// change the first time and the latest. It is not for concurrent use.
func Again(c *kube.Client, opt ReadOptions) conditions.Source {
	h := &history{hash: maphash.MakeSeed(), of: map[derive.Ref][]entry{}, events: map[uint64]derive.Observation{}}
	ask := Once(c, opt)
	return func(ctx context.Context, from, to int64) (*conditions.Evidence, error) {
		now, err := ask(ctx, from, to)
		if err != nil {
			return nil, err
		}
		return h.with(now), nil
	}
}

// history is what earlier questions told.
type history struct {
	hash   maphash.Seed
	of     map[derive.Ref][]entry
	events map[uint64]derive.Observation
}

// entry is an observation with the hash of what it says.
type entry struct {
	derive.Observation
	says uint64
}

// maxEntries bounds the observations that are kept of an object: the oldest go.
const maxEntries = 200

// with adds what was told now, and returns everything.
func (h *history) with(now *conditions.Evidence) *conditions.Evidence {
	there := map[derive.Ref]bool{}
	for _, o := range now.Observations {
		if o.Event != nil {
			h.events[h.says(o)] = o
			continue
		}
		there[o.Ref] = true
		h.note(o)
	}
	for _, l := range now.Listings {
		h.vanished(l, there)
	}
	all := &conditions.Evidence{Listings: now.Listings, Inputs: now.Inputs}
	for _, entries := range h.of {
		for i := range entries {
			all.Observations = append(all.Observations, entries[i].Observation)
		}
	}
	for _, o := range h.events {
		all.Observations = append(all.Observations, o)
	}
	all.Sort()
	return all
}

// note keeps an observation. Of equal ones in a row the first and the last are kept.
func (h *history) note(o derive.Observation) {
	at := o.At
	o.At = 0
	says := h.says(o)
	o.At = at
	entries := h.of[o.Ref]
	if n := len(entries); n >= 2 && entries[n-1].says == says && entries[n-2].says == says {
		entries[n-1].At = at
		return
	}
	if len(entries) == maxEntries {
		entries = slices.Delete(entries, 0, 1)
	}
	h.of[o.Ref] = append(entries, entry{o, says})
}

// vanished notes what a complete listing no longer has.
func (h *history) vanished(l derive.Listing, there map[derive.Ref]bool) {
	for ref, entries := range h.of {
		last := entries[len(entries)-1]
		if ref.Kind == l.Kind && (l.Namespace == "" || l.Namespace == ref.Namespace) && !there[ref] && !last.Deleted {
			h.note(derive.Observation{Ref: ref, Source: l.Source, Family: last.Family, At: l.At, Deleted: true})
		}
	}
}

func (h *history) says(o derive.Observation) uint64 {
	text, _ := json.Marshal(o) // has no values that JSON does not know
	return maphash.Bytes(h.hash, text)
}
