package clientsync

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/daylight-npm/daylight/client-sync/internal/localdb"
	"github.com/daylight-npm/daylight/internal/rpcerr"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
)

// Rescue writes every change in a folder that the office has not accepted to w, as
// length-delimited daylight.v1.Batch messages, and says how many. It is for a
// folder that Open refuses: it reads a damaged one, and one of a newer program, as
// far as that can be read, and alters nothing in them.
//
// With an error, what could be read is written all the same.
func Rescue(ctx context.Context, dir string, w io.Writer) (changes int, err error) {
	var held *sqlitedb.HeldError
	r, err := localdb.Rescue(ctx, dir, program+"'s rescue", w)
	switch {
	case errors.Is(err, sqlitedb.ErrForeign), errors.As(err, &held):
		err = explainOpen(err)
	case err != nil:
		err = rpcerr.E(Unavailable, "the rescue did not come to its end",
			"Keep the folder as it is: copy all of it to another disk and try there.", err)
	case r.Unreadable > 0:
		err = rpcerr.E(Internal, fmt.Sprintf("%d changes could not be read; the others are written", r.Unreadable),
			"Keep the folder as it is.", nil)
	case r.Changes > 0 && !r.Sealed:
		err = rpcerr.E(Internal, "the device's key could not be read; the changes are written, but nothing vouches for them",
			"Keep the folder as it is, and tell the office.", nil)
	}
	return r.Changes, err
}
