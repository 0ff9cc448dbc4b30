package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
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
		in, err := o.letIn(ctx, r.Person.Id, 0)
		if err != nil {
			return err
		}
		if c.json {
			c.print(withLink(personFacts(r.Person), in))
			return nil
		}
		return errors.Join(c.showPerson(r.Person), c.showLink(r.Person, in))
	})
}

// letIn asks for a first-sign-in code.
func (o operator) letIn(ctx context.Context, person string, lasts time.Duration) (in server.LetIn, err error) {
	err = o.ask(ctx, server.SignInPath, server.LetInAsked{Person: person, Minutes: int(lasts / time.Minute)}, &in)
	return in, err
}

func personFacts(p *daylightv1.Person) map[string]any {
	return map[string]any{"id": p.Id, "name": p.Name, "roles": grants(p.Grants).text(), "disabled": p.Disabled, "number": p.Number}
}

func withLink(facts map[string]any, in server.LetIn) map[string]any {
	facts["sign_in"] = map[string]any{"code": in.Code, "link": in.Link, "until": moment(in.Until)}
	return facts
}

// showLink says how a person sets up a sign-in.
func (c *call) showLink(p *daylightv1.Person, in server.LetIn) error {
	c.say("\n  %s\n\nWith this link %s sets up how they sign in at the office's pages. It works once, until %s.\n"+
		"Hand it over yourself: whoever has it is %s to the office. Without the link, the code is typed at /welcome:\n  %s",
		in.Link, p.Name, moment(in.Until), p.Name, in.Code)
	return nil
}

// userSignIn lets a person set up anew how they sign in.
func userSignIn(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	lasts := flags.Duration("for", 24*time.Hour, "how long the link is good, from 15m to 72h")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if len(rest) == 0 || *lasts < 15*time.Minute || *lasts > 72*time.Hour {
			return misused("say who by their id, and at most for 72h and at least for 15m", c.how())
		}
		found, err := o.ListPeople(ctx, &daylightv1.ListPeopleRequest{Id: rest[0], IncludeDisabled: true})
		if err != nil {
			return err
		}
		if len(found.People) == 0 {
			return failed("there is nobody with the id "+rest[0], "Look with daylightd user list.")
		}
		in, err := o.letIn(ctx, rest[0], *lasts)
		if err != nil {
			return err
		}
		if c.json {
			c.print(withLink(personFacts(found.People[0]), in))
			return nil
		}
		return c.showLink(found.People[0], in)
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
		c.print(personFacts(p))
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
				people = append(people, personFacts(p))
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
