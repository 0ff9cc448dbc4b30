package main

import (
	"context"
	"flag"
	"time"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func tokenIssue(ctx context.Context, c *call) error {
	flags := flag.NewFlagSet(c.name, flag.ContinueOnError)
	days := flags.Int("days", 90, "how many days it is good for")
	var roles grants
	flags.Var(&roles, "role", "a `role` that the program has; may be given again")
	return c.onDirectory(ctx, flags, 1, func(o operator, rest []string) error {
		if len(rest) == 0 || len(roles) == 0 {
			return misused("the name of the program, or its --role, is missing", c.how())
		}
		r, err := o.IssueToken(ctx, &daylightv1.IssueTokenRequest{Token: &daylightv1.Token{
			Name: rest[0], Grants: roles, Until: time.Now().AddDate(0, 0, *days).UnixMilli(),
		}})
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"id": r.Token.Id, "secret": r.Secret, "until": moment(r.Token.Until)})
		}
		c.say("%s\n\nThis is the token of %s (%s), good until %s. It is shown once.\nThe program sends it as: Authorization: Bearer TOKEN", r.Secret, r.Token.Name, r.Token.Id, moment(r.Token.Until))
		return nil
	})
}

func tokenList(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 0, func(o operator, _ []string) error {
		r, err := o.ListTokens(ctx, &daylightv1.ListTokensRequest{})
		if err != nil {
			return err
		}
		tokens := []map[string]any{}
		for _, t := range r.Tokens {
			c.say("%s  %-20s %s, until %s, last used %s, revoked %s", t.Id, t.Name, grants(t.Grants).text(), moment(t.Until), moment(t.LastUsed), moment(t.RevokedAt))
			tokens = append(tokens, map[string]any{"id": t.Id, "name": t.Name, "roles": grants(t.Grants).text(), "until": moment(t.Until), "last_used": moment(t.LastUsed), "revoked": moment(t.RevokedAt)})
		}
		if c.json {
			c.print(map[string]any{"tokens": tokens})
		}
		return nil
	})
}

func tokenRevoke(ctx context.Context, c *call) error {
	return c.onDirectory(ctx, flag.NewFlagSet(c.name, flag.ContinueOnError), 1, func(o operator, rest []string) error {
		if len(rest) == 0 {
			return misused("which token is missing: its id", c.how())
		}
		r, err := o.RevokeToken(ctx, &daylightv1.RevokeTokenRequest{Token: rest[0]})
		if err != nil {
			return err
		}
		if c.json {
			c.print(map[string]any{"id": r.Token.Id, "revoked": moment(r.Token.RevokedAt)})
		}
		c.say("The token of %s is no longer good.", r.Token.Name)
		return nil
	})
}
