package checklist

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The sheets that the forms are made of stand beside them, one folder a form and one a
// version. Devices have no importer, so the forms are made from them beforehand; a test
// of the importer shows that they are what the sheets say, and makes them anew.
//
//go:generate make -C ../.. checklists
//go:embed shipped/*/*.binpb.gz
var shippedFiles embed.FS

// Shipped lists the forms that came with the program, by code and version. Do not change
// them: every caller has the same.
func Shipped() (out []*daylightv1.Checklist) {
	for _, f := range shippedForms() {
		out = append(out, f.read())
	}
	return out
}

// ShippedForm gives one of them by its id; it reads no other.
func ShippedForm(id record.ID) (*daylightv1.Checklist, bool) {
	for _, f := range shippedForms() {
		if f.id == id {
			return f.read(), true
		}
	}
	return nil, false
}

// Ships reports whether a form came with the program; it reads none.
func Ships(id record.ID) bool {
	return slices.ContainsFunc(shippedForms(), func(f shippedForm) bool { return f.id == id })
}

// shippedForm is read when it is asked for.
type shippedForm struct {
	id   record.ID
	read func() *daylightv1.Checklist
}

var shippedForms = sync.OnceValue(func() (out []shippedForm) {
	names, err := fs.Glob(shippedFiles, "shipped/*/*.binpb.gz")
	must(err)
	for _, name := range names {
		code, version := path.Base(path.Dir(name)), strings.TrimSuffix(path.Base(name), ".binpb.gz")
		out = append(out, shippedForm{FormID(code, version), sync.OnceValue(func() *daylightv1.Checklist {
			packed, err := shippedFiles.ReadFile(name)
			must(err)
			f := &daylightv1.Checklist{}
			must(unpack(packed, f))
			return f
		})})
	}
	return out
})

// must: what is embedded is as a test saw it.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// maxPacked bounds what a shipped form may unpack to.
const maxPacked = 16 << 20

// unpack reads a form as it is shipped into f.
func unpack(packed []byte, f *daylightv1.Checklist) error {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return err
	}
	text, err := io.ReadAll(io.LimitReader(r, maxPacked))
	if err != nil {
		return err
	}
	return proto.Unmarshal(text, f)
}
