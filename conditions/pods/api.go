package pods

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// object is a pod of the API, as far as it is looked at.
type object struct {
	Metadata struct {
		Namespace       string            `json:"namespace"`
		Name            string            `json:"name"`
		UID             string            `json:"uid"`
		Labels          map[string]string `json:"labels"`
		ResourceVersion string            `json:"resourceVersion"`
	} `json:"metadata"`
	Spec struct {
		NodeName   string      `json:"nodeName"`
		Containers []Container `json:"containers"`
	} `json:"spec"`
}

func (o *object) key() key { return key{o.Metadata.Namespace, o.Metadata.Name} }

// event is one line of a watch. Of an error, the object is a status.
type event struct {
	Type   string          `json:"type"`
	Object json.RawMessage `json:"object"`
}

// status is what the API server says of a request that it refuses.
type status struct {
	Message string `json:"message"`
	Code    int    `json:"code"`
}

// refusal is an answer other than 200, or a watch that the server ends with an error.
type refusal status

func (r refusal) Error() string {
	text := fmt.Sprintf("the API server answers %d %s", r.Code, http.StatusText(r.Code))
	if r.Message != "" {
		text += ": " + r.Message
	}
	if r.Code == http.StatusForbidden || r.Code == http.StatusUnauthorized {
		text += "; it has to allow get, list and watch of pods"
	}
	return text
}

// outdated reports whether the server no longer knows what changed since the version that was asked for, so that all has to be asked for again.
func outdated(err error) bool {
	var r refusal
	return errors.As(err, &r) && r.Code == http.StatusGone
}

// api asks the API server for the pods of a node. It keeps nothing.
type api struct {
	client *http.Client
	base   *url.URL
	node   string
	path   string
}

// namespaced asks for one namespace only, if there is but one: rights in it are enough then. Several would each want a watch of their own.
func (a *api) namespaced(namespaces []string) {
	a.path = "api/v1/pods"
	if len(namespaces) == 1 {
		a.path = "api/v1/namespaces/" + namespaces[0] + "/pods"
	}
}

// patience is how long a list may take.
const patience = 30 * time.Second

// list calls f with each pod and returns the version that a watch can go on from. It decodes one pod at a time: all of a node would be megabytes.
func (a *api) list(ctx context.Context, f func(*object)) (version string, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	// Version 0 is what the server has in memory, which spares etcd the question of every node. The watch makes up for what it is behind.
	body, err := a.get(ctx, url.Values{"resourceVersion": {"0"}})
	if err != nil {
		return "", err
	}
	defer body.Close()
	var meta struct {
		ResourceVersion string `json:"resourceVersion"`
	}
	err = members(json.NewDecoder(body), map[string]func(*json.Decoder) error{
		"metadata": func(d *json.Decoder) error { return d.Decode(&meta) },
		"items": func(d *json.Decoder) error {
			return elements(d, func() error {
				var o object
				err := d.Decode(&o)
				if err == nil {
					f(&o)
				}
				return err
			})
		},
	})
	if err == nil && meta.ResourceVersion == "" {
		err = errors.New("the answer is no list of pods; look at the address of the API server")
	}
	return meta.ResourceVersion, err
}

// members reads an object, and each member that has a function with it.
func members(d *json.Decoder, read map[string]func(*json.Decoder) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return cmp.Or(err, errors.New("want an object"))
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		f := read[fmt.Sprint(name)]
		if f == nil {
			f = func(d *json.Decoder) error { return d.Decode(&json.RawMessage{}) }
		}
		if err := f(d); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

// elements reads an array; null has none.
func elements(d *json.Decoder, each func() error) error {
	t, err := d.Token()
	if err != nil || t == nil {
		return err
	}
	if t != json.Delim('[') {
		return errors.New("want a list")
	}
	for d.More() {
		if err := each(); err != nil {
			return err
		}
	}
	_, err = d.Token()
	return err
}

// watching is how long the server is to keep a watch open. All agents of a cluster begin at the same time, and should not ask again at the same.
func watching(random float64) time.Duration {
	return 5*time.Minute + time.Duration(random*float64(5*time.Minute))
}

// watch opens a watch of all that changes after a version.
func (a *api) watch(ctx context.Context, version string, open time.Duration) (io.ReadCloser, error) {
	return a.get(ctx, url.Values{
		"watch": {"true"}, "allowWatchBookmarks": {"true"}, "resourceVersion": {version},
		"timeoutSeconds": {strconv.Itoa(int(open.Seconds()))},
	})
}

// get returns the body of an answer that is none of a refusal.
func (a *api) get(ctx context.Context, query url.Values) (io.ReadCloser, error) {
	query.Set("fieldSelector", "spec.nodeName="+a.node)
	u := a.base.JoinPath(a.path)
	u.RawQuery = query.Encode()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", "fluxtrail")
	res, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	if res.StatusCode == http.StatusOK {
		return res.Body, nil
	}
	defer res.Body.Close()
	var s status
	_ = json.NewDecoder(io.LimitReader(res.Body, 64<<10)).Decode(&s) // a proxy's page says nothing more
	s.Code = res.StatusCode
	return nil, refusal(s)
}
