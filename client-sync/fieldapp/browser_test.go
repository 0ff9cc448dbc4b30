package fieldapp

import (
	"net/http"
	"net/http/httptest"
	"testing"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }

// served answers on loopback with the field app of a folder, under the name that it has
// there, until the test ends.
func served(t testing.TB, c *clientsync.Client) (app *App, url string) {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.ServeHTTP(w, r) }))
	t.Cleanup(s.Close)
	app, err := New(Config{Client: c, Host: s.Listener.Addr().String()})
	if err != nil {
		t.Fatal(err)
	}
	return app, s.URL
}
