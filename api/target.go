package api

// Targets is the agent's answer about the logs that its lanes read.
type Targets struct {
	Schema string              `json:"schema"`
	Next   string              `json:"next,omitempty"` // the cursor of what follows, if something does
	Lanes  map[string][]Target `json:"lanes"`          // by the lane's name
}

// Target is a log and how far a lane is in it.
type Target struct {
	Namespace string `json:"namespace"`
	Pod       string `json:"pod"`
	Container string `json:"container"`
	PodMeta
	Path         string `json:"path"`
	Format       string `json:"format"`
	Lines        int64  `json:"lines"` // since the process started
	Bytes        int64  `json:"bytes"`
	Offset       int64  `json:"offset"` // where the line begins that was read last
	LagBytes     int64  `json:"lag_bytes"`
	WaitingSince string `json:"waiting_since,omitempty"` // when the oldest byte that waits was written
	Error        string `json:"error,omitempty"`
}

// PodMeta is what the API server tells of a pod beyond what the path of its log tells. Each field
// may be empty.
type PodMeta struct {
	App     string `json:"app,omitempty"` // with the shard
	Shard   string `json:"shard,omitempty"`
	Image   string `json:"image,omitempty"`
	Version string `json:"version,omitempty"`      // of the controller
	Flux    string `json:"flux_version,omitempty"` // of the distribution
}
