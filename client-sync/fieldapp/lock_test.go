package fieldapp

import (
	"reflect"
	"testing"
	"time"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// holds looks for a text in everything that a value leads to, but for the library, which has
// tests of its own, and for what was there before anybody typed.
func holds(v reflect.Value, text string, been map[uintptr]bool) bool {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() || v.Type() == reflect.TypeFor[*clientsync.Client]() {
			return false
		}
		if v.Kind() == reflect.Pointer {
			if been[v.Pointer()] {
				return false
			}
			been[v.Pointer()] = true
		}
		return holds(v.Elem(), text, been)
	case reflect.Struct:
		for i := range v.NumField() {
			if holds(v.Field(i), text, been) {
				return true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if holds(v.Index(i), text, been) {
				return true
			}
		}
	case reflect.Map:
		for pairs := v.MapRange(); pairs.Next(); {
			if holds(pairs.Key(), text, been) || holds(pairs.Value(), text, been) {
				return true
			}
		}
	case reflect.String:
		return v.String() == text
	}
	return false
}

func (a *App) holds(text string) bool { return holds(reflect.ValueOf(a), text, map[uintptr]bool{}) }

func TestTheLockLeavesNothingInTheApp(t *testing.T) {
	const typed = "said in the yard"
	for shows, lock := range map[string]func(*browser, *clientsync.Client){
		"by the button":                 func(b *browser, _ *clientsync.Client) { b.post("/lock", form()) },
		"because no window is in sight": func(b *browser, _ *clientsync.Client) { b.app.lockHidden() },
		"by the library": func(b *browser, c *clientsync.Client) {
			if err := c.Lock(t.Context()); err != nil {
				t.Fatal(err)
			}
			for i := 0; i < 1000 && b.app.holds(typed); i++ { // the app is told of it, as a screen is
				time.Sleep(time.Millisecond)
			}
		},
	} {
		c := openClient(t)
		b := openApp(t, c)
		v := saved(t, c, &daylightv1.Visit{Title: proto.String("Visit 7")}).(*daylightv1.Visit)
		tr := &turn{App: b.app, r: request("GET", "/")}
		draft := tr.begin(&daylightv1.Finding{VisitId: proto.String(v.GetId()), Title: proto.String(typed)})
		f := saved(t, c, &daylightv1.Finding{VisitId: proto.String(v.GetId()), Title: proto.String("Cell 4")}).(*daylightv1.Finding)
		address := b.recordOf(f)
		page := b.get(address)
		pageSays(t, page, 200, "Cell 4")
		pageSays(t, b.get(draft), 200, typed)
		b.post(address+"/save", form("as", as(t, page), "narrative", typed))
		if !b.app.holds(typed) || !b.app.holds(f.GetId()) {
			t.Fatal("what was typed is looked for where it is not")
		}

		lock(b, c)
		for _, text := range []string{typed, f.GetId(), v.GetId()} {
			if b.app.holds(text) {
				t.Errorf("%s: %q outlives the lock", shows, text)
			}
		}
		goesTo(t, b.get(address), "/unlock")
		goesTo(t, b.post("/unlock", form("passphrase", passphrase)), "/")
		for _, old := range []string{address, draft, address + "/history"} {
			pageSays(t, b.get(old), 404, "This address has ended", "Home")
		}
		pageSays(t, b.post(address+"/save", form("as", "x", "narrative", "y")), 404, "This address has ended")
	}
}

func TestTheDeskIsAtHandOfWhoHasAKey(t *testing.T) {
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/settings"), 200, `href="/desk"`)
	pageSays(t, b.get("/desk"), 200, "Sealed")
}
