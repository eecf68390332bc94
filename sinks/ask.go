package sinks

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Ask sends a request that changes nothing, and returns the body of the answer 200. It tries again
// as p says where the server cannot answer now, and waits as long as that asks for. What somebody
// has to mend first, such as credentials, is an error at once, and so is an answer of more than
// limit bytes. Request makes the request of each try. The error is an *Error where the server
// answered.
func Ask(ctx context.Context, client *http.Client, p Policy, limit int64, request func() (*http.Request, error)) (body []byte, err error) {
	err = retry(ctx, p, func() error {
		req, err := request()
		if err != nil {
			return Permanent(err)
		}
		body, err = ask(client, req.WithContext(ctx), limit)
		if ClassOf(err) == Held {
			return Permanent(err)
		}
		return err
	})
	return body, err
}

// ErrLong says that an answer is longer than its limit.
var ErrLong = errors.New("the answer is too long")

func ask(client *http.Client, req *http.Request, limit int64) ([]byte, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		if err := Check(resp); err != nil {
			return nil, err
		}
		return nil, Permanent(fmt.Errorf("answered %d without what was asked for", resp.StatusCode))
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, limit+1))
	if err == nil && int64(len(body)) > limit {
		return nil, Permanent(fmt.Errorf("%w: it has more than %d MiB", ErrLong, limit>>20))
	}
	return body, err
}
