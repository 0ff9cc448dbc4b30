package main

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"

	"github.com/daylight-npm/daylight/internal/look"
)

// picturePath is where the gallery has its picture. It is drawn, so that none lies about.
const picturePath = "/picture.png"

const pictureWidth, pictureHeight = 240, 160

func (w *words) picture() look.Picture {
	return look.Picture{Src: picturePath, Width: pictureWidth, Height: pictureHeight,
		Alt:     w.say("A window with one of its four panes lit", "Окно, в котором светится одна из четырёх частей", "نافذة أُضيء أحد ألواحها الأربعة"),
		Caption: w.say("A picture of the guide, with what it shows", "Рисунок из руководства с подписью", "صورة من الدليل مع شرحها")}
}

// servePicture draws the window.
func servePicture(w http.ResponseWriter, _ *http.Request) {
	m := image.NewPaletted(image.Rect(0, 0, pictureWidth, pictureHeight), color.Palette{
		color.Gray{0xe8}, color.Gray{0x40}, color.RGBA{0xff, 0xd8, 0x4a, 0xff}})
	for y := range pictureHeight {
		for x := range pictureWidth {
			switch {
			case x%(pictureWidth/2) < 6 || y%(pictureHeight/2) < 6:
				m.SetColorIndex(x, y, 1)
			case x > pictureWidth/2 && y < pictureHeight/2:
				m.SetColorIndex(x, y, 2)
			}
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		http.Error(w, "the picture is not drawn", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "image/png")
	_, _ = w.Write(b.Bytes())
}
