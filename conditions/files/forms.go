package files

import (
	"bytes"
	"regexp"
)

// A form is a way in which conditions are saved. Fits looks at the beginning of a file; the first
// form that fits reads it.
type form struct {
	name string
	fits func(head []byte) bool
	read func(*input) error
}

// formMetrics is the name of the form of what is served.
const formMetrics = "metrics (exposition)"

var forms = []form{
	{"condition transitions (JSON lines)", matches(`^\s*\{"t": ?["0-9][^\n]*"ready":`), (*input).transitions},
	{"objects of kubectl (JSON)", matches(`^\s*[\[{]`), (*input).json},
	{formMetrics, matches(`(?m)^(# (HELP|TYPE|UNIT) |# EOF|` +
		`[a-zA-Z_:]([a-zA-Z0-9_:]*[a-zA-Z0-9_])?(\{[^\n]*\})? +([-+]?[0-9.]|NaN|[-+]?Inf))`), (*input).exposition},
	{"flux get", matches(`(?m)^(NAMESPACE *\t)?NAME *\t.*READY *\tMESSAGE`), (*input).fluxGet},
	{"objects of kubectl (YAML)", matches(`(?m)^(apiVersion|kind|items|-[ \t]+apiVersion):`), (*input).yaml},
}

func matches(expr string) func([]byte) bool {
	re := regexp.MustCompile(expr)
	return func(head []byte) bool { return re.Match(bytes.TrimPrefix(head, []byte("\ufeff"))) }
}
