package main

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// rolePrefix is that of the enum's names.
const rolePrefix = "OFFICE_ROLE_"

// grants reads --role MONITOR, REGIONAL_REP@UA-32 or MONITOR:2027-01-31, given again
// and again.
type grants []*daylightv1.Grant

// String implements flag.Value.
func (g *grants) String() string { return "" }

// Set implements flag.Value.
func (g *grants) Set(s string) error {
	head, until, ends := strings.Cut(s, ":")
	role, region, _ := strings.Cut(head, "@")
	n, ok := daylightv1.OfficeRole_value[rolePrefix+strings.ToUpper(role)]
	if !ok || n == 0 {
		return fmt.Errorf("there is no role %q; the roles are %s", role, strings.Join(roleNames(), ", "))
	}
	grant := &daylightv1.Grant{Role: daylightv1.OfficeRole(n), Region: strings.ToUpper(region)}
	if ends {
		day, err := time.Parse(time.DateOnly, until)
		if err != nil {
			return fmt.Errorf("%q is not a day like 2027-01-31", until)
		}
		grant.Until = day.AddDate(0, 0, 1).UnixMilli() // that day is the last
	}
	*g = append(*g, grant)
	return nil
}

func roleNames() (out []string) {
	for n := range len(daylightv1.OfficeRole_name) - 1 {
		out = append(out, strings.TrimPrefix(daylightv1.OfficeRole(n+1).String(), rolePrefix))
	}
	return out
}

func (g grants) text() string {
	var out []string
	for _, x := range g {
		s := strings.TrimPrefix(x.GetRole().String(), rolePrefix)
		if x.GetRegion() != "" {
			s += "@" + x.GetRegion()
		}
		if x.GetUntil() > 0 {
			s += ":" + time.UnixMilli(x.GetUntil()).UTC().AddDate(0, 0, -1).Format(time.DateOnly)
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}

func userAdd(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	p := &daylightv1.Person{}
	var roles grants
	flags.StringVar(&p.Number, "number", "", "the office's own `number` of the person")
	flags.StringVar(&p.Body, "body", "", "the `code` of the body that the person belongs to")
	flags.Var(&roles, "role", "a `role`, as MONITOR, REGIONAL_REP@UA-32 or MONITOR:2027-01-31; may be given again")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("the person's name is missing", c.how())
		}
		p.Name, p.Grants = rest[0], roles
		r, err := o.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: p})
		if err != nil {
			return err
		}
		return c.showPerson(r.Person)
	})
}

// userChange reads a person, changes what the flags say, and saves that.
func userChange(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	name := flags.String("name", "", "another `name`")
	disable := flags.Bool("disable", false, "let the person do nothing any more")
	enable := flags.Bool("enable", false, "let the person do again what the roles say")
	var roles grants
	flags.Var(&roles, "role", "the `roles` from now on, in the place of those that were; may be given again")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if len(rest) == 0 || *disable && *enable {
			return misused("say whom, and one thing at a time", c.how())
		}
		found, err := o.ListPeople(ctx, &daylightv1.ListPeopleRequest{Id: rest[0], IncludeDisabled: true})
		if err != nil {
			return err
		}
		if len(found.People) == 0 {
			return failed("there is nobody with the id "+rest[0], "Look with daylightd user list.")
		}
		p := found.People[0]
		if *name != "" {
			p.Name = *name
		}
		if len(roles) > 0 {
			p.Grants = roles
		}
		p.Disabled = p.Disabled && !*enable || *disable
		r, err := o.SavePerson(ctx, &daylightv1.SavePersonRequest{Person: p})
		if err != nil {
			return err
		}
		return c.showPerson(r.Person)
	})
}

func (c *call) showPerson(p *daylightv1.Person) error {
	if c.json {
		c.print(map[string]any{"id": p.Id, "name": p.Name, "roles": grants(p.Grants).text(), "disabled": p.Disabled, "number": p.Number})
		return nil
	}
	mark := ""
	if p.Disabled {
		mark = "  (disabled)"
	}
	c.say("%s  %-30s %s%s", p.Id, p.Name, grants(p.Grants).text(), mark)
	return nil
}

func userList(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	all := flags.Bool("all", false, "those who are disabled too")
	return c.onDirectory(ctx, flags, 0, func(o operator, _ []string) error {
		people := []map[string]any{}
		for q := (&daylightv1.ListPeopleRequest{PageSize: 500, IncludeDisabled: *all}); ; {
			r, err := o.ListPeople(ctx, q)
			if err != nil {
				return err
			}
			for _, p := range r.People {
				if !c.json {
					_ = c.showPerson(p)
				}
				people = append(people, map[string]any{"id": p.Id, "name": p.Name, "roles": grants(p.Grants).text(), "disabled": p.Disabled, "number": p.Number})
			}
			if q.PageToken = r.NextPageToken; q.PageToken == "" {
				break
			}
		}
		if c.json {
			c.print(map[string]any{"people": people})
		}
		return nil
	})
}
