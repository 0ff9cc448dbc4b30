package fieldapp

import (
	"embed"
	"sync"

	"github.com/daylight-npm/daylight/internal/guide"
)

// The guide for monitors: a visit from packing to submission. It came with the program, so
// that it can be read without a network and while the folder is locked; nothing of a record is
// in it.

//go:embed guide
var guideFiles embed.FS

// theGuide is read once.
var theGuide = sync.OnceValue(func() *guide.Guide { return guide.Embedded(guideFiles, "guide") })

// Pictures of the pages are of one size.
const (
	pictureWidth  = 390
	pictureHeight = 700
)
