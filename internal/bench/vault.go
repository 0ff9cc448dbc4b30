package main

import (
	"context"
	"errors"
	"fmt"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// The steps of the vault, each in a process of its own. Its folder is a device's.
const (
	stepUnlock = "unlock" // folder: unlocks, besides what the passphrase costs
	stepSearch = "search" // folder, text: lists what has it
	stepFirst  = "first"  // folder: opens, unlocks and lists the first page
)

// firstPage is how many records a page shows.
const firstPage = 50

// vault measures what a person waits for at a device that encrypts: unlocking and
// searching 10,000 records, and the first page of 100,000.
func (b *bench) vault(ctx context.Context) error {
	for _, size := range []struct {
		visits int
		steps  []string
	}{
		{1667, []string{stepUnlock, stepSearch}}, {16667, []string{stepFirst}},
	} {
		dir, err := b.filled(ctx, size.visits)
		if err != nil {
			return err
		}
		for _, step := range size.steps {
			if err := b.vaultStep(ctx, step, dir, 6*size.visits); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) vaultStep(ctx context.Context, step, dir string, records int) error {
	var all []outcome
	for range b.runs {
		got, err := b.step(ctx, step, dir, "narrow corridor that nobody wrote of")
		if err != nil {
			return err
		}
		all = append(all, got)
	}
	what := map[string][2]string{
		stepUnlock: {"unlocked, besides the passphrase", "300 ms"},
		stepSearch: {"searched for a text that none has", "100 ms"},
		stepFirst:  {"opened, and the first page listed", "1 s"},
	}[step]
	m := middle(all)
	b.row(fmt.Sprintf("VAULT %d records %s", records, what[0]), ms(m.Took), "", "", what[1])
	b.row("   peak memory of the process", mib(m.PeakKiB+all[0].IdleKiB), "", "", "64 MiB")
	return nil
}

// filled is the folder of a device that has synced so many visits with their findings.
func (b *bench) filled(ctx context.Context, visits int) (dir string, err error) {
	o, err := b.loaded(ctx, workload(1, visits, 5))
	if err != nil {
		return "", err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	dir = b.folder()
	c, _, err := b.device(ctx, dir, o)
	if err != nil {
		return "", err
	}
	_, err = c.Sync(ctx)
	return dir, errors.Join(err, c.Close())
}

// onVault does a step of the vault.
func onVault(ctx context.Context, step, dir string, args []string) (got outcome, err error) {
	config := unlocked(clientsync.Config{Dir: dir})
	if step == stepFirst {
		return got, got.measure(func() error {
			c, err := clientsync.Open(ctx, config)
			if err != nil {
				return err
			}
			return errors.Join(firstOf(ctx, c), c.Close())
		})
	}
	passphrase := config.Passphrase
	config.Passphrase = ""
	c, err := clientsync.Open(ctx, config)
	if err != nil {
		return got, err
	}
	defer func() { err = errors.Join(err, c.Close()) }()
	unlock := func() error { return c.Unlock(ctx, passphrase) }
	if step == stepUnlock {
		return got, got.measure(unlock)
	}
	if err := unlock(); err != nil {
		return got, err
	}
	return got, got.measure(func() error {
		for item, err := range c.List(ctx, clientsync.Filter{Text: args[0]}) {
			if err != nil {
				return err
			}
			return fmt.Errorf("%v %s has the text", item.Kind, item.ID)
		}
		return nil
	})
}

func firstOf(ctx context.Context, c *clientsync.Client) error {
	n := 0
	for _, err := range c.List(ctx, clientsync.Filter{}) {
		if err != nil {
			return err
		}
		if n++; n == firstPage {
			return nil
		}
	}
	return fmt.Errorf("only %d records are there", n)
}
