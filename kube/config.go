package kube

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/validation"

	"fluxtrail/parse"
)

// Config says how the API server is reached and which pods are looked for. It is only read, and
// passed by value.
type Config struct {
	// Enabled is auto, always or never. Auto means always where the process runs in a pod with a
	// service account or has a kubeconfig, and never elsewhere.
	Enabled    string
	Kubeconfig string   // file; "" means the pod's service account
	Context    string   // of the kubeconfig; "" means its current context
	Node       string   // whose pods to look for; default: the variable NODE_NAME
	Namespaces []string // none means all
	Selectors  []string // label selectors; a pod that one of them fits is one of Flux
}

// The words of Config.Enabled.
const (
	auto   = "auto"
	always = "always"
	never  = "never"
)

// DefaultConfig finds the pods of Flux and of the Flux Operator in all namespaces. The label
// part-of is on pods only since Flux 2.7; before that the one label of all is app.
func DefaultConfig() Config {
	controllers := slices.DeleteFunc(parse.Controllers(), func(name string) bool { return name == operator })
	return Config{Enabled: auto, Selectors: []string{
		labelPartOf + "=flux",
		labelApp + " in (" + strings.Join(controllers, ", ") + ")",
		labelName + "=" + operator,
	}}
}

// Validate reports everything that makes no sense, each with its key first.
func (c Config) Validate() error {
	_, err := compile(c.Selectors)
	return errors.Join(c.validEnabled(), c.validContext(), c.validNamespaces(), err)
}

func (c Config) validEnabled() error {
	switch {
	case c.Enabled != auto && c.Enabled != always && c.Enabled != never:
		return fmt.Errorf("enabled: %q is not known: use auto, always or never", c.Enabled)
	case c.Enabled == always && c.Node == "":
		return errors.New("node: is missing; set the environment variable NODE_NAME from spec.nodeName")
	}
	return nil
}

func (c Config) validContext() error {
	if c.Context != "" && c.Kubeconfig == "" {
		return errors.New("context: is one of a kubeconfig, and kubeconfig is not set")
	}
	return nil
}

func (c Config) validNamespaces() error {
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

// compile parses selectors. It refuses an empty one, because with that all pods of the node would
// count as Flux's.
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
