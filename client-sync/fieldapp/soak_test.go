//go:build soak

package fieldapp

import (
	"testing"
	"time"
)

func TestSoakKilledWhileTyping(t *testing.T) { huntTyping(t, 1000, uint64(time.Now().UnixNano())) }
