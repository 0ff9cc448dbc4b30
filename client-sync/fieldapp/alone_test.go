package fieldapp

import (
	"strings"
	"testing"
)

// TestADeviceOfNoOfficePromisesNone: nobody but itself has a key, and there is nobody to give
// one to.
func TestADeviceOfNoOfficePromisesNone(t *testing.T) {
	b := openApp(t, openClient(t))
	for path, says := range map[string]struct{ that, never string }{
		"/readers": {"this device alone can open", "recovery key"},
		"/desk":    {"Nothing sealed is on this device", "/desk/rewrap"},
		"/two":     {"Nothing stands in two versions", "0 fields"},
	} {
		page := b.get(path)
		pageSays(t, page, 200, says.that)
		if strings.Contains(page.Body.String(), says.never) {
			t.Errorf("%s speaks of %q", path, says.never)
		}
	}
}
