package env

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"testing"
)

// fetch reads the JSON answer to a GET into a value. An answer other than 200
// fails the test with its text.
func fetch(t testing.TB, base, path string, query url.Values, into any) {
	t.Helper()
	res, err := http.Get(base + path + "?" + query.Encode())
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	if res.StatusCode != http.StatusOK {
		t.Fatalf("GET %s?%s: %s: %s", path, query.Encode(), res.Status, body)
	}
	if err := json.Unmarshal(body, into); err != nil {
		t.Fatalf("GET %s: %v in %.300s", path, err, body)
	}
}
