// Package deploy holds the manifests that the program itself can print. The directories below it
// hold all others.
package deploy

import _ "embed"

// ReplayRole is the ClusterRole of whoever runs `fluxtrail replay --cluster`, as YAML.
//
//go:embed base/clusterrole-replay.yaml
var ReplayRole string
