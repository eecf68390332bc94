package main

import "testing"

// TestHouse holds the rules of the code's layout against all code that is not a test.
func TestHouse(t *testing.T) {
	t.Parallel()
	h, err := load("../..")
	if err != nil {
		t.Fatal(err)
	}
	if len(h.packages) < 10 {
		t.Fatalf("only %d packages were found", len(h.packages))
	}
	for _, r := range h.rules() {
		t.Run(r.name, func(t *testing.T) {
			for _, b := range r.breaks {
				t.Error(b)
			}
		})
	}
}
