package agent

import (
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"log/slog"
	"time"

	"fluxtrail/derive"
	"fluxtrail/derive/rules"
	"fluxtrail/kube"
	"fluxtrail/sinks"
)

// controllerID is a controller of Flux, in whatever pod it runs. Shard is "" for the main one.
type controllerID struct {
	Namespace string `json:"namespace"`
	Name      string `json:"name"`
	Shard     string `json:"shard,omitempty"`
}

// share is what the agent of a node tells those of the others: what the one that leads tells of,
// and what another goes on with when a controller moves to its node. It is written to a ConfigMap
// as JSON, and all its texts are redacted.
type share struct {
	Node        string             `json:"node"`
	At          time.Time          `json:"at"` // by the engine's clock
	Controllers []sharedController `json:"controllers,omitempty"`

	Alerts    []sharedAlert        `json:"alerts,omitempty"`
	Objects   int                  `json:"objects,omitempty"`
	Incidents []sharedIncident     `json:"incidents,omitempty"` // that are open
	Taken     map[string]time.Time `json:"taken,omitempty"`     // incidents that went on here, since when
	Posted    map[string]time.Time `json:"posted,omitempty"`    // steps of incidents that were posted, when
	LeftOut   int                  `json:"left_out,omitempty"`  // incidents and alerts for which there was no room
}

// sharedController is one whose objects are known here.
type sharedController struct {
	controllerID
	Reads bool  `json:"reads"` // its log is read here
	Spoke int64 `json:"spoke"` // when it told of an object last
}

type sharedAlert struct {
	rules.Live
	Of controllerID `json:"of"`
}

// sharedIncident is an open incident, with the files that its lines stand in.
type sharedIncident struct {
	ID       string           `json:"id"`
	Of       controllerID     `json:"of"`
	Incident json.RawMessage  `json:"incident"`
	Files    map[int32]string `json:"files,omitempty"`
}

// peer is the share of an agent, with when it was seen to change last.
type peer struct {
	*share
	seen time.Time
}

// stale reports whether the agent of the share is gone: it renews its share once in a lease.
func (p peer) stale(now time.Time, lease time.Duration) bool { return now.Sub(p.seen) > 4*lease }

// of is what the share says of a controller, nil for nothing.
func (s *share) of(c controllerID) *sharedController {
	for i := range s.Controllers {
		if s.Controllers[i].controllerID == c {
			return &s.Controllers[i]
		}
	}
	return nil
}

// empty reports whether there is nothing worth telling others.
func (s *share) empty() bool {
	return len(s.Controllers)+len(s.Alerts)+len(s.Incidents)+len(s.Taken)+len(s.Posted) == 0
}

// peers are the shares of all agents, this one's as it was written last among them.
type peers struct {
	all   map[string]peer // by node
	lease time.Duration
}

// overlap is how much later another node's log has to tell of objects where both logs are there:
// one of them is that of a process that ends, or of a replica that waits.
const overlap = time.Minute

// lost reports whether a controller that a share tells of is at another node, whose log of it told
// of an object at a time. Of the replicas of a controller one tells of objects.
func (p peer) lost(c controllerID, spoke int64, now time.Time, lease time.Duration) bool {
	had := p.of(c)
	switch {
	case had == nil || spoke <= had.Spoke:
		return false
	case had.Reads && !p.stale(now, lease):
		return spoke-had.Spoke > int64(overlap)
	}
	return true
}

// moved reports whether the objects of a controller that a share tells of are another node's by
// now: the controller's log is read there, and told of an object later.
func (ps *peers) moved(from peer, c controllerID, now time.Time) bool {
	for _, p := range ps.all {
		has := p.of(c)
		if p.Node != from.Node && has != nil && has.Reads && !p.stale(now, ps.lease) && from.lost(c, has.Spoke, now, ps.lease) {
			return true
		}
	}
	return false
}

// taken reports whether an incident of a share goes on at another node.
func (ps *peers) taken(from peer, id string) bool {
	for _, p := range ps.all {
		if p.Node != from.Node && p.Taken[id].After(from.Taken[id]) {
			return true
		}
	}
	return false
}

// notes are read and written by a sharer. kube.Notes are.
type notes interface {
	Read() (map[string]kube.Note, uint64)
	Write(ctx context.Context, compressed []byte) error
}

// sharer writes what the trail lane published last, and reads what other agents wrote. It is one
// goroutine, for which no lane waits.
type sharer struct {
	notes  notes
	status *status
	node   string
	lease  time.Duration
	now    func() time.Time
	log    *slog.Logger

	read    uint64
	last    *share                // of the last write, and what was posted then
	posted  *map[string]time.Time // likewise
	wrote   uint64                // hash of what was written last, without what changes with each line; 0 for nothing
	at      time.Time
	retryAt time.Time
	trouble bool
}

// shareEvery is how often it is looked whether there is something to share. What was posted is
// shared soon: an agent that leads next posts what it does not find.
const shareEvery = 200 * time.Millisecond

// run shares until ctx is done, and once more then: what the last lines changed.
func (s *sharer) run(ctx context.Context) error {
	for sinks.Sleep(ctx, shareEvery) == nil {
		s.round(ctx, s.now())
	}
	last, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	s.write(last, s.now())
	return nil
}

func (s *sharer) round(ctx context.Context, now time.Time) {
	s.take()
	if !now.Before(s.retryAt) {
		s.write(ctx, now)
	}
}

// needs reports whether the notes of others matter here: objects are known that could be another
// node's, or this agent tells of all nodes. Most nodes have no controller.
func (s *sharer) needs() bool {
	if mine := s.status.share.Load(); mine != nil && !mine.empty() {
		return true
	}
	if s.status.standing == nil {
		return false
	}
	standing, _ := s.status.standing()
	return standing == kube.Leads
}

// take decodes the notes when one has changed. One that is of another version of this program, and
// cannot be read, is as good as none.
func (s *sharer) take() {
	all, rev := s.notes.Read()
	if rev == s.read || !s.needs() {
		return
	}
	s.read = rev
	before, next := s.status.peers.Load(), &peers{all: map[string]peer{}, lease: s.lease}
	for node, note := range all {
		if before != nil && before.all[node].share != nil && before.all[node].seen.Equal(note.Seen) {
			next.all[node] = before.all[node]
			continue
		}
		p := peer{&share{}, note.Seen}
		if err := json.Unmarshal(note.Body(), p.share); err != nil || p.Node != node {
			s.log.Warn("cannot read what the agent of another node knows", "of", node, "err", err)
			continue
		}
		next.all[node] = p
	}
	s.status.peers.Store(next)
}

// write writes the share when it changed, and now and then when it did not.
func (s *sharer) write(ctx context.Context, now time.Time) {
	mine, posted := s.status.share.Load(), s.status.posted.Load()
	if mine == nil || s.read == 0 || mine == s.last && posted == s.posted && now.Sub(s.at) < s.lease {
		return
	}
	next := *mine
	if posted != nil {
		next.Posted = *posted
	}
	hash := next.hash()
	if hash == s.wrote && now.Sub(s.at) < s.lease || s.wrote == 0 && next.empty() {
		s.last, s.posted = mine, posted
		return
	}
	err := s.notes.Write(ctx, next.fit())
	switch {
	case err != nil && !s.trouble:
		s.log.Warn("cannot tell the agents of other nodes what is known here", "err", err)
	case err == nil && s.trouble:
		s.log.Info("the agents of other nodes are told again what is known here")
	}
	if s.trouble = err != nil; s.trouble {
		s.retryAt = now.Add(notifyAgain)
		return
	}
	s.wrote, s.at, s.last, s.posted = hash, now, mine, posted
}

// hash is that of what others have to know at once.
func (s *share) hash() uint64 {
	still := *s
	still.At, still.Controllers = time.Time{}, nil
	for _, c := range s.Controllers {
		c.Spoke = min(c.Spoke, 1)
		still.Controllers = append(still.Controllers, c)
	}
	h := fnv.New64a()
	_ = json.NewEncoder(h).Encode(still) // has no values that JSON does not know
	return max(h.Sum64(), 1)
}

// fit is the share as a note that is not too large: of incidents and alerts the oldest stay.
func (s *share) fit() []byte {
	next := *s
	for {
		body, _ := json.Marshal(next) // has no values that JSON does not know
		packed := kube.Compress(body)
		if len(packed) <= kube.MaxNote || len(next.Incidents)+len(next.Alerts) == 0 {
			return packed
		}
		next.Incidents, next.Alerts = next.Incidents[:len(next.Incidents)/2], next.Alerts[:len(next.Alerts)/2]
		next.LeftOut = len(s.Incidents) - len(next.Incidents) + len(s.Alerts) - len(next.Alerts)
	}
}

// newSharer makes what shares with other agents, nil where that is not wanted.
func (a *assembly) newSharer() *sharer {
	if a.notes == nil {
		return nil
	}
	return &sharer{
		notes: a.notes, status: a.status, node: a.Kube.Node, lease: a.leaseTime(), now: a.now, log: a.Log,
	}
}

// unpack makes an incident of a shared one. number gives a number to a file.
func (s *sharedIncident) unpack(number func(path string) int32) (*derive.Incident, error) {
	i := &derive.Incident{}
	if err := json.Unmarshal(s.Incident, i); err != nil {
		return nil, fmt.Errorf("incident %s: %w", s.ID, err)
	}
	for _, list := range [][]derive.Evidence{i.First, i.Latest} {
		for n := range list {
			list[n].File = number(s.Files[list[n].File])
		}
	}
	return i, nil
}
