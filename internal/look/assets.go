package look

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"
)

//go:embed assets/*.css assets/*.js assets/icons.svg
var assetFiles embed.FS

// AssetPrefix is where both apps mount Assets.
const AssetPrefix = "/look/"

// asset is one file and the address that changes with its content.
type asset struct {
	name, url, kind string
	body            []byte
}

var assets = sync.OnceValue(func() map[string]asset {
	out := map[string]asset{}
	names, err := fs.Glob(assetFiles, "assets/*")
	if err != nil {
		panic(err)
	}
	for _, file := range names {
		body, err := assetFiles.ReadFile(file)
		if err != nil {
			panic(err)
		}
		a := asset{name: path.Base(file), body: body}
		sum := sha256.Sum256(body)
		ext := path.Ext(a.name)
		a.kind = mime.TypeByExtension(ext)
		a.url = AssetPrefix + strings.TrimSuffix(a.name, ext) + "." + hex.EncodeToString(sum[:6]) + ext
		out[a.name] = a
	}
	return out
})

// AssetURL is the address of a file of the look, as daylight.css; empty for one that there
// is not.
func AssetURL(name string) string { return assets()[name].url }

// Assets serves the files of the look under AssetPrefix. Their addresses change with their
// content, so that a browser keeps them for good; nothing of a record is in them.
func Assets() http.Handler {
	byURL := map[string]asset{}
	for _, a := range assets() {
		byURL[a.url] = a
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		a, ok := byURL[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		SecurityHeaders(w.Header())
		w.Header().Set("Content-Type", a.kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, a.name, time.Time{}, bytes.NewReader(a.body))
	})
}

// policy lets a page load the files of its own site and nothing else; no page of another
// site may frame it. connect-src is for the script that saves a field by itself.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// noMarkup is added where no script of a page makes markup of text.
const noMarkup = "; require-trusted-types-for 'script'; trusted-types 'none'"

// SecurityHeaders says to the browser what a page of ours may do: nothing from elsewhere,
// nothing to elsewhere, and nothing kept after it is closed.
func SecurityHeaders(h http.Header) {
	h.Set("Content-Security-Policy", policy)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Permissions-Policy", "geolocation=(), microphone=(), camera=(self), browsing-topics=()")
}
