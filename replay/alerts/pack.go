package alerts

import (
	"fluxtrail/derive/rules"
)

// packName is what reports call the rules that come with the program.
const packName = "fluxtrail rules print --source ours"

// Pack is the pack of rules that comes with the program, for its own metrics, and its inhibit
// rules.
func Pack() (*Set, []Inhibit, error) {
	pack, err := rules.New(rules.Options{Source: rules.Ours})
	if err != nil {
		return nil, nil, err
	}
	text, err := pack.Render(rules.Prometheus, rules.Target{})
	if err != nil {
		return nil, nil, err
	}
	set, err := readSet(packName, text)
	if err != nil {
		return nil, nil, err
	}
	if text, err = pack.Render(rules.Alertmanager, rules.Target{}); err != nil {
		return nil, nil, err
	}
	inhibit, err := readInhibit(packName, text)
	return set, inhibit, err
}
