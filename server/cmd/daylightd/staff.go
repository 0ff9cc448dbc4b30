package main

import (
	"context"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// staffColumns are those of a staff file. Number and name are needed: a person is
// found again by the number.
var staffColumns = []string{"number", "name", "roles", "body"}

// importStaff adds the people of a CSV file, and changes those who are there, found by
// the office's number. Every row is read before the first is saved; reading the same
// file again changes nothing.
func importStaff(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("which file to read is missing", c.how())
		}
		people, err := readStaff(rest[0])
		if err != nil {
			return err
		}
		count := map[string]int{}
		for _, p := range people {
			what, err := saveStaff(ctx, o, p)
			if err != nil {
				c.say("%s (number %s) could not be saved; those before are saved.", p.Name, p.Number)
				return err
			}
			count[what]++
		}
		if c.json {
			c.print(map[string]any{"added": count["added"], "changed": count["changed"], "same": count["same"]})
		}
		c.say("%d people added, %d changed, %d as they were. Nobody was removed: disable those who have left.", count["added"], count["changed"], count["same"])
		return nil
	})
}

func readStaff(path string) (out []*daylightv1.Person, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, failed("the file cannot be read: "+err.Error(), "")
	}
	defer f.Close()
	r := csv.NewReader(f)
	header, err := r.Read()
	if err != nil {
		return nil, failed(path+" is not a CSV file: "+err.Error(), "Its first line names the columns: "+strings.Join(staffColumns, ",")+".")
	}
	at := map[string]int{}
	for i, name := range header {
		name = strings.ToLower(strings.Trim(name, " \ufeff"))
		if !slices.Contains(staffColumns, name) {
			return nil, failed(fmt.Sprintf("%s: there is no column %q; nothing was saved", path, name), "The columns are "+strings.Join(staffColumns, ", ")+".")
		}
		at[name] = i
	}
	seen := map[string]int{}
	for line := 2; ; line++ {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, failed(fmt.Sprintf("%s, line %d: %v; nothing was saved", path, line, err), "")
		}
		p, err := staffRow(at, row)
		if err == nil && seen[p.Number] > 0 {
			err = fmt.Errorf("number %s stands in line %d already", p.Number, seen[p.Number])
		}
		if err != nil {
			return nil, failed(fmt.Sprintf("%s, line %d: %v; nothing was saved", path, line, err), "")
		}
		seen[p.Number] = line
		out = append(out, p)
	}
}

func staffRow(at map[string]int, row []string) (*daylightv1.Person, error) {
	cell := func(name string) string {
		if i, ok := at[name]; ok {
			return strings.TrimSpace(row[i])
		}
		return ""
	}
	p := &daylightv1.Person{Number: cell("number"), Name: cell("name"), Body: cell("body")}
	if p.Number == "" || p.Name == "" {
		return nil, errors.New("number or name is missing")
	}
	var roles grants
	for _, s := range strings.FieldsFunc(cell("roles"), func(r rune) bool { return r == ' ' || r == ';' }) {
		if err := roles.Set(s); err != nil {
			return nil, err
		}
	}
	p.Grants = roles
	return p, nil
}

// saveStaff says whether the person was added, changed, or is as they were.
func saveStaff(ctx context.Context, o operator, p *daylightv1.Person) (string, error) {
	found, err := o.ListPeople(ctx, &daylightv1.ListPeopleRequest{Number: p.Number, IncludeDisabled: true})
	if err != nil {
		return "", err
	}
	what := "added"
	if len(found.People) > 0 {
		old := found.People[0]
		p.Id, p.Revision, p.Disabled = old.Id, old.Revision, old.Disabled
		if proto.Equal(p, old) {
			return "same", nil
		}
		what = "changed"
	}
	_, err = o.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: p})
	return what, err
}
