package store_test

import (
	"testing"

	"github.com/daylight-npm/daylight/server/store"
	"github.com/daylight-npm/daylight/server/store/storetest"
)

func TestSQLiteKeepsTheContract(t *testing.T) {
	storetest.Run(t, func(t *testing.T, dir string) *store.Store {
		s, err := store.Open(t.Context(), store.Config{Dir: dir, Now: storetest.Now})
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}
