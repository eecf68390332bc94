// Package doctor finds what silently breaks the monitoring of Flux: pods of the agent that are
// refused, logs that it may not read, monitors that no Prometheus selects, metrics that do not
// exist any more and rules that go by them, targets that are scraped twice.
//
// In: connections to an API server, a Prometheus, an agent and a Loki, each of which may be
// missing, or files instead of the API server. Out: findings, with what to do about each. Its
// caller is the command doctor. It only reads. What may not be read is a finding of its own, so
// that nothing counts as well that nobody looked at.
package doctor

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	promapi "github.com/prometheus/client_golang/api"
	promv1 "github.com/prometheus/client_golang/api/prometheus/v1"

	"fluxtrail/api"
	"fluxtrail/parse/redact"
)

// Severities of a finding.
const (
	Error   = "error"   // keeps evidence or alerts from somebody
	Warning = "warning" // may do so
	Skipped = "skipped" // could not be looked at
	ok      = "ok"
)

// Options are the parts of the monitoring that can be reached; nil stands for one that cannot.
type Options struct {
	Cluster    Objects
	Files      *Files // instead of Cluster
	Prometheus *Server
	Agent      *Server
	Loki       *Server
	Now        func() time.Time

	// Patience is how long all questions to one of them may take; 0 for any time.
	Patience time.Duration
}

// Server is an address, and how it is reached.
type Server struct {
	URL    string
	Client *http.Client
}

// part is one of those that can be reached, with what is looked at there.
type part struct {
	flag  string // what makes it possible, "" for what is no gap
	or    string // and what else does
	given func(*Options) bool
	steps []step
}

// step is one thing that is looked at. It adds what is wrong; if nothing is, seen says what was
// seen.
type step struct {
	name string
	run  func(*examination, context.Context) (seen string, err error)
}

func parts() []part {
	return []part{
		{"", "", func(o *Options) bool { return o.Files != nil }, []step{{"files", (*examination).files}}},
		{"--cluster", ", or files", func(o *Options) bool { return o.Cluster != nil }, []step{
			{"settings", (*examination).settings},
			{"daemonset", (*examination).daemonSets},
			{"pods", (*examination).pods},
			{"monitors", (*examination).monitors},
			{"scrapes", (*examination).scrapes},
			{"network-policies", (*examination).networkPolicies},
			{"flux-version", (*examination).fluxVersion},
		}},
		{"--prometheus", "", func(o *Options) bool { return o.Prometheus != nil }, []step{
			{"targets", (*examination).targets},
			{"families", (*examination).families},
			{"rules", (*examination).rules},
			{"alertmanagers", (*examination).alertmanagers},
		}},
		{"--agent", "", func(o *Options) bool { return o.Agent != nil }, []step{
			{"agent", (*examination).agent},
			{"sinks", (*examination).sinks},
		}},
		{"--loki", "", func(o *Options) bool { return o.Loki != nil }, []step{{"loki", (*examination).loki}}},
	}
}

// examination is one look at everything.
type examination struct {
	Options
	check    string
	findings []api.Finding
	prom     promv1.API
	secrets  *redact.Redactor
	own      own // what the check of DaemonSets found, for those behind it
	held     int // bytes of objects that the check holds, about
}

// Examine runs all checks. A check that cannot be made does not keep the others from being made.
// The error is about an address that cannot be used.
func Examine(ctx context.Context, opt Options) (api.Diagnosis, error) {
	secrets, err := redact.New(nil)
	if err != nil {
		return api.Diagnosis{}, err
	}
	if opt.Files != nil {
		opt.Cluster = opt.Files
	}
	x := &examination{Options: opt, secrets: secrets}
	if opt.Prometheus != nil {
		client := *opt.Prometheus.Client
		client.Transport = sparing{cmp.Or(client.Transport, http.DefaultTransport)}
		c, err := promapi.NewClient(promapi.Config{Address: opt.Prometheus.URL, Client: &client})
		if err != nil {
			return api.Diagnosis{}, fmt.Errorf("prometheus: %w", err)
		}
		x.prom = promv1.NewAPI(c)
	}
	var unreached []string
	for _, p := range parts() {
		if !x.lookAt(ctx, p) && p.given(&opt) && opt.Files == nil {
			unreached = append(unreached, p.flag)
		}
	}
	return api.Diagnosis{Schema: api.Schema, At: api.Time{Time: opt.Now()}, Findings: x.findings, Unreached: unreached}, nil
}

// lookAt runs the checks of a part, as long as it answers within the patience. It reports whether
// any could be made.
func (x *examination) lookAt(ctx context.Context, p part) (made bool) {
	if x.Patience > 0 {
		slow := fmt.Errorf("all questions to it took more than %s: if it is only slow, raise --timeout", x.Patience)
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, x.Patience, slow)
		defer cancel()
	}
	for _, s := range p.steps {
		x.check, x.held = s.name, 0
		if !p.given(&x.Options) {
			if p.flag != "" {
				x.add(Skipped, "", "was not looked at", "give "+p.flag+p.or)
			}
			continue
		}
		before, seen, err := len(x.findings), "", context.Cause(ctx)
		if err == nil {
			if seen, err = s.run(x, ctx); err != nil {
				err = cmp.Or(context.Cause(ctx), err)
			}
		}
		made = made || err == nil
		switch {
		case err != nil:
			x.add(Skipped, "", fmt.Sprintf("could not be looked at: %v", err), "")
		case len(x.findings) == before:
			x.add(ok, "", seen, "")
		}
	}
	return made
}

// add adds a finding. Texts come from servers: secrets are taken out, and what a terminal would
// obey.
func (x *examination) add(severity, object, text, remedy string) {
	clean := func(s string) string {
		return strings.Map(func(r rune) rune {
			if api.Obeyed(r) {
				return ' '
			}
			return r
		}, x.secrets.String(s))
	}
	x.findings = append(x.findings, api.Finding{
		Check: x.check, Severity: severity, Object: clean(object), Text: clean(text), Remedy: remedy,
	})
}
