// Command image makes the image of fluxtrail without a container engine, and pushes it.
//
//	image -version V -revision R -created EPOCH -out DIR linux/amd64=FILE linux/arm64=FILE
//	image -push example.com/fluxtrail:V -from DIR
//	image -sbom FILE -version V -created EPOCH PROGRAM
//
// In: the programs, one for each platform. Out: DIR/oci, an OCI layout, and DIR/fluxtrail.tar, the
// same as an archive that containerd, Docker, Podman and skopeo take. The file of the program has
// CAP_DAC_READ_SEARCH in its permitted set: the agent may read the logs of root's without being
// root where the pod lets it. The same input gives the same bytes. Make image calls it, and so do
// the end-to-end tests and the release.
package main

import (
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/remote"
)

func main() {
	log.SetFlags(0)
	var r release
	created := flag.Int64("created", 0, "when, in seconds since 1970: SOURCE_DATE_EPOCH")
	flag.StringVar(&r.version, "version", "", "the version")
	flag.StringVar(&r.revision, "revision", "", "the commit")
	flag.StringVar(&r.source, "source", "", "the address of the source")
	flag.StringVar(&r.reference, "name", "", "what to call it in the archive; localhost/fluxtrail:VERSION if empty")
	out := flag.String("out", "", "the directory to write to")
	push := flag.String("push", "", "push what is in -from to this reference instead, and print its digest")
	from := flag.String("from", "", "a directory that -out made")
	bill := flag.String("sbom", "", "write the modules of a program to this file instead, in SPDX")
	plain := flag.Bool("plain-http", false, "push without TLS, for a registry of a test")
	flag.Parse()
	r.created = time.Unix(*created, 0).UTC()
	var err error
	switch {
	case *push != "":
		err = pushTo(*push, *from, *plain)
	case *bill != "":
		err = materials(r, flag.Arg(0), *bill)
	default:
		err = write(r, *out, flag.Args())
	}
	if err != nil {
		log.Fatalln("image:", err)
	}
}

// write makes the image of programs, given as platform=file, below dir.
func write(r release, dir string, programs []string) error {
	if dir == "" || r.version == "" || len(programs) == 0 {
		return fmt.Errorf("needs -out, -version and programs such as linux/amd64=bin/fluxtrail")
	}
	if r.reference == "" {
		r.reference = "localhost/fluxtrail:" + strings.ReplaceAll(r.version, "+", "_")
	}
	var images []platformImage
	for _, p := range programs {
		platform, file, ok := strings.Cut(p, "=")
		system, arch, slash := strings.Cut(platform, "/")
		if !ok || !slash {
			return fmt.Errorf("%q is not of the form linux/amd64=FILE", p)
		}
		img, err := r.image(system, arch, file)
		if err != nil {
			return fmt.Errorf("%s: %w", platform, err)
		}
		images = append(images, img)
	}
	oci := filepath.Join(dir, "oci")
	if err := os.RemoveAll(oci); err != nil {
		return err
	}
	if err := r.layout(oci, images); err != nil {
		return err
	}
	return archive(filepath.Join(dir, "fluxtrail.tar"), oci, r.created)
}

// pushTo sends the image below dir to a registry.
func pushTo(reference, dir string, plain bool) error {
	var opts []name.Option
	if plain {
		opts = append(opts, name.Insecure)
	}
	ref, err := name.ParseReference(reference, opts...)
	if err != nil {
		return err
	}
	all, err := layout.ImageIndexFromPath(filepath.Join(dir, "oci"))
	if err != nil {
		return err
	}
	list, err := all.IndexManifest()
	if err != nil {
		return err
	}
	index, err := all.ImageIndex(list.Manifests[0].Digest)
	if err != nil {
		return err
	}
	if err := remote.WriteIndex(ref, index, remote.WithAuthFromKeychain(authn.DefaultKeychain)); err != nil {
		return err
	}
	fmt.Println(ref.Context().Digest(list.Manifests[0].Digest.String()))
	return nil
}
