package main

import (
	"debug/buildinfo"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"
)

// spdxPackage is a module in a bill of materials.
type spdxPackage struct {
	ID       string        `json:"SPDXID"`
	Name     string        `json:"name"`
	Version  string        `json:"versionInfo"`
	Location string        `json:"downloadLocation"`
	Analyzed bool          `json:"filesAnalyzed"`
	Refs     []spdxLocator `json:"externalRefs"`
}

type spdxLocator struct {
	Category string `json:"referenceCategory"`
	Type     string `json:"referenceType"`
	Locator  string `json:"referenceLocator"`
}

// materials writes the modules that a program was built from, as the linker noted them, in SPDX 2.3.
func materials(r release, program, path string) error {
	info, err := buildinfo.ReadFile(program)
	if err != nil {
		return err
	}
	main := debug.Module{Path: info.Main.Path, Version: r.version}
	packages := []spdxPackage{modulePackage(0, main), modulePackage(1, debug.Module{Path: "stdlib", Version: info.GoVersion})}
	relations := []map[string]string{{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES", "relatedSpdxElement": packages[0].ID}}
	for _, m := range info.Deps {
		if m.Replace != nil {
			m = m.Replace
		}
		packages = append(packages, modulePackage(len(packages), *m))
	}
	for _, p := range packages[1:] {
		relations = append(relations, map[string]string{"spdxElementId": packages[0].ID, "relationshipType": "CONTAINS", "relatedSpdxElement": p.ID})
	}
	name := strings.TrimSuffix(filepath.Base(path), ".spdx.json")
	text, err := json.MarshalIndent(map[string]any{
		"spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT", "name": name,
		"documentNamespace": "urn:fluxtrail:sbom:" + name,
		"creationInfo":      map[string]any{"created": r.created.Format(time.RFC3339), "creators": []string{"Tool: fluxtrail-image"}},
		"packages":          packages, "relationships": relations,
	}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}

func modulePackage(n int, m debug.Module) spdxPackage {
	return spdxPackage{
		ID: fmt.Sprintf("SPDXRef-%d", n), Name: m.Path, Version: m.Version, Location: "NOASSERTION",
		Refs: []spdxLocator{{"PACKAGE-MANAGER", "purl", "pkg:golang/" + m.Path + "@" + m.Version}},
	}
}
