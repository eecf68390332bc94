package pods

import (
	"errors"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Config says which pods are looked for, and where. It is only read, and passed by value.
type Config struct {
	Enabled    string   // auto, always or never; auto is always when the process runs in a pod with a service account, or has a kubeconfig
	Node       string   // whose pods to look for; default: the variable NODE_NAME
	Namespaces []string // none means all
	Selectors  []string // label selectors; a pod that one of them fits is one of Flux
	Kubeconfig string   // file; none means the pod's service account
}

// The words of Config.Enabled.
const (
	Auto   = "auto"
	Always = "always"
	Never  = "never"
)

// Default finds the pods of Flux and of the Flux Operator on all namespaces. The label part-of is on pods only since Flux 2.7; before that the
// one label of all is app.
func Default() Config {
	return Config{Enabled: Auto, Selectors: []string{
		labelPartOf + "=flux",
		labelApp + " in (" + strings.Join(controllers, ", ") + ")",
		labelName + "=" + operator,
	}}
}

// Validate reports everything that makes no sense, each with its key first.
func (c Config) Validate() error {
	_, err := compile(c.Selectors)
	return errors.Join(c.enabled(), c.namespaces(), err)
}

func (c Config) enabled() error {
	switch {
	case c.Enabled != Auto && c.Enabled != Always && c.Enabled != Never:
		return fmt.Errorf("enabled: %q is not known: use auto, always or never", c.Enabled)
	case c.Enabled == Always && c.Node == "":
		return errors.New("node: is missing; set the environment variable NODE_NAME from spec.nodeName")
	}
	return nil
}

func (c Config) namespaces() error {
	var errs []error
	for i, s := range c.Namespaces {
		if s == "" {
			errs = append(errs, fmt.Errorf("namespaces[%d]: is empty; an empty list means all namespaces", i))
		} else if len(validation.IsDNS1123Label(s)) > 0 {
			errs = append(errs, fmt.Errorf("namespaces[%d]: %q is no name of a namespace", i, s))
		}
	}
	return errors.Join(errs...)
}

// compile parses selectors. One that fits every pod would make all logs of the node Flux's.
func compile(texts []string) ([]labels.Selector, error) {
	if len(texts) == 0 {
		return nil, errors.New("selectors: names no pods: leave it out for those of Flux")
	}
	var all []labels.Selector
	var errs []error
	for i, text := range texts {
		s, err := labels.Parse(text)
		switch {
		case err != nil:
			errs = append(errs, fmt.Errorf("selectors[%d]: %q is no label selector: %w", i, text, err))
		case s.Empty():
			errs = append(errs, fmt.Errorf("selectors[%d]: is empty and would fit every pod", i))
		default:
			all = append(all, s)
		}
	}
	return all, errors.Join(errs...)
}
