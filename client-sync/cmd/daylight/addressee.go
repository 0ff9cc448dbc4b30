package main

import (
	"context"
	"fmt"
	"slices"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// devicesNamed gives the devices that the words name, each once.
func (c *call) devicesNamed(ctx context.Context, words []string) (out []clientsync.BundleDevice, err error) {
	all, err := c.client.BundleDevices(ctx)
	if err != nil {
		return nil, err
	}
	directory, err := c.client.Directory(ctx)
	if err != nil {
		return nil, err
	}
	for _, who := range words {
		found, err := devicesOf(who, all, directory.People)
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if !slices.Contains(out, d) {
				out = append(out, d)
			}
		}
	}
	return out, nil
}

// leastID is how much of a device's id is needed.
const leastID = 8

// devicesOf gives all devices of the person who is called that, or the one device with
// that label or that beginning of its id. A bundle that the wrong person can open cannot
// be called back: what could mean several is refused.
func devicesOf(who string, all []clientsync.BundleDevice, people []clientsync.Colleague) ([]clientsync.BundleDevice, error) {
	var persons, labels, ids []clientsync.BundleDevice
	for _, d := range all {
		if strings.EqualFold(d.Person, who) {
			persons = append(persons, d)
		}
		if strings.EqualFold(d.Device, who) {
			labels = append(labels, d)
		}
		if len(who) >= leastID && strings.HasPrefix(d.ID, strings.ToLower(who)) {
			ids = append(ids, d)
		}
	}
	found := slices.Concat(persons, labels, ids)
	slices.SortFunc(found, func(a, b clientsync.BundleDevice) int { return strings.Compare(a.ID, b.ID) })
	found = slices.Compact(found)
	namesakes := 0
	for _, p := range people {
		if strings.EqualFold(p.Name, who) {
			namesakes++
		}
	}
	switch {
	case len(found) == 0:
		return nil, nobodyNamed(who, all, namesakes)
	case len(persons) > 0 && (namesakes > 1 || several(persons)), len(found) > 1 && len(found) != len(persons):
		return nil, severalNamed(who, found)
	}
	return found, nil
}

// several reports whether the devices are of more than one person.
func several(devices []clientsync.BundleDevice) bool {
	return slices.ContainsFunc(devices, func(d clientsync.BundleDevice) bool { return d.PersonID != devices[0].PersonID })
}

func nobodyNamed(who string, all []clientsync.BundleDevice, known int) error {
	if known > 0 {
		return fail(clientsync.NotFound, quoted(who)+" has no device that takes bundles; nothing was written",
			"Their device tells the office of itself with its next sync, and this one hears of it with the sync after that. Or they make a bundle for this device first.")
	}
	var names []string
	for _, d := range all {
		names = append(names, clean(d.Person), clean(d.Device))
	}
	return fail(clientsync.NotFound, "there is nobody, and no device, called "+quoted(who)+"; nothing was written",
		didYouMean("", who, names, `"daylight bundle list" shows who there is, and what a device's id begins with.`))
}

func severalNamed(who string, found []clientsync.BundleDevice) error {
	const most = 8
	var hint strings.Builder
	hint.WriteString("Name the devices by their ids:")
	for i, d := range found {
		if i == most {
			fmt.Fprintf(&hint, "\n... and %d more", len(found)-most)
			break
		}
		fmt.Fprintf(&hint, "\n%s  %s", d.ID, nameOf(d.Person, d.Device))
	}
	return fail(clientsync.Invalid, quoted(who)+" could mean several; nothing was written", hint.String())
}
