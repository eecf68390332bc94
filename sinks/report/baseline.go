package report

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"fluxtrail/api"
)

// ReadBaseline returns the error fingerprints of an earlier JSON report, so that errors which it
// does not know can be marked as new. It reads the report as a stream. The error says why the input
// is no such report.
func ReadBaseline(rd io.Reader) (map[string]bool, error) {
	d := json.NewDecoder(bufio.NewReaderSize(rd, 64<<10))
	known, err := readBaseline(d)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = fmt.Errorf("it ends too early, at byte %d", d.InputOffset())
	}
	if err != nil {
		return nil, fmt.Errorf("read baseline: %w (a baseline is what `fluxtrail replay --output json` wrote)", err)
	}
	return known, nil
}

func readBaseline(d *json.Decoder) (map[string]bool, error) {
	if err := expect(d, json.Delim('{')); err != nil {
		return nil, err
	}
	var schema string
	var known map[string]bool
	for d.More() {
		key, err := d.Token()
		if err != nil {
			return nil, err
		}
		switch key {
		case "schema":
			err = d.Decode(&schema)
		case "errors":
			known, err = fingerprints(d)
		default:
			err = skip(d)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	return known, checkBaseline(schema, known)
}

func checkBaseline(schema string, known map[string]bool) error {
	switch {
	case schema != api.Schema:
		return fmt.Errorf("its schema is %q, not %q", schema, api.Schema)
	case known == nil:
		return errors.New("it has no list of errors")
	}
	return nil
}

func fingerprints(d *json.Decoder) (map[string]bool, error) {
	if err := expect(d, json.Delim('[')); err != nil {
		return nil, err
	}
	known := map[string]bool{}
	for d.More() {
		var e struct{ Fingerprint string }
		if err := d.Decode(&e); err != nil {
			return nil, err
		}
		if e.Fingerprint != "" {
			known[e.Fingerprint] = true
		}
	}
	return known, expect(d, json.Delim(']'))
}

func expect(d *json.Decoder, want json.Delim) error {
	got, err := d.Token()
	if err == nil && got != want {
		err = fmt.Errorf("%q expected before byte %d", want, d.InputOffset())
	}
	return err
}

// skip reads over one value token by token, because a list of transitions may be larger than
// memory.
func skip(d *json.Decoder) error {
	for depth := 0; ; {
		t, err := d.Token()
		if err != nil {
			return err
		}
		switch t {
		case json.Delim('{'), json.Delim('['):
			depth++
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
		if depth == 0 {
			return nil
		}
	}
}
