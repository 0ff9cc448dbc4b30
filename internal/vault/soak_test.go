//go:build soak

package vault

import "testing"

func TestSoakNonces(t *testing.T) { seals(t, 10_000_000) }
