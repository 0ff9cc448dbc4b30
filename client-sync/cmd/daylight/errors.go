package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// usageError is a command line that makes no sense.
type usageError struct{ message, hint string }

func (e *usageError) Error() string { return e.message }

func wrongUse(message, hint string) error { return &usageError{message, hint} }

// fail makes an error of our own in the library's form. Code 0 means Internal.
func fail(code clientsync.Code, message, hint string) error {
	if code == 0 {
		code = clientsync.Internal
	}
	return &clientsync.Error{Code: code, Message: message, Hint: hint}
}

// unknownCommand guesses what was meant.
func unknownCommand(name string) error {
	otherwise := `The commands are: ` + commandNames() + `.`
	hint := didYouMean("daylight ", name, strings.Split(commandNames(), ", "), otherwise)
	if kind, ok := kindNamed(name); ok {
		hint = fmt.Sprintf("Did you mean daylight list %v, or daylight save %v?", kind, kind)
	} else if meant, ok := otherWords[strings.ToLower(name)]; ok {
		hint = "Did you mean daylight " + meant + "?"
	} else if hint == otherwise {
		if word := nearest(name, slices.Sorted(maps.Keys(otherWords))); word != "" {
			hint = "Did you mean daylight " + otherWords[word] + "?"
		}
	}
	return wrongUse("there is no command "+quoted(name), hint)
}

// otherWords are what people who know other tools type.
var otherWords = map[string]string{
	"push": "sync", "pull": "sync", "send": "sync", "upload": "sync",
	"show": "get ID", "cat": "get ID", "read": "get ID",
	"add": "save KIND", "create": "save KIND", "new": "save KIND", "edit": "save KIND", "put": "save KIND",
	"ls": "list", "search": "list --text WORDS", "find": "list --text WORDS",
	"rm": "remove ID", "delete": "remove ID", "undo": "remove --undo ID", "restore": "remove --undo ID",
	"log": "history ID", "diff": "conflicts", "join": "merge LOSER WINNER",
	"import": "bundle take FILE", "export": "bundle make --to WHO", "share": "bundle make --to WHO",
	"backup": "rescue --to FILE", "rejected": "refused",
}

// end prints the error, if there is one, and gives the exit code. It is the only
// place that prints errors.
func (c *call) end(ctx context.Context, err error) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, errAttention):
		return exitAttention
	}
	code, kind, message, hint := explain(ctx, err)
	if c.json {
		c.errorJSON(kind, message, hint)
		return code
	}
	fmt.Fprintln(c.err, "daylight: "+clean(message))
	for line := range strings.Lines(hint) {
		fmt.Fprintln(c.err, "  "+clean(strings.TrimRight(line, "\n")))
	}
	return code
}

// explain cuts an error to what is shown. An error that is nobody's words is shown
// as a fault of ours and without its text, which may be content.
func explain(ctx context.Context, err error) (code int, kind, message, hint string) {
	var usage *usageError
	var ours *clientsync.Error
	switch {
	case errors.As(err, &usage):
		return exitUsage, "usage", usage.message, usage.hint
	case ctx.Err() != nil:
		return exitFailed, "stopped", "stopped; everything that was saved before is kept here", `Start it again when you like; "daylight status" says how things stand.`
	case errors.As(err, &ours):
		return exitFailed, ours.Code.String(), ours.Message, upper(ours.Hint)
	}
	return exitFailed, clientsync.Internal.String(), "this program made a mistake; everything that was saved before is kept here",
		"Set DAYLIGHT_LOG=1 to see more, and tell the office."
}

func (c *call) errorJSON(kind, message, hint string) {
	type fault struct {
		Code    string `json:"code"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
	}
	b, _ := json.Marshal(map[string]fault{"error": {kind, message, hint}})
	fmt.Fprintln(c.err, string(b))
}

// quoted shows a word of the command line, cut to a length that cannot hide an error.
func quoted(s string) string {
	const most = 40
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "..."
	}
	return strconv.Quote(s)
}
