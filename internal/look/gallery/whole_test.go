package main

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"

	"github.com/daylight-npm/daylight/internal/look"
)

// TestEveryPartIsInTheGallery: a part that nobody looks at is not proven in a browser.
func TestEveryPartIsInTheGallery(t *testing.T) {
	shown := map[string]bool{}
	l := look.Words().Locale("en", nil, moment)
	for _, p := range pages {
		r := httptest.NewRequest(http.MethodGet, p.path, nil)
		collect(reflect.ValueOf(p.make(&words{l}, r)), shown)
	}
	refused := httptest.NewRequest(http.MethodPost, "/question", strings.NewReader(url.Values{"floor": {"ten"}}.Encode()))
	refused.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	collect(reflect.ValueOf(question(&words{l}, refused)), shown)
	for _, part := range partsOf(t) {
		if !shown[part] {
			t.Errorf("%s is not in the gallery", part)
		}
	}
}

// collect writes down every struct within a page.
func collect(v reflect.Value, shown map[string]bool) {
	switch v.Kind() {
	case reflect.Interface, reflect.Pointer:
		if !v.IsNil() && v.Type() != reflect.TypeFor[*look.Locale]() {
			collect(v.Elem(), shown)
		}
	case reflect.Slice:
		for i := range v.Len() {
			collect(v.Index(i), shown)
		}
	case reflect.Struct:
		shown[v.Type().Name()] = true
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() && !v.Field(i).IsZero() {
				collect(v.Field(i), shown)
			}
		}
	}
}

// partsOf are the names of all parts, from the source.
func partsOf(t *testing.T) (out []string) {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`func \((\w+)\) partial\(\)`).FindAllStringSubmatch(string(b), -1) {
			out = append(out, m[1])
		}
	}
	if len(out) < 50 {
		t.Fatalf("only %d parts found", len(out))
	}
	return out
}
