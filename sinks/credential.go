package sinks

import (
	"context"
	"fmt"
	"strings"

	promconfig "github.com/prometheus/common/config"
	"golang.org/x/net/http/httpguts"

	"fluxtrail/config/bounded"
)

// secretOf is a secret, or what its file has at the time of each request; nil for neither.
func secretOf(text Secret, path string) promconfig.SecretReader {
	switch {
	case path != "":
		return credential(path)
	case text != "":
		return promconfig.NewInlineSecret(string(text))
	}
	return nil
}

// credential is the path of a file with a secret or a certificate.
type credential string

// maxCredential bounds such a file, in bytes: the certificates that a system trusts are 250 KB.
const maxCredential = 2 << 20

// Fetch implements [promconfig.SecretReader]. It waits for nobody. The error is an *fs.PathError.
func (c credential) Fetch(context.Context) (string, error) {
	text, err := bounded.Regular(string(c), maxCredential)
	if err != nil {
		return "", err
	}
	return strings.TrimSpace(string(text)), nil
}

// Description implements [promconfig.SecretReader].
func (c credential) Description() string { return "file " + string(c) }

// Immutable implements [promconfig.SecretReader].
func (credential) Immutable() bool { return false }

// byPath is a manager of secrets whose names are the paths of their files.
type byPath struct{}

// Fetch implements [promconfig.SecretManager].
func (byPath) Fetch(ctx context.Context, path string) (string, error) {
	return credential(path).Fetch(ctx)
}

// inHeader is a secret that is sent as it is.
type inHeader struct{ promconfig.SecretReader }

// Fetch implements [promconfig.SecretReader].
func (h inHeader) Fetch(ctx context.Context) (string, error) {
	text, err := h.SecretReader.Fetch(ctx)
	if err == nil && !httpguts.ValidHeaderFieldValue(text) {
		err = fmt.Errorf("%s has a line break, or another character that no header may have", h.Description())
	}
	return text, err
}
