// Package rules has the rendered rules and their unit tests, for the program to carry along.
// derive/rules renders them.
package rules

import "embed"

// Files are the rule files for Prometheus, and below tests their unit tests.
//
//go:embed prometheus-*.yaml tests/*.yaml
var Files embed.FS
