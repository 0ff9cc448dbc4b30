package rpcerr

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/wrapperspb"
)

// call lets a handler fail with err and gives what its caller sees, the wire
// error as FromConnect reads it, and the log.
func call(t *testing.T, err error) (*Error, string) {
	t.Helper()
	var log bytes.Buffer
	logger := slog.New(slog.NewTextHandler(&log, nil))
	h := connect.NewUnaryHandler("/p.S/M", func(ctx context.Context, _ *connect.Request[emptypb.Empty]) (*connect.Response[emptypb.Empty], error) {
		return nil, ToConnect(ctx, logger, err)
	})
	got := FromConnect(ask(t, h))
	var e *Error
	if !errors.As(got, &e) {
		t.Fatalf("%v is not an *Error", got)
	}
	return e, log.String()
}

func ask(t *testing.T, h http.Handler, options ...connect.ClientOption) error {
	t.Helper()
	s := httptest.NewServer(h)
	defer s.Close()
	c := connect.NewClient[emptypb.Empty, emptypb.Empty](s.Client(), s.URL+"/p.S/M", options...)
	_, err := c.CallUnary(t.Context(), connect.NewRequest(&emptypb.Empty{}))
	return err
}

// These numbers and names are promised; a change here breaks deployed devices.
func TestCodesAreStable(t *testing.T) {
	want := []string{"invalid", "not found", "conflict", "unauthenticated", "denied", "too large", "unavailable", "internal"}
	if len(wire) != len(want) {
		t.Errorf("%d codes, want %d", len(wire), len(want))
	}
	if got := Code(99).String(); got != "code 99" {
		t.Errorf("an unknown code is %q", got)
	}
	for i, name := range want {
		if got := Code(i + 1).String(); got != name {
			t.Errorf("code %d is %q, was %q", i+1, got, name)
		}
	}
}

func TestEveryCodeSurvivesTheWire(t *testing.T) {
	for code := Invalid; code < Internal; code++ {
		t.Run(code.String(), func(t *testing.T) {
			e, _ := call(t, fmt.Errorf("save: %w", E(code, "It is so. Your text is kept.", "Do this.", errors.New("secret"))))
			if e.Code != code || e.Message != "It is so. Your text is kept." || e.Hint != "Do this." {
				t.Errorf("%+v", e)
			}
			if strings.Contains(e.Cause.Error(), "secret") || strings.Contains(e.Cause.Error(), "save:") {
				t.Errorf("more than the message left: %v", e.Cause)
			}
		})
	}
}

func TestInternalErrors(t *testing.T) {
	for shows, err := range map[string]error{
		"of any room":        errors.New("open /secret"),
		"made on purpose":    E(Internal, "secret one", "secret two", errors.New("secret three")),
		"that Connect made":  connect.NewError(connect.CodeNotFound, errors.New("secret")),
		"of an unknown code": E(99, "secret", "", nil),
	} {
		t.Run(shows, func(t *testing.T) {
			e, log := call(t, err)
			id := regexp.MustCompile(`^internal error, reference ([a-z2-7]{10})$`).FindStringSubmatch(e.Message)
			if e.Code != Internal || id == nil || e.Hint != "" {
				t.Fatalf("%+v", e)
			}
			if !strings.Contains(log, "reference="+id[1]) || !strings.Contains(log, "secret") {
				t.Errorf("the log does not tell: %s", log)
			}
		})
	}
	t.Run("are logged with every cause", func(t *testing.T) {
		_, log := call(t, E(Internal, "one", "", fmt.Errorf("two: %w", E(Invalid, "three", "", errors.New("four")))))
		if !strings.Contains(log, "one: two: three: four") {
			t.Error(log)
		}
	})
}

func TestConnectCodesThatAreNotOurs(t *testing.T) {
	for code, want := range map[connect.Code]Code{
		connect.CodeOutOfRange:         Invalid,
		connect.CodeUnimplemented:      Invalid,
		connect.CodeAlreadyExists:      Conflict,
		connect.CodeFailedPrecondition: Conflict,
		connect.CodeDeadlineExceeded:   Unavailable,
		connect.CodeDataLoss:           Internal,
		connect.CodeUnknown:            Internal,
	} {
		if got := FromConnect(connect.NewWireError(code, errors.New("x"))); CodeOf(got) != want {
			t.Errorf("%v is %v, want %v", code, CodeOf(got), want)
		}
	}
}

func TestAnAnswerOverTheLimitIsTooLarge(t *testing.T) {
	h := connect.NewUnaryHandler("/p.S/M", func(context.Context, *connect.Request[emptypb.Empty]) (*connect.Response[wrapperspb.StringValue], error) {
		return connect.NewResponse(wrapperspb.String(strings.Repeat("x", 1000))), nil
	})
	if got := FromConnect(ask(t, h, connect.WithReadMaxBytes(100))); CodeOf(got) != TooLarge {
		t.Errorf("%v: %v", CodeOf(got), errors.Unwrap(got))
	}
}

func TestCodeOf(t *testing.T) {
	for _, c := range []struct {
		shows string
		err   error
		want  Code
	}{
		{"nothing", nil, 0},
		{"a plain error", errors.New("x"), Internal},
		{"the outermost code", E(Denied, "", "", E(Invalid, "", "", nil)), Denied},
		{"a wrapped code", fmt.Errorf("save: %w", E(Conflict, "", "", nil)), Conflict},
		{"a caller who left", fmt.Errorf("read: %w", context.Canceled), Unavailable},
		{"a deadline", context.DeadlineExceeded, Unavailable},
	} {
		t.Run(c.shows, func(t *testing.T) {
			if got := CodeOf(c.err); got != c.want {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

func TestAnswersThatAreNotOurs(t *testing.T) {
	page := func(status int) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html")
			w.WriteHeader(status)
			fmt.Fprint(w, "<h1>Welcome to our hotel</h1>")
		})
	}
	for _, status := range []int{200, 401, 403, 404, 500, 502} {
		t.Run(fmt.Sprintf("a login page with %d", status), func(t *testing.T) {
			if got := FromConnect(ask(t, page(status))); CodeOf(got) != Unavailable {
				t.Errorf("%v: %v", CodeOf(got), errors.Unwrap(got))
			}
		})
	}
	t.Run("no server at all", func(t *testing.T) {
		s := httptest.NewServer(page(200))
		s.Close()
		c := connect.NewClient[emptypb.Empty, emptypb.Empty](s.Client(), s.URL)
		_, err := c.CallUnary(t.Context(), connect.NewRequest(&emptypb.Empty{}))
		if got := FromConnect(err); CodeOf(got) != Unavailable {
			t.Errorf("%v: %v", CodeOf(got), err)
		}
	})
	t.Run("a caller who left is still recognised", func(t *testing.T) {
		ctx, leave := context.WithCancel(t.Context())
		leave()
		c := connect.NewClient[emptypb.Empty, emptypb.Empty](http.DefaultClient, "http://127.0.0.1:1")
		_, err := c.CallUnary(ctx, connect.NewRequest(&emptypb.Empty{}))
		if got := FromConnect(err); CodeOf(got) != Unavailable || !errors.Is(got, context.Canceled) {
			t.Errorf("%v: %v", CodeOf(got), err)
		}
	})
}

func TestNilStaysNil(t *testing.T) {
	if err := ToConnect(t.Context(), slog.Default(), nil); err != nil {
		t.Error(err)
	}
	if err := FromConnect(nil); err != nil {
		t.Error(err)
	}
}
