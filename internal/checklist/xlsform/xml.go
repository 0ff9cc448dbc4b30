package xlsform

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"
)

// scanner walks the XML of a workbook's parts. A sheet may have a hundred thousand cells
// that hold a style and nothing else; this passes over them ten times as fast as the
// standard library's decoder, which is what makes an answer within a second. It knows
// elements, attributes, text, CDATA and references, and nothing of document types: a part
// that has one is damaged, or worse.
type scanner struct {
	data []byte
	at   int
	bad  bool
}

// token is one step: an element that begins or ends, or text.
type token struct {
	kind  tokenKind
	name  string // without its prefix
	attrs []byte
	text  []byte // raw, still with references
	plain bool   // text was CDATA
}

type tokenKind uint8

const (
	endOfFile tokenKind = iota
	opens
	closes
	empties // opens and closes at once
	texts
)

var (
	commentEnd = []byte("-->")
	cdata      = []byte("<![CDATA[")
	cdataEnd   = []byte("]]>")
)

// next gives the next step. A part that breaks off, or that is no XML, ends early and
// leaves bad set.
func (s *scanner) next() token {
	for s.at < len(s.data) {
		rest := s.data[s.at:]
		if rest[0] != '<' {
			end := bytes.IndexByte(rest, '<')
			if end < 0 {
				end = len(rest)
			}
			s.at += end
			return token{kind: texts, text: rest[:end]}
		}
		switch {
		case len(rest) < 2:
			return s.broken()
		case rest[1] == '?':
			if !s.skip(rest, []byte("?>")) {
				return s.broken()
			}
		case bytes.HasPrefix(rest, []byte("<!--")):
			if !s.skip(rest, commentEnd) {
				return s.broken()
			}
		case bytes.HasPrefix(rest, cdata):
			end := bytes.Index(rest, cdataEnd)
			if end < 0 {
				return s.broken()
			}
			s.at += end + len(cdataEnd)
			return token{kind: texts, text: rest[len(cdata):end], plain: true}
		case rest[1] == '!':
			return s.broken()
		default:
			return s.element(rest)
		}
	}
	return token{}
}

func (s *scanner) broken() token {
	s.bad, s.at = true, len(s.data)
	return token{}
}

func (s *scanner) skip(rest, end []byte) bool {
	i := bytes.Index(rest, end)
	if i < 0 {
		return false
	}
	s.at += i + len(end)
	return true
}

// element reads a tag. A > inside a quoted value does not end it.
func (s *scanner) element(rest []byte) token {
	end, quote := -1, byte(0)
	for i := 1; i < len(rest); i++ {
		c := rest[i]
		if quote != 0 {
			if c == quote {
				quote = 0
			}
			continue
		}
		if c == '"' || c == '\'' {
			quote = c
		} else if c == '>' {
			end = i
			break
		}
	}
	if end < 0 {
		return s.broken()
	}
	s.at += end + 1
	inside, t := rest[1:end], token{kind: opens}
	switch {
	case len(inside) > 0 && inside[0] == '/':
		t.kind, inside = closes, inside[1:]
	case len(inside) > 0 && inside[len(inside)-1] == '/':
		t.kind, inside = empties, inside[:len(inside)-1]
	}
	n := bytes.IndexAny(inside, " \t\r\n")
	if n < 0 {
		n = len(inside)
	}
	t.name, t.attrs = spelt(local(inside[:n])), inside[n:]
	return t
}

// spelt gives the names that come a hundred thousand times without making a string.
func spelt(name []byte) string {
	switch string(name) {
	case "c":
		return "c"
	case "v":
		return "v"
	case "row":
		return "row"
	case "t":
		return "t"
	case "si":
		return "si"
	}
	return string(name)
}

func local(name []byte) []byte {
	if i := bytes.IndexByte(name, ':'); i >= 0 {
		return name[i+1:]
	}
	return name
}

// attr is the value of an attribute by its name with prefix or without; empty where it
// is not there.
func (t token) attr(name string) string {
	rest := t.attrs
	for {
		rest = bytes.TrimLeft(rest, " \t\r\n")
		eq := bytes.IndexByte(rest, '=')
		if eq < 0 {
			return ""
		}
		key := bytes.TrimRight(rest[:eq], " \t\r\n")
		rest = bytes.TrimLeft(rest[eq+1:], " \t\r\n")
		if len(rest) == 0 || rest[0] != '"' && rest[0] != '\'' {
			return ""
		}
		end := bytes.IndexByte(rest[1:], rest[0])
		if end < 0 {
			return ""
		}
		if string(key) == name || string(local(key)) == name {
			return unescape(rest[1 : end+1])
		}
		rest = rest[end+2:]
	}
}

// string is the text with its references resolved.
func (t token) string() string {
	if t.plain {
		return string(t.text)
	}
	return unescape(t.text)
}

func unescape(b []byte) string {
	amp := bytes.IndexByte(b, '&')
	if amp < 0 {
		return string(b)
	}
	var out strings.Builder
	for amp >= 0 {
		out.Write(b[:amp])
		b = b[amp:]
		end := bytes.IndexByte(b, ';')
		if end < 0 || end > 12 {
			out.WriteByte('&')
			b = b[1:]
		} else {
			out.WriteString(reference(string(b[1:end])))
			b = b[end+1:]
		}
		amp = bytes.IndexByte(b, '&')
	}
	out.Write(b)
	return out.String()
}

var named = map[string]string{"amp": "&", "lt": "<", "gt": ">", "quot": `"`, "apos": "'"}

func reference(name string) string {
	if s, ok := named[name]; ok {
		return s
	}
	digits, base := strings.CutPrefix(name, "#")
	if !base {
		return "&" + name + ";"
	}
	in := 10
	if hex, ok := strings.CutPrefix(strings.ToLower(digits), "x"); ok {
		digits, in = hex, 16
	}
	n, err := strconv.ParseUint(digits, in, 32)
	if err != nil || n > utf8.MaxRune {
		return "\ufffd"
	}
	return string(rune(n))
}
