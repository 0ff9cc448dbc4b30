package main

import (
	"context"
	"flag"
	"fmt"
	"strings"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// teamPrefix is that of the enum's names.
const teamPrefix = "TEAM_ROLE_"

// teamRoles reads --role LAWYER, given again and again.
type teamRoles []daylightv1.TeamRole

// String implements flag.Value.
func (r *teamRoles) String() string { return "" }

// Set implements flag.Value.
func (r *teamRoles) Set(s string) error {
	n, ok := daylightv1.TeamRole_value[teamPrefix+strings.ToUpper(s)]
	if !ok || n == 0 {
		var all []string
		for n := range len(daylightv1.TeamRole_name) - 1 {
			all = append(all, teamRole(daylightv1.TeamRole(n+1)))
		}
		return fmt.Errorf("there is no role %q in a team; the roles are %s", s, strings.Join(all, ", "))
	}
	*r = append(*r, daylightv1.TeamRole(n))
	return nil
}

func teamRole(r daylightv1.TeamRole) string { return strings.TrimPrefix(r.String(), teamPrefix) }

// team shows or changes who is in a visit's team, and with that who reads the visit.
func team(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	head := flags.Bool("head", false, "the person heads the visit")
	var roles teamRoles
	flags.Var(&roles, "role", "what the person is in the team, as MONITOR or PHYSICIAN; may be given again")
	return c.onDirectory(ctx, flags, 3, func(o operator, rest []string) error {
		if *head {
			roles = append(roles, daylightv1.TeamRole_TEAM_ROLE_HEAD)
		}
		switch {
		case len(rest) < 2:
			return misused("say which visit, and what to do: list, add or remove", c.how())
		case rest[1] == "list" && len(rest) == 2 && len(roles) == 0:
			r, err := o.ListTeam(ctx, &daylightv1.ListTeamRequest{Visit: rest[0]})
			if err != nil {
				return err
			}
			return c.showTeam(rest[0], r.Team)
		case len(rest) == 3 && (rest[1] == "add" || rest[1] == "remove" && len(roles) == 0):
			r, err := o.ChangeTeam(ctx, &daylightv1.ChangeTeamRequest{Visit: rest[0], Person: rest[2], Roles: roles, Remove: rest[1] == "remove"})
			if err != nil {
				return err
			}
			return c.showTeam(rest[0], r.Team)
		}
		return misused("that is not one of list, add PERSON and remove PERSON; roles go with add", c.how())
	})
}

func (c *call) showTeam(visit string, team []*daylightv1.Member) error {
	people := []map[string]any{}
	headed := false
	for _, m := range team {
		names := []string{}
		for _, r := range m.Roles {
			names = append(names, teamRole(r))
			headed = headed || r == daylightv1.TeamRole_TEAM_ROLE_HEAD
		}
		c.say("%s  %-30s %s", m.Person, m.Name, strings.Join(names, " "))
		people = append(people, map[string]any{"id": m.Person, "name": m.Name, "roles": names})
	}
	switch {
	case c.json:
		c.print(map[string]any{"visit": visit, "team": people})
	case len(team) == 0:
		c.say("Nobody is in the team of this visit.")
	case !headed:
		c.say("Nobody heads this visit: name somebody with add PERSON --head.")
	}
	return nil
}
