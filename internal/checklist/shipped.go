package checklist

import (
	"bytes"
	"compress/gzip"
	"embed"
	"io"
	"io/fs"
	"sync"

	"google.golang.org/protobuf/proto"

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
func Shipped() []*daylightv1.Checklist { return shippedForms() }

var shippedForms = sync.OnceValue(func() (out []*daylightv1.Checklist) {
	names, err := fs.Glob(shippedFiles, "shipped/*/*.binpb.gz")
	for _, name := range names {
		var packed []byte
		if packed, err = shippedFiles.ReadFile(name); err != nil {
			break
		}
		f := &daylightv1.Checklist{}
		if err = unpack(packed, f); err != nil {
			break
		}
		out = append(out, f)
	}
	if err != nil { // what is embedded is as a test saw it
		panic(err)
	}
	return out
})

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
