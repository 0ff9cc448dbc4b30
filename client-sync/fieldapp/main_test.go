package fieldapp

import (
	"testing"

	"github.com/daylight-npm/daylight/internal/browsertest"
)

func TestMain(m *testing.M) { browsertest.Main(m) }
