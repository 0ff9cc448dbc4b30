package console_test

import (
	"crypto/ed25519"
	"crypto/rand"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/daylight-npm/daylight/internal/enrol"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/proto/gen/daylight/v1/daylightv1connect"
	"github.com/daylight-npm/daylight/server/directory"
)

// enrolled enrols a device of a person with a code, or one of the directory's, and gives its
// id.
func (w *world) enrolled(p *daylightv1.Person, code *enrol.Code) string {
	w.Helper()
	if code == nil {
		c, err := enrol.NewCode(rand.Reader, []string{"https://office.example"}, []enrol.Pin{{1, 2, 3}})
		w.must(err)
		id, err := record.ParseID(p.Id)
		w.must(err)
		_, err = w.directory.Invite(w.Context(), id, enrol.HashSecret(c.Secret), directory.By{})
		w.must(err)
		code = &c
	}
	key := ed25519.NewKeyFromSeed([]byte(strings.Repeat(p.Id, 2)[:32]))
	q := &daylightv1.EnrolRequest{Secret: code.Secret[:], Key: key.Public().(ed25519.PublicKey), Proof: enrol.Prove(key, code.Secret), Label: p.Name + "'s <phone>"}
	r, err := daylightv1connect.NewEnrolmentServiceClient(w.browser().http, w.url).Enrol(w.Context(), q)
	w.must(err)
	return r.Device
}

func TestADeviceIsEnrolledComparedAndShutOut(t *testing.T) {
	w := reached(t)
	o, err := w.directory.Office(t.Context())
	w.must(err)
	o.SecondApproval = true
	_, err = w.directory.SaveOffice(t.Context(), o, directory.By{})
	w.must(err)
	admin := w.member(w.admin)
	p := w.person("Monitor", monitorRole)
	admin.get("/devices").wants(200, "No device")
	admin.get("/devices/invite").wants(200, "Whose device will it be?", "Monitor")
	admin.get("/devices/invite?person="+p.Id).wants(200, "A device for Monitor", "It works once, for 15 minutes.", "A second person, who did not make this code")
	admin.post("/devices/invite", "person", p.Id).wants(200, "It is not shown again", `class="qr"`, "Good once, until")
	var text string
	for _, m := range regexp.MustCompile(`class="mono">([0-9A-Z-]+)<`).FindAllStringSubmatch(admin.page, -1) {
		text += m[1]
	}
	code, err := enrol.Parse(text)
	w.must(err)
	id := w.enrolled(p, &code)

	devices, _, err := w.directory.ListDevices(t.Context(), directory.DeviceQuery{})
	w.must(err)
	words := devices[0].GetWords()
	admin.get("/devices?show=waiting").wants(200, "Monitor's <phone>", "Waiting")
	admin.get("/devices/"+id).wants(200, "Somebody else than whoever invited the device lets it in")
	admin.post("/devices/"+id+"/approve", "words", words).wants(403, "Somebody else than whoever invited")
	head := w.member(w.person("Head", headRole))
	head.get("/devices/"+id).wants(200, "The six words")
	if strings.Contains(head.page, strings.Fields(words)[0]+" ") || strings.Contains(head.page, "<phone>") {
		t.Error("the page shows the words that are to be heard, or a label as markup")
	}
	head.post("/devices/"+id+"/approve", "words", "one two three four five six").wants(422, "These are not the words of this device", `value="one two three four five six"`)
	head.post("/devices/"+id+"/approve", "words", "  "+strings.ToUpper(words)+" ").wants(200, "Let in.", "In use")
	head.get("/devices/"+id).wants(200, "by Head")

	w.pass(6 * 24 * time.Hour)
	admin.signIn()
	admin.get("/devices?show=waiting").wants(200, "No device")
	admin.get("/devices/"+id+"/revoke").wants(200, "Shut out Monitor's <phone> of Monitor?", "Nothing is erased on it from here", "Records its person may read now")
	admin.post("/devices/"+id+"/revoke").wants(200, "Shut out from now on.", "What it may hold", "What it has not sent is unknown")
	admin.get("/devices?show=revoked&q=PHONE").wants(200, "Shut out")
	admin.get("/devices?q=nobody").wants(200, "No device")
	admin.get("/devices/" + p.Id).wants(404)
	admin.get("/devices?after=x").wants(404)
	admin.get("/people/"+p.Id).wants(200, "Monitor's <phone>")
	for _, note := range []string{"a device was invited", "a device was enrolled", "a device was approved", "a device was revoked"} {
		if !strings.Contains(strings.Join(w.notes(), "\n"), note) {
			t.Errorf("no line says %q", note)
		}
	}
}

// What somebody may have lost is seen in the list.
func TestDevicesThatAreSilent(t *testing.T) {
	w := reached(t)
	p := w.person("Monitor", monitorRole)
	id := w.enrolled(p, nil)
	b := w.member(w.admin)
	b.get("/devices").wants(200, "never", "not known yet", "In use")
	of, err := record.ParseID(id)
	w.must(err)
	w.must(w.store.File().Write(t.Context(), func(x *sqlitedb.Tx) error {
		_, err := x.Exec(`UPDATE devices SET last_seen = $1`, w.now().UnixMilli())
		return err
	}))
	w.must(w.directory.Told(t.Context(), of, []byte("0123456789abcdef"), 17))
	b.get("/devices").wants(200, "today", ">17<")
	w.pass(9 * 24 * time.Hour)
	b.signIn()
	b.get("/devices?show=silent").wants(200, "Silent: 9 days", "silent for five days or more: 1")
}
