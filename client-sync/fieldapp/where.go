package fieldapp

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// Where a person was, so that after a lock, a kill or an empty battery the app can ask
// "Continue where you were?" and open the same field. It is kept by the library, sealed.

// where is a place in the app.
type where struct {
	Kind clientsync.Kind `json:"kind"`
	ID   string          `json:"id"`
	// Page is that of the record, Field the name of the control.
	Page  string    `json:"page,omitempty"`
	Field string    `json:"field,omitempty"`
	At    time.Time `json:"at"`
}

const (
	rememberedWhere = "where"
	rememberedVisit = "visit"
)

// here remembers that a person is on a page of a record. Failing to is no trouble of theirs.
// A page that is only looked at goes out first: it need not wait for the disk.
func (t *turn) here(kind clientsync.Kind, id, page, field string) {
	at := where{kind, id, page, field, t.now()}
	if t.r.Method == http.MethodGet {
		t.after = func() { t.keepWhere(context.WithoutCancel(t.ctx()), at) }
		return
	}
	t.keepWhere(t.ctx(), at)
}

func (t *turn) keepWhere(ctx context.Context, at where) {
	b, err := json.Marshal(at)
	if err == nil {
		err = t.client.Remember(ctx, rememberedWhere, b)
	}
	if err != nil {
		t.log.Warn("where somebody was is not remembered", "code", clientsync.CodeOf(err))
	}
}

// was gives where somebody was last; false for nowhere.
func (a *App) was(ctx context.Context) (w where, ok bool) {
	b, err := a.client.Remembered(ctx, rememberedWhere)
	if err != nil || len(b) == 0 || json.Unmarshal(b, &w) != nil || w.ID == "" {
		return where{}, false
	}
	return w, true
}

// inVisit remembers which visit a person works on: the tabs lead to it.
func (t *turn) inVisit(id string) {
	if old, err := t.client.Remembered(t.ctx(), rememberedVisit); err == nil && string(old) == id {
		return
	}
	if err := t.client.Remember(t.ctx(), rememberedVisit, []byte(id)); err != nil {
		t.log.Warn("the visit is not remembered", "code", clientsync.CodeOf(err))
	}
}

// visit gives the visit that a person works on; false for none that is here.
func (t *turn) visit() (clientsync.Item, bool) {
	id, err := t.client.Remembered(t.ctx(), rememberedVisit)
	if err != nil || len(id) == 0 {
		return clientsync.Item{}, false
	}
	item, err := t.client.Get(t.ctx(), clientsync.KindVisit, string(id))
	return item, err == nil && !item.Removed
}
