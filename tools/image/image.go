package main

import (
	"bytes"
	"encoding/pem"
	"os"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/types"
	"golang.org/x/crypto/x509roots/fallback/bundle"
)

// user is nobody in particular. It is a number, as runAsNonRoot wants it.
const user = 65532

// release is what all platforms of an image have in common.
type release struct {
	version, revision, source, reference string

	created time.Time
}

type platformImage struct {
	v1.Image
	platform v1.Platform
}

// image is that of one platform: a layer of what any program needs, and one of the program.
func (r release) image(system, arch, program string) (platformImage, error) {
	text, err := os.ReadFile(program)
	if err != nil {
		return platformImage{}, err
	}
	base, err := layer(r.created,
		entry{name: "etc/ssl/certs/ca-certificates.crt", text: roots()},
		entry{name: "tmp", mode: 0o1777, dir: true},
		entry{name: "var/lib/fluxtrail", mode: 0o700, dir: true, owner: user},
	)
	if err != nil {
		return platformImage{}, err
	}
	top, err := layer(r.created, entry{name: "usr/bin/fluxtrail", mode: 0o755, text: text, mayReadAll: true})
	if err != nil {
		return platformImage{}, err
	}
	img, err := mutate.AppendLayers(mutate.ConfigMediaType(
		mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), base, top)
	if err != nil {
		return platformImage{}, err
	}
	img, err = mutate.ConfigFile(img, r.config(img, system, arch))
	if err != nil {
		return platformImage{}, err
	}
	return platformImage{img, v1.Platform{OS: system, Architecture: arch}}, nil
}

// config is how the program is started. The Dockerfile says the same.
func (r release) config(img v1.Image, system, arch string) *v1.ConfigFile {
	old, _ := img.ConfigFile() // it cannot fail: the image was made from layers just now
	c := old.DeepCopy()
	c.OS, c.Architecture, c.Created = system, arch, v1.Time{Time: r.created}
	c.History = nil
	c.Config = v1.Config{
		Entrypoint: []string{"/usr/bin/fluxtrail"}, Cmd: []string{"run"}, User: "65532:65532", WorkingDir: "/",
		Env: []string{"PATH=/usr/bin"}, ExposedPorts: map[string]struct{}{"8080/tcp": {}}, Labels: r.labels(),
	}
	return c
}

func (r release) labels() map[string]string {
	labels := map[string]string{
		"org.opencontainers.image.title":       "fluxtrail",
		"org.opencontainers.image.description": "From a red Flux resource to the log line that explains it",
		"org.opencontainers.image.licenses":    "Apache-2.0",
		"org.opencontainers.image.version":     r.version,
		"org.opencontainers.image.revision":    r.revision,
		"org.opencontainers.image.created":     r.created.Format(time.RFC3339),
	}
	if r.source != "" {
		labels["org.opencontainers.image.source"] = r.source
	}
	return labels
}

// layout writes the images as one index, which the layout names by its reference.
func (r release) layout(dir string, images []platformImage) error {
	index := mutate.Annotations(mutate.IndexMediaType(empty.Index, types.OCIImageIndex), r.labels()).(v1.ImageIndex)
	for _, img := range images {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: img, Descriptor: v1.Descriptor{Platform: &img.platform},
		})
	}
	path, err := layout.Write(dir, empty.Index)
	if err != nil {
		return err
	}
	return path.AppendIndex(index, layout.WithAnnotations(map[string]string{
		"org.opencontainers.image.ref.name": r.version,
		"io.containerd.image.name":          r.reference, // what containerd calls it when it is imported
	}))
}

// roots are the certificates that the browsers of Mozilla trust, in PEM. Those that are trusted
// with reservations are left out: a file cannot tell them.
func roots() []byte {
	var out bytes.Buffer
	for root := range bundle.Roots() {
		if root.Constraint == nil {
			_ = pem.Encode(&out, &pem.Block{Type: "CERTIFICATE", Bytes: root.Certificate}) // to memory
		}
	}
	return out.Bytes()
}
