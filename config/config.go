// Package config is the configuration of the agent: what can be set, what it is set to, and
// everything that is wrong with it.
//
// In: a YAML file, the environment and command line flags. Out: a Config, which is composed
// of the Config structs of the packages that use them, or Errors: all that is wrong, each with its
// key and its place. cmd/fluxtrail calls it once at the start; nothing is read again later.
// example.yaml documents every key and is embedded.
//
// A flag wins over the environment, the environment over the file, the file over the default. The
// package opens no file but the one it is given: whether certificates, tokens and directories are
// there shows when they are used. It writes nothing, and shows no secret.
package config

import _ "embed"

// Example is a configuration file that documents every key and sets it to its default.
//
//go:embed example.yaml
var Example string
