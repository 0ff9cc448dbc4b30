// Command gallery serves every part of the look in every state, to be looked at and to be
// tested in a browser. Every place, person and event in it is invented.
//
//	go run ./internal/look/gallery
package main

import (
	"fmt"
	"log"
	"net"
	"net/http"
	"time"

	"github.com/daylight-npm/daylight/internal/look"
)

func main() {
	listener, err := net.Listen("tcp", "127.0.0.1:8430")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("the gallery is at http://%s/\n", listener.Addr())
	server := &http.Server{Handler: handler(), ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.Serve(listener))
}

// moment is when the gallery is: the parts look the same every day.
var moment = time.Date(2026, 11, 17, 9, 2, 0, 0, time.UTC)

// pages are the gallery's, in order.
var pages = []struct {
	path string
	make func(*words, *http.Request) look.Page
}{
	{"/", home}, {"/question", question}, {"/versions", versions}, {"/unlock", unlock},
	{"/today", today}, {"/list", list}, {"/parts", parts}, {"/document", document}, {"/hostile", hostile},
}

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(look.AssetPrefix, look.Assets())
	mux.HandleFunc("GET "+picturePath, servePicture)
	mux.HandleFunc("POST /language", func(w http.ResponseWriter, r *http.Request) {
		look.SetLanguage(w, r, r.PostFormValue("language"))
		http.Redirect(w, r, "/parts", http.StatusSeeOther)
	})
	mux.HandleFunc("POST /theme", func(w http.ResponseWriter, r *http.Request) {
		look.SetTheme(w, r, look.Theme(r.PostFormValue("theme")))
		http.Redirect(w, r, "/parts", http.StatusSeeOther)
	})
	for _, p := range pages {
		path := p.path
		if path == "/" {
			path = "/{$}"
		}
		mux.HandleFunc(path, func(w http.ResponseWriter, r *http.Request) {
			zone := time.FixedZone("Asia/Ashgabat", 5*60*60)
			l := look.Words().Locale(look.LanguageOf(r), zone, moment)
			l.Translating = r.URL.Query().Has("translating")
			page := p.make(&words{l}, r)
			page.Locale, page.Theme = l, look.ThemeOf(r)
			if err := page.Write(w, http.StatusOK); err != nil {
				log.Print(err)
				http.Error(w, "the page cannot be drawn", http.StatusInternalServerError)
			}
		})
	}
	return mux
}

// words are a locale, and the gallery's own few sentences.
type words struct{ *look.Locale }

// say is what the gallery itself says, in three languages; the products' words are in the
// catalogue.
func (w *words) say(en, ru, ar string) look.Text {
	switch w.Tag {
	case "ru":
		return look.Plain(ru)
	case "ar":
		return look.Plain(ar)
	}
	return look.Plain(en)
}
