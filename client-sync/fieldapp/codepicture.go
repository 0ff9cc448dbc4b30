package fieldapp

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	_ "image/jpeg" // what cameras make
	_ "image/png"  // what screens are saved as

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

// A code of the office is read from a picture of it. The picture is looked at in memory and
// nowhere else: it is in no file, no log and no record. The library that finds the code, a
// port of ZXing under the MIT licence, is pure Go, so that the same pages read codes inside a
// phone app, on a laptop, without a network and without script; browsers alone do not
// everywhere.

const (
	// mostPicture bounds its file, in bytes.
	mostPicture = 8 << 20
	// mostPixels bounds what it unfolds to, as its head says: a small file can say that it
	// is as large as memory. Phones take 12 to 24 million by themselves.
	mostPixels = 25 << 20
)

var (
	errNoPicture    = errors.New("this is neither a PNG nor a JPEG picture")
	errPictureLarge = errors.New("the picture is too large to be looked at")
	errNoCode       = errors.New("no code can be seen in the picture")
)

// sizesLookedAt are the longest sides, in pixels, at which a code is looked for: noise and
// the weave of a screen go away in a small picture, and a code that fills a corner of the
// view is still there in a large one.
var sizesLookedAt = []int{900, 1800, 3600}

// codeIn reads the QR code in a picture.
func codeIn(file []byte) (string, error) {
	if len(file) > mostPicture {
		return "", errPictureLarge
	}
	head, _, err := image.DecodeConfig(bytes.NewReader(file))
	if err != nil || head.Width <= 0 || head.Height <= 0 {
		return "", errNoPicture
	}
	if head.Width > mostPixels/head.Height {
		return "", errPictureLarge
	}
	m, _, err := image.Decode(bytes.NewReader(file))
	if err != nil {
		return "", errNoPicture
	}
	longest := max(head.Width, head.Height)
	for i, size := range sizesLookedAt {
		if i > 0 && longest <= sizesLookedAt[i-1] {
			break // it was looked at whole
		}
		if text, ok := lookAt(grey(m, (longest+size-1)/size)); ok {
			return text, nil
		}
	}
	return "", errNoCode
}

// lookAt tries the ways of telling dark from light: by what is near, which sees through
// shadow and glare; by the whole, which sees through blur; and with dark for light, as
// screens in the dark show a code.
func lookAt(m *image.Gray) (text string, ok bool) {
	side := m.Bounds().Size()
	source, err := gozxing.NewPlanarYUVLuminanceSource(m.Pix, side.X, side.Y, 0, 0, side.X, side.Y, false)
	if err != nil {
		return "", false
	}
	for _, b := range []gozxing.Binarizer{
		gozxing.NewHybridBinarizer(source), gozxing.NewGlobalHistgramBinarizer(source), gozxing.NewHybridBinarizer(source.Invert()),
	} {
		if text, ok = decoded(b); ok {
			return text, true
		}
	}
	return "", false
}

// decoded has the library look for a code. It follows lines through whatever a picture holds,
// and where it leaves the picture it panics: then there is no code that it can read.
func decoded(b gozxing.Binarizer) (text string, ok bool) {
	defer func() {
		if recover() != nil {
			text, ok = "", false
		}
	}()
	bits, err := gozxing.NewBinaryBitmap(b)
	if err != nil {
		return "", false
	}
	found, err := qrcode.NewQRCodeReader().Decode(bits, map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true})
	if err != nil {
		return "", false
	}
	return found.GetText(), true
}

// grey is how light a picture is, with squares of so many pixels made one.
func grey(m image.Image, square int) *image.Gray {
	from := m.Bounds()
	out := image.NewGray(image.Rect(0, 0, max(1, from.Dx()/square), max(1, from.Dy()/square)))
	light := lightOf(m)
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum, n := 0, 0
			for dy := y * square; dy < min((y+1)*square, from.Dy()); dy++ {
				for dx := x * square; dx < min((x+1)*square, from.Dx()); dx++ {
					sum, n = sum+int(light(from.Min.X+dx, from.Min.Y+dy)), n+1
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / n)
		}
	}
	return out
}

// lightOf gives how light a point is. What can be seen through lies on white.
func lightOf(m image.Image) func(x, y int) uint8 {
	switch m := m.(type) {
	case *image.YCbCr:
		return func(x, y int) uint8 { return m.Y[m.YOffset(x, y)] }
	case *image.Gray:
		return func(x, y int) uint8 { return m.Pix[m.PixOffset(x, y)] }
	}
	return func(x, y int) uint8 {
		at := m.At(x, y)
		_, _, _, a := at.RGBA()
		return color.GrayModel.Convert(at).(color.Gray).Y + uint8((0xffff-a)>>8)
	}
}
