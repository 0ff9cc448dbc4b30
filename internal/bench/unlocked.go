package main

import (
	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/vault"
)

// unlocked opens a folder without the work that a passphrase costs, which is the same
// whatever is in the folder: -only vault measures what unlocking costs besides.
func unlocked(c clientsync.Config) clientsync.Config {
	c.Passphrase, c.Cost = "what opens the folder", vault.ForTests
	return c
}
