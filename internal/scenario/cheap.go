package scenario

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/vault"
)

// Cheap opens a folder without the work that a passphrase costs otherwise: tests open
// hundreds.
func Cheap(c clientsync.Config) clientsync.Config {
	c.Cost = vault.ForTests
	if c.Passphrase == "" {
		c.Passphrase = "what opens the folder"
	}
	return c
}
