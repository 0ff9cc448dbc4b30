package clientsync

import (
	"context"
	"io"
	"iter"

	"github.com/daylight-npm/daylight/internal/rpcerr"
)

// Client is an open folder. Its methods may be called from any goroutine.
type Client struct{}

var errNotYet = rpcerr.E(Internal, "not built yet", "", nil)

// Open opens the folder, makes it on first use, and keeps it for this process
// until Close.
func Open(ctx context.Context, c Config) (*Client, error) { return nil, errNotYet }

// Close gives the folder back.
func (c *Client) Close() error { return nil }

// Save writes what the messages change against what their tokens showed, all or
// nothing, and brings each message to what is now shown. It gives ids to records
// and elements that have none.
func (c *Client) Save(ctx context.Context, messages ...Message) error { return errNotYet }

// Remove removes what the message's token showed.
func (c *Client) Remove(ctx context.Context, m Message) error { return errNotYet }

// Get gives one record, also a removed one.
func (c *Client) Get(ctx context.Context, k Kind, id string) (Item, error) { return Item{}, errNotYet }

// List gives the records that f asks for, in the order in which they came to this
// device.
func (c *Client) List(ctx context.Context, f Filter) iter.Seq2[Item, error] { return nil }

// Check says what the rules of the domain have to say about a message.
func (c *Client) Check(m Message) []Flag { return nil }

// Conflicts gives every record that has a conflict.
func (c *Client) Conflicts(ctx context.Context) iter.Seq2[Item, error] { return nil }

// Resolve settles a conflict with one of its values; m is brought to what is then
// shown. To settle it with another value, save that.
func (c *Client) Resolve(ctx context.Context, m Message, conflict Conflict, with Value) error {
	return errNotYet
}

// History tells how a record came to be, as far as this device knows.
func (c *Client) History(ctx context.Context, k Kind, id string) (History, error) {
	return History{}, errNotYet
}

// Refused lists what the office refused and nobody has dismissed.
func (c *Client) Refused(ctx context.Context) ([]Refusal, error) { return nil, errNotYet }

// Dismiss puts a refusal away, by its Number.
func (c *Client) Dismiss(ctx context.Context, number uint64) error { return errNotYet }

// Status says how the device stands with the office.
func (c *Client) Status(ctx context.Context) (Status, error) { return Status{}, errNotYet }

// Watch gives a channel that has a value whenever something changed since it was
// last received from; it is closed when ctx ends or the client is closed.
func (c *Client) Watch(ctx context.Context) <-chan struct{} { return nil }

// Sync pushes what was written here and pulls what is now true.
func (c *Client) Sync(ctx context.Context) (Report, error) { return Report{}, errNotYet }

// SyncWith is Sync with options.
func (c *Client) SyncWith(ctx context.Context, o SyncOptions) (Report, error) {
	return Report{}, errNotYet
}

// Rescue writes every change in the folder that the office has not answered for to
// w, as length-delimited daylight.v1.Batch messages, and says how many. It reads
// damaged folders and those of a newer program, and alters nothing.
func Rescue(ctx context.Context, dir string, w io.Writer) (changes int, err error) {
	return 0, errNotYet
}
