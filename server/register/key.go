package register

import (
	"strings"

	"github.com/google/uuid"

	"github.com/daylight-npm/daylight/internal/record"
)

// namespace is the root of all ids that are made from a register's row. It never
// changes: a place's id hangs on it.
var namespace = uuid.NewSHA1(uuid.NameSpaceURL, []byte("https://daylight-npm.github.io/register"))

// key is what a row is known by.
type key string

// unit stands between the parts of a key: no cell can hold it.
const unit = "\x1f"

func codeKey(source, code string) key { return key("code" + unit + source + unit + foldText(code)) }

func plainKey(source, jurisdiction, name, town, kind string) key {
	return key(strings.Join([]string{"plain", source, foldText(jurisdiction), foldText(name), foldText(town), foldText(kind)}, unit))
}

// id is the id of what is made from the row: the place itself, or an element of
// it. Ids are of version 5, so that the same row has the same on any machine.
func (k key) id(what string) record.ID {
	return record.ID(uuid.NewSHA1(namespace, []byte(what+unit+string(k))))
}

func (k key) place() record.ID  { return k.id("facility") }
func (k key) element() string   { return k.id("register").String() }
func (k key) capacity() string  { return k.id("capacity").String() }
func (k key) headcount() string { return k.id("population").String() }
