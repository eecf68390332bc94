package failure

import (
	"fmt"
	"strings"
	"testing"

	"fluxtrail/parse"
)

// readAll does everything that is done for a text and depends on its length, and gives the number
// of bytes that were looked at.
func readAll(text string) int {
	work := 0
	for _, f := range []func(r *reader){
		func(r *reader) { r.culprit() },
		func(r *reader) { r.blocker() },
		func(r *reader) { r.template() },
		func(r *reader) { r.withoutPaths() },
	} {
		r := reader{text: text}
		f(&r)
		work += r.work
	}
	return work
}

// TestWorkIsLinear doubles texts that are made of what the readers look for: each piece again and
// again, each pair of pieces in turn, and unfinished beginnings of everything. The work doubles,
// too.
func TestWorkIsLinear(t *testing.T) {
	t.Parallel()
	var repeated []string
	for _, a := range pieces {
		repeated = append(repeated, a)
		for _, b := range pieces {
			repeated = append(repeated, a+b, a+"/"+b+"' ")
		}
	}
	for _, x := range culpritTexts {
		for n := 1; n < len(x.text); n += 3 {
			repeated = append(repeated, x.text[:n], x.text[n:])
		}
	}
	const size, perByte = 1 << 9, 250
	for _, piece := range repeated {
		n := size/len(piece) + 1
		for _, end := range []string{"", "x"} { // which lets what nearly fits fail at last
			small := readAll(strings.Repeat(piece, n) + end)
			large := readAll(strings.Repeat(piece, 4*n) + end)
			if large > 5*small+1000 || large > 4*n*len(piece)*perByte {
				t.Errorf("%.60q and %q: %d bytes are looked at for %d times, %d for %d times", piece, end, small, n, large, 4*n)
			}
		}
	}
}

// TestReadAllocates bounds the memory that reading a text takes, as it grows.
func TestReadAllocates(t *testing.T) {
	for _, piece := range []string{"1.2.3.4:5 ", "a://b/c ", "[A/b/c ", `Secret "x" is invalid`, "-7d9f8c6b5-x2xqz", "deadbeef1 "} {
		allocs := func(n int) float64 {
			text := strings.Repeat(piece, n)
			return testing.AllocsPerRun(5, func() { read("Kustomization", text) })
		}
		if a, b := allocs(50), allocs(400); b > a+12 {
			t.Errorf("%q: %v allocations for 50 times, %v for 400 times", piece, a, b)
		}
	}
}

// TestOddNames reads what is nearly a resource's name; all of these texts once stopped the program.
func TestOddNames(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]parse.Ref{
		"Health check timed out for [s 'a/b']":      ref("S", "a", "b"),
		"health check failed after 3s: [s.x 'a/b']": ref("S", "a", "b"),
		"could not find s 'a/b'":                    ref("S", "a", "b"),
		"could not find ss 'a/b'":                   ref("S", "a", "b"),
		"could not find S 'a/b'":                    ref("S", "a", "b"),
		"could not find 1 'a/b'":                    ref("1", "a", "b"),
		`ss "x" is invalid`:                         ref("S", "", "x"),
	} {
		if got := culprit(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func BenchmarkRead(b *testing.B) {
	const text = `HelmRelease/team-%06d/app dry-run failed (Invalid): Deployment.apps "app-%06d" is invalid: ` +
		`spec.template.spec.containers[0].image: Required value: field is immutable; failed to wait for object to sync ` +
		`in-cache after patching: context deadline exceeded after %ds, retry number %d for revision main@sha1:%040x ` +
		`of kustomization in /tmp/kustomization-%d/clusters/production`
	var texts []string
	size := 0
	for i := range 2 * maxTexts { // more than are kept
		texts = append(texts, fmt.Sprintf(text, i, i, i, i, i, i))
		size += len(texts[i])
	}
	b.SetBytes(int64(size / len(texts)))
	b.ReportAllocs()
	c := NewCache(nil)
	for i := 0; b.Loop(); i++ {
		c.Read("Kustomization", texts[i%len(texts)])
	}
}
