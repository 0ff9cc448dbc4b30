package fieldapp

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/look"
)

// A record has one page of its own and, for some kinds, more: /r/HANDLE and
// /r/HANDLE/counts. Areas mount them by kind.

// route names a page of a kind of record: "" for the first; kind 0 for every kind.
type route struct {
	kind clientsync.Kind
	page string
}

type (
	// recordPage shows a page of a record.
	recordPage func(*turn, clientsync.Item) error
	// recordPost does what a page of a record asks.
	recordPost func(*turn, clientsync.Item, *look.Form) error
	// livePart draws what changes in a page with what is saved, by the id that it replaces.
	livePart func(*turn, clientsync.Item) (map[string]look.Part, error)
)

// ofRecord mounts a page of a kind, and onRecord what can be asked of it. The kind 0 is
// every kind that has no page of that name itself.
func (a *App) ofRecord(kind clientsync.Kind, page string, show recordPage) {
	a.pages[route{kind, page}] = show
}

func (a *App) onRecord(kind clientsync.Kind, page string, do recordPost) {
	a.posts[route{kind, page}] = do
}

// recordPage finds the record of an address and shows the page.
func (t *turn) recordPage() error {
	at, ok := t.handles.find(t.r.PathValue("handle"))
	if !ok {
		return errEnded
	}
	page := t.r.PathValue("page")
	show := t.pages[route{at.kind, page}]
	if show == nil {
		show = t.pages[route{0, page}]
	}
	if show == nil {
		return errEnded
	}
	item, err := t.item(at)
	if err != nil {
		return err
	}
	return show(t, item)
}

func (t *turn) recordPost() error {
	return reading(func(t *turn, f *look.Form) error {
		at, ok := t.handles.find(t.r.PathValue("handle"))
		if !ok {
			return errEnded
		}
		page := t.r.PathValue("page")
		do := t.posts[route{at.kind, page}]
		if do == nil {
			do = t.posts[route{0, page}]
		}
		if do == nil {
			return errEnded
		}
		return t.inTurn(f, func() error {
			item, err := t.item(at)
			if err != nil {
				return err
			}
			return do(t, item, f)
		})
	})(t)
}

// item reads a record; one that a page has begun and nobody has saved yet is an empty one
// with its id.
func (t *turn) item(at target) (clientsync.Item, error) {
	item, err := t.client.Get(t.ctx(), at.kind, at.id)
	if clientsync.CodeOf(err) == clientsync.NotFound {
		if draft := t.drafts.find(at.id); draft != nil {
			return clientsync.Item{Kind: at.kind, ID: at.id, Message: draft}, nil
		}
	}
	return item, err
}
