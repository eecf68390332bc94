package setup

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"fluxtrail/api"
	"fluxtrail/cmd/cli"
	"fluxtrail/config/bounded"
	"fluxtrail/parse"
	"fluxtrail/tail"
	"fluxtrail/tail/checkpoint"
	"fluxtrail/tail/promtail"
)

// shipState is the file with the positions of what was sent to Loki.
const shipState = "ship.json"

// migration is what the command migrate promtail-positions was told.
type migration struct {
	state      string
	dryRun     bool
	firstStart bool
	at         string
}

func newMigrate(std cli.Streams) *cobra.Command {
	m := migration{state: "/var/lib/fluxtrail"}
	positions := &cobra.Command{
		Use: "promtail-positions [flags] FILE [PATH...]", Short: "Go on where Promtail, the Grafana Agent or Alloy stopped", Args: cobra.MinimumNArgs(1),
		Long: `Takes over what Promtail, the Grafana Agent or Alloy noted in FILE about the logs of Flux's pods, so that the agent sends what
they did not send, and nothing twice. Stop them first, and do it before the agent's first start on the node. PATH is where the
logs are, /var/log/pods by default. A log that was rotated since FILE was written is recognised by the times in it; a position
that fits no file is told, and all that is there is sent. Incidents are found in everything that is there either way.

Exit codes: 0 done; 1 the agent has positions already, or a file cannot be used; 2 a flag cannot be used.`,
		Example: "  fluxtrail migrate promtail-positions --dry-run /run/promtail/positions.yaml\n" +
			"  fluxtrail migrate promtail-positions --state-dir /var/lib/fluxtrail /run/promtail/positions.yaml",
		RunE: func(_ *cobra.Command, args []string) error { return m.run(std, args[0], args[1:]) },
	}
	f := positions.Flags()
	f.StringVar(&m.state, "state-dir", m.state, "the agent's state `directory`")
	f.BoolVar(&m.dryRun, "dry-run", false, "say what would be done, and write nothing")
	f.BoolVar(&m.firstStart, "first-start", false, "do nothing, successfully, where FILE is missing or the agent has positions already: for an init container")
	f.StringVar(&m.at, "at", "", "the `time` when FILE was written, as 2026-11-20T10:22:00Z; its own by default, which copying changes")
	c := &cobra.Command{
		Use: "migrate", Short: "Take over from another log agent", Args: cobra.ArbitraryArgs, RunE: cli.NeedsCommand,
		Long: "Takes over what another log agent knows.", Example: positions.Example,
	}
	c.AddCommand(positions)
	return c
}

func (m *migration) run(std cli.Streams, file string, paths []string) error {
	if _, err := os.Stat(filepath.Join(m.state, shipState)); err == nil {
		text := fmt.Sprintf("%s has the agent's positions already: nothing was changed", m.state)
		if m.firstStart {
			fmt.Fprintln(std.Out, text)
			return nil
		}
		return fmt.Errorf("migrate: %s", text)
	}
	text, at, err := m.read(file)
	if m.firstStart && errors.Is(err, fs.ErrNotExist) {
		fmt.Fprintf(std.Out, "%s is not there: nothing is taken over\n", api.OneLine(file))
		return nil
	}
	if err != nil {
		return err
	}
	offsets, left, err := promtail.Positions(text)
	if err != nil {
		return fmt.Errorf("migrate: %s: %w", file, err)
	}
	for _, reason := range left {
		fmt.Fprintf(std.Err, "fluxtrail: migrate: %s: %s: left out\n", api.OneLine(file), api.OneLine(fmt.Sprint(reason)))
	}
	follow := followed(paths, offsets)
	marks, begun, err := tail.Begin(follow, offsets, at, time.Now())
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	told(std, begun)
	switch {
	case len(begun) == 0 && m.firstStart: // most nodes have no pod of Flux
		fmt.Fprintf(std.Out, "no position in %s is of a log of Flux: nothing is taken over\n", api.OneLine(file))
		return nil
	case len(begun) == 0:
		return fmt.Errorf("migrate: no position in %s is of a log of Flux in %s: nothing was written", file, strings.Join(follow.Include, ", "))
	case m.dryRun:
		return nil
	}
	return m.save(marks)
}

// maxPositions bounds a positions file, in bytes: 100,000 logs.
const maxPositions = 16 << 20

// read is the positions file, and when it was written.
func (m *migration) read(file string) (text []byte, at time.Time, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return nil, at, fmt.Errorf("migrate: %w", err)
	}
	at = info.ModTime()
	if m.at != "" {
		if at, err = time.Parse(time.RFC3339, m.at); err != nil {
			return nil, at, cli.Usage("migrate: --at %s: want a time such as 2026-11-20T10:22:00Z", m.at)
		}
	}
	if text, err = bounded.File(file, maxPositions); err != nil {
		err = fmt.Errorf("migrate: %w", err)
	}
	return text, at, err
}

// followed is what the agent will look at: the logs of pods in the namespaces of Flux, which are
// those of the positions in which a controller runs.
func followed(paths []string, offsets map[string]int64) tail.FollowConfig {
	cfg, namespaces := tail.DefaultFollowConfig(), map[string]bool{}
	if len(paths) > 0 {
		cfg.Include = paths
	}
	for name := range offsets {
		pod := strings.Split(path.Base(path.Dir(path.Dir(name))), "_")
		if len(pod) == 3 && parse.ControllerOfPod(pod[1]) != "" {
			namespaces[pod[0]] = true
		}
	}
	cfg.Select = func(src tail.Source) bool { return src.Pod == "" || namespaces[src.Namespace] }
	return cfg
}

// told prints where each log goes on.
func told(std cli.Streams, begun []tail.Begun) {
	for _, b := range begun {
		if b.File == "" {
			fmt.Fprintf(std.Out, "%s: byte %d is in none of its files, which were rotated away or written anew: all %d bytes will be sent\n", api.OneLine(b.Key), b.Offset, b.Left)
			continue
		}
		now := ""
		if filepath.Base(b.File) != filepath.Base(b.Key) {
			now = ", which is " + filepath.Base(b.File) + " now"
		}
		fmt.Fprintf(std.Out, "%s: goes on at byte %d%s: %d bytes will be sent\n", api.OneLine(b.Key), b.Offset, api.OneLine(now), b.Left)
	}
}

// save writes the state that ship begins with.
func (m *migration) save(marks tail.Marks) error {
	dir, err := checkpoint.Open(m.state)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	_, err = tail.SaveState(dir.File(shipState), marks, nil)
	if err = errors.Join(err, dir.Close()); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	return nil
}
