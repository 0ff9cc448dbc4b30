package fieldapp

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"

	"github.com/daylight-npm/daylight/internal/scenario"
)

// codePicture draws a code, so many points wide, with its quiet zone.
func codePicture(t testing.TB, text string, side int) *image.Gray {
	t.Helper()
	bits, err := qrcode.NewQRCodeWriter().Encode(text, gozxing.BarcodeFormat_QR_CODE, side, side, nil)
	if err != nil {
		t.Fatal(err)
	}
	m := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			if !bits.Get(x, y) {
				m.SetGray(x, y, color.Gray{0xff})
			}
		}
	}
	return m
}

// seen is the code as a camera sees it: turned, somewhere on a wall, under a light that
// shines on one corner.
func seen(code *image.Gray, w, h int, degrees float64, glare int) *image.Gray {
	m := image.NewGray(image.Rect(0, 0, w, h))
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	half := float64(code.Rect.Dx()) / 2
	for y := range h {
		for x := range w {
			dx, dy := float64(x)-float64(w)/2, float64(y)-float64(h)/2
			at := image.Pt(int(cos*dx+sin*dy+half), int(-sin*dx+cos*dy+half))
			light := 150
			if at.In(code.Rect) {
				light = 40 + int(code.GrayAt(at.X, at.Y).Y)*160/255
			}
			m.SetGray(x, y, color.Gray{uint8(min(255, light+glare*(w-x+h-y)/(w+h)))})
		}
	}
	return m
}

func pngOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func jpegOf(t testing.TB, m image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// claims is the head of a PNG that says it is so large.
func claims(w, h uint32) []byte {
	chunk := []byte("IHDR")
	chunk = binary.BigEndian.AppendUint32(chunk, w)
	chunk = append(binary.BigEndian.AppendUint32(chunk, h), 8, 2, 0, 0, 0)
	out := append([]byte("\x89PNG\r\n\x1a\n"), 0, 0, 0, 13)
	return binary.BigEndian.AppendUint32(append(out, chunk...), crc32.ChecksumIEEE(chunk))
}

func TestACodeIsReadFromAPicture(t *testing.T) {
	text := (&scenario.Door{}).Code(t, "Office")
	code := codePicture(t, text, 700)
	clear := image.NewNRGBA(code.Rect) // dark on nothing, as screens save it
	dark := image.NewGray(code.Rect)
	for i, light := range code.Pix {
		clear.Pix[4*i+3], dark.Pix[i] = 0xff-light, 0xff-light
	}
	colour := image.NewYCbCr(code.Rect, image.YCbCrSubsampleRatio420)
	copy(colour.Y, code.Pix)
	for i := range colour.Cb {
		colour.Cb[i], colour.Cr[i] = 100, 150
	}
	for shows, file := range map[string][]byte{
		"as it was made":          pngOf(t, code),
		"on nothing":              pngOf(t, clear),
		"light on dark":           pngOf(t, dark),
		"in colour":               jpegOf(t, colour),
		"upside down":             jpegOf(t, seen(code, 1200, 900, 180, 0)),
		"on its side, with glare": jpegOf(t, seen(code, 1200, 900, 90, 90)),
		"askew, with glare":       jpegOf(t, seen(code, 1200, 1200, 17, 110)),
		"small in a large view":   jpegOf(t, seen(codePicture(t, text, 500), 3000, 2200, -8, 40)),
	} {
		if got, err := codeIn(file); err != nil || got != text {
			t.Errorf("%s: %v, %q", shows, err, got)
		}
	}
}

func TestWhatIsNoPictureOfACode(t *testing.T) {
	blank := jpegOf(t, image.NewGray(image.Rect(0, 0, 600, 600)))
	code := pngOf(t, codePicture(t, "x", 200))
	for _, x := range []struct {
		shows string
		file  []byte
		want  error
	}{
		{"nothing", nil, errNoPicture},
		{"words", []byte("<svg onload=alert(1)>"), errNoPicture},
		{"a picture of another kind", []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), errNoPicture},
		{"half a picture", code[:len(code)/2], errNoPicture},
		{"a point", pngOf(t, image.NewGray(image.Rect(0, 0, 1, 1))), errNoCode},
		{"a line", pngOf(t, image.NewGray(image.Rect(0, 0, 5000, 1))), errNoCode},
		{"a wall", blank, errNoCode},
		{"a head that says it is huge", claims(1<<20, 1<<20), errPictureLarge},
		{"a head whose points overflow", claims(1<<31-1, 1<<31-1), errNoPicture},
		{"a head just too large", claims(mostPixels/1000+1, 1000), errPictureLarge},
		{"a head just small enough, and no more", claims(mostPixels/1000, 1000), errNoPicture},
		{"a file too large", append(bytes.Clone(code), make([]byte, mostPicture)...), errPictureLarge},
	} {
		if got, err := codeIn(x.file); err != x.want || got != "" {
			t.Errorf("%s: %v, %q", x.shows, err, got)
		}
	}
	if got, err := codeIn(append(bytes.Clone(code), make([]byte, mostPicture-len(code))...)); err != nil || got != "x" {
		t.Errorf("a file just small enough: %v", err)
	}
}

func (b *browser) enrolWith(file []byte) *httptest.ResponseRecorder {
	return b.uploadTo("/enrol/picture", "picture", "x.png", file)
}

func TestEnrolmentByAPicture(t *testing.T) {
	aside := t.TempDir()
	t.Setenv("TMPDIR", aside)
	text := (&scenario.Door{}).Code(t, "Office <i>")
	c := openClient(t)
	b := openApp(t, c)
	pageSays(t, b.get("/enrol"), 200, `accept="image/*" capture="environment"`, `enctype="multipart/form-data"`, "The picture is not kept")

	page := b.enrolWith(pngOf(t, codePicture(t, text, 700)))
	pageSays(t, page, 200, "The code was read from the picture", text+"</textarea>", `action="/enrol"`)
	goesTo(t, b.post("/enrol", form("code", text, "label", "tablet 3")), "/enrol")
	pageSays(t, b.get("/enrol"), 200, "Compare six words", "Office &lt;i&gt;")
	b.post("/enrol/other", form())
	pageSays(t, b.get("/enrol"), 200, "Somebody may stand in between", `capture="environment"`)
	pageSays(t, b.enrolWith(pngOf(t, codePicture(t, text, 700))), 200, text+"</textarea>")
	if files, err := os.ReadDir(aside); err != nil || len(files) > 0 {
		t.Errorf("something of a picture lies on the disk: %v %v", files, err)
	}
}

func TestEnrolmentByAPictureSaysWhatIsWrong(t *testing.T) {
	const foreign = `WIFI:S:<b>Gate</b>;P:the-password;;`
	c := openClient(t)
	b := openApp(t, c)
	for says, file := range map[string][]byte{
		"No code can be seen in this picture":   jpegOf(t, image.NewGray(image.Rect(0, 0, 600, 600))),
		"This is no PNG or JPEG picture":        []byte("words"),
		"This picture is larger than":           make([]byte, 2*mostPicture),
		"is not one that an office of Daylight": pngOf(t, codePicture(t, foreign, 400)),
	} {
		page := b.enrolWith(file)
		pageSays(t, page, 422, says, "Nothing was changed", `id="f-picture-e"`, "Enrol this device")
		for _, never := range []string{"the-password", "Gate", "was read from the picture"} {
			if strings.Contains(page.Body.String(), never) {
				t.Errorf("%s: the page says %q", says, never)
			}
		}
	}
	pageSays(t, b.enrolWith(nil), 422, "This is no PNG or JPEG picture")
	for _, tag := range []string{"ru", "uk", "tk", "ar"} {
		b.language = tag
		if page := b.enrolWith(nil).Body.String(); strings.Contains(page, "field-start.picture") || strings.Contains(page, "This is no PNG") {
			t.Errorf("%s has no words for it", tag)
		}
	}
	b.language = ""
	if w := b.uploadTo("/enrol/picture", "other", "x.png", []byte("x")); w.Code != http.StatusBadRequest {
		t.Errorf("a form without a picture: %d", w.Code)
	}
	if w := b.post("/enrol/picture", form("picture", "x")); w.Code != http.StatusBadRequest {
		t.Errorf("a form without a file: %d", w.Code)
	}
	pageSays(t, b.enrolWith(make([]byte, mostUpload+1)), 422, "larger than")
	b.post("/lock", form())
	goesTo(t, b.enrolWith(nil), "/unlock")
	b.cookie = nil
	pageSays(t, b.enrolWith(nil), 403)
}
