package sinks

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Ask sends a request that changes nothing, and puts the body of the answer 200 into the buffer. It
// tries again as p says where the server cannot answer now, and waits as long as that asks for.
// What somebody has to mend first, such as credentials, is an error at once, and so is an answer of
// more than limit bytes. Request makes the request of each try. The error is an *Error where the
// server answered.
func Ask(
	ctx context.Context, client *http.Client, p Policy, limit int64, into *bytes.Buffer, request func() (*http.Request, error),
) error {
	return retry(ctx, p, func() error {
		req, err := request()
		if err != nil {
			return Permanent(err)
		}
		if err = ask(client, req.WithContext(ctx), limit, into); ClassOf(err) == Held {
			return Permanent(err)
		}
		return err
	})
}

// Advise adds what to do to the error of a question to a server of that name. What may be wrong
// where it does not know what it was asked for is told by missing.
func Advise(err error, name, missing string) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%w (there was no whole answer in time: is %s, or a proxy in front of it, overloaded?)", err, name)
	}
	var answer *Error
	if errors.As(err, &answer) {
		switch answer.Status {
		case http.StatusUnauthorized, http.StatusForbidden, http.StatusProxyAuthRequired:
			return fmt.Errorf("%w (give a token, a user with password, or the tenant)", err)
		case http.StatusNotFound, http.StatusMethodNotAllowed:
			return fmt.Errorf("%w (%s)", err, missing)
		}
	}
	return err
}

// ErrLong says that an answer is longer than its limit.
var ErrLong = errors.New("the answer is too long")

func ask(client *http.Client, req *http.Request, limit int64, into *bytes.Buffer) error {
	into.Reset()
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		if err := Check(resp); err != nil {
			return err
		}
		return Permanent(fmt.Errorf("answered %d without what was asked for", resp.StatusCode))
	}
	into.Grow(int(min(max(resp.ContentLength, 0), limit)))
	_, err = into.ReadFrom(io.LimitReader(resp.Body, limit+1))
	switch {
	case errors.Is(err, ErrLong):
		return Permanent(err)
	case err == nil && int64(into.Len()) > limit:
		return Permanent(fmt.Errorf("%w: it has more than %d MiB", ErrLong, limit>>20))
	}
	return err
}
