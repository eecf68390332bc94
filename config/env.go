package config

import (
	"regexp"
	"strings"
)

// prefix begins the names of all environment variables of ours.
const prefix = "FLUXTRAIL_"

// envName is the environment variable of a key: FLUXTRAIL_TAIL__POLL for tail.poll. Two underscores
// stand for a dot, because one is part of names.
func envName(key string) string {
	return prefix + strings.ToUpper(strings.ReplaceAll(key, ".", "__"))
}

// shortEnvName is the variable with single underscores, FLUXTRAIL_TAIL_POLL for tail.poll. It
// counts where the other one is not set.
func shortEnvName(key string) string {
	return strings.ReplaceAll(envName(key), "__", "_")
}

// serviceVariable fits what Kubernetes sets in every pod for a Service, such as
// FLUXTRAIL_SERVICE_HOST and FLUXTRAIL_PORT_8080_TCP for one called fluxtrail.
var serviceVariable = regexp.MustCompile(`_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_\w+)?)$`)

// unknownVariables are errors about variables that look like ours and set nothing. One with single
// underscores is only refused where it is nearly a name of ours.
func unknownVariables(environ []string) (all Errors) {
	known := map[string]bool{}
	var long, short []string
	for _, k := range keys() {
		long = append(long, envName(k.name()))
		short = append(short, strings.TrimPrefix(shortEnvName(k.name()), prefix))
		known[envName(k.name())], known[shortEnvName(k.name())] = true, true
	}
	for _, pair := range environ {
		name, value, _ := strings.Cut(pair, "=")
		rest, ours := strings.CutPrefix(name, prefix)
		switch {
		case !ours || value == "" || known[name] || serviceVariable.MatchString(name):
		case strings.Contains(rest, "__"):
			all = append(all, Problem{Env: shownName(name), Text: unknown("key", name, long)})
		default:
			if near := Closest(rest, short); near != "" {
				text := unknown("key", name, []string{prefix + near})
				all = append(all, Problem{Env: shownName(name), Text: text})
			}
		}
	}
	return all
}
