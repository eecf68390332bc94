package parse

import "strings"

// Ref names a Kubernetes object. It is comparable. Namespace is empty for cluster-scoped kinds.
type Ref struct{ Kind, Namespace, Name string }

func (r Ref) String() string {
	if r.Namespace == "" {
		return r.Kind + "/" + r.Name
	}
	return r.Kind + "/" + r.Namespace + "/" + r.Name
}

// maxName is how long a name of a Kubernetes object can be, in bytes.
const maxName = 253

// Valid reports whether the names can be those of a Kubernetes object: kind and name are there, and
// nothing is longer than the API server takes. Names are read from logs, where anything can stand.
func (r Ref) Valid() bool {
	return r.Kind != "" && r.Name != "" && max(len(r.Kind), len(r.Namespace), len(r.Name)) <= maxName
}

// Compare orders by kind, namespace, name.
func (r Ref) Compare(o Ref) int {
	if c := strings.Compare(r.Kind, o.Kind); c != 0 {
		return c
	}
	if c := strings.Compare(r.Namespace, o.Namespace); c != 0 {
		return c
	}
	return strings.Compare(r.Name, o.Name)
}
