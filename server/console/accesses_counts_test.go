package console_test

import (
	"net/http"
	"testing"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/directory"
)

func TestNotesThatCountAreReadInTheReadersLanguage(t *testing.T) {
	w := newWorld(t)
	for _, note := range []string{"a list was exported: 14 records, visit", "a register was imported: 3 places", "a list was exported: some records, of a newer kind"} {
		w.must(w.directory.Log(t.Context(), directory.Exported, record.ID{}, note, directory.By{Call: "/visits/export"}))
	}
	b := w.member(w.person("Auditor", auditorRole))
	b.headers = map[string]string{"Accept-Language": "ru"}
	b.get("/access-log").wants(http.StatusOK, "Выгружен список. Посещение: 14", "Загружен реестр. Мест: 3", "a list was exported: some records")
}
