package main

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	clientsync "github.com/daylight-npm/daylight/client-sync"
)

// progress is one line on a terminal that is written over and over. A nil progress
// shows nothing: standard error is a file or a pipe.
type progress struct {
	w  io.Writer
	fd int
}

func newProgress(w io.Writer) *progress {
	if !isTerminal(w) {
		return nil
	}
	p := &progress{w, int(w.(*os.File).Fd())}
	p.line("Reaching the office ...")
	return p
}

func (p *progress) show(r clientsync.Report) {
	if p == nil {
		return
	}
	line := fmt.Sprintf("Received %s, %s", count(r.Pulled, "record", "records"), size(r.BytesUp+r.BytesDown))
	if r.ToPush > 0 {
		line = fmt.Sprintf("Sent %d of %d, %d %%. ", r.Pushed, r.ToPush, 100*min(r.Pushed, r.ToPush)/r.ToPush) + line
	}
	p.line(line)
}

// line writes over what stands there, cut to the width of the terminal.
func (p *progress) line(text string) {
	if width, _, err := term.GetSize(p.fd); err == nil && width > 1 {
		text = text[:min(len(text), width-1)]
	}
	fmt.Fprint(p.w, "\r\x1b[K"+text)
}

func (p *progress) end() {
	if p != nil {
		p.line("")
	}
}

// isTerminal reports whether a person is at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}
