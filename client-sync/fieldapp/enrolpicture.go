package fieldapp

import (
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"

	"github.com/daylight-npm/daylight/internal/look"
	"github.com/daylight-npm/daylight/internal/recordpage"
)

// A code can be taken by the camera. What is read from the picture stands then where it would
// have been pasted, to be sent or not.

// picturePart asks for a picture of the code; the browser of a phone opens its camera.
func (t *turn) picturePart(f *look.Form) look.Part {
	return look.Section{Heading: t.say("field-start.picture"), Body: []look.Part{
		look.Questions{Action: "/enrol/picture", Files: true, Body: []look.Part{
			look.Input{Name: "picture", Type: "file", Label: t.say("field-start.picture-file"), Hint: t.say("field-start.picture-hint"),
				Accept: "image/*", Capture: true, Required: true, Error: fieldError(f, "picture")},
			look.Button{Text: t.say("field-start.picture-do"), Icon: look.IconCamera, Wide: true}}}}}
}

// mostUpload is how much of a picture that is too large is still taken in and thrown away:
// a browser that is cut off shows nothing of the answer.
const mostUpload = 64 << 20

// enrolByPicture reads the code and shows it in the form.
func (t *turn) enrolByPicture() error {
	file, err := pictureOf(t.w, t.r)
	if err != nil && !errors.Is(err, errPictureLarge) {
		return err
	}
	var code string
	if err == nil {
		t.looking.Lock() // pictures take memory: one at a time
		code, err = codeIn(file)
		t.looking.Unlock()
	}
	f, bad := look.FormOf(t.locale, url.Values{"code": {code}})
	if bad != nil {
		return bad
	}
	switch {
	case errors.Is(err, errPictureLarge):
		f.Refuse("picture", t.say("field-start.picture-large", "limit", t.locale.Bytes(mostPicture)))
	case errors.Is(err, errNoPicture):
		f.Refuse("picture", t.say("field-start.picture-none"))
	case err != nil:
		f.Refuse("picture", t.say("field-start.picture-no-code"))
	case t.client.CheckCode(code) != nil:
		// Another code may be a ticket, a network's password, somebody's address: it is not shown.
		if f, err = look.FormOf(t.locale, nil); err != nil {
			return err
		}
		f.Refuse("picture", t.say("field-start.picture-other"))
	}
	return t.showEnrol(f)
}

// pictureOf takes the file out of the request as it comes; nothing of it is put aside on the
// disk, as a form with files would be.
func pictureOf(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, mostUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, recordpage.ErrForm
	}
	for {
		part, err := parts.NextPart()
		if err != nil { // none is left, or what came is no form
			return nil, recordpage.ErrForm
		}
		if part.FormName() == "picture" {
			return wholePart(part)
		}
	}
}

func wholePart(part *multipart.Part) ([]byte, error) {
	file, err := io.ReadAll(io.LimitReader(part, mostPicture+1))
	if err == nil && len(file) > mostPicture {
		_, _ = io.Copy(io.Discard, part)
		return nil, errPictureLarge
	}
	if err != nil {
		return nil, recordpage.ErrForm
	}
	return file, nil
}
