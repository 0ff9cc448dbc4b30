package main

import (
	"context"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"time"
)

// knockFile is a socket in the folder by which a second start of the app finds the first.
// Whoever knocks gets no address: the one that runs opens the window itself, so that another
// program of the same person can make windows open and reads nothing.
const knockFile = "app.sock"

// patience is how long a knock waits for its answer.
const patience = 2 * time.Second

var answer = []byte("open\n")

// knock asks the app that runs on the folder, if one does, to open a window.
func knock(ctx context.Context, dir string) bool {
	d := net.Dialer{Timeout: patience}
	conn, err := d.DialContext(ctx, "unix", filepath.Join(dir, knockFile))
	if err != nil {
		return false
	}
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(patience))
	heard := make([]byte, len(answer))
	n, err := conn.Read(heard)
	return err == nil && string(heard[:n]) == string(answer)
}

// answerKnocks calls open for each. A folder whose path is too long for a socket goes
// without: then a second start says that the folder is in use. hush ends it.
func answerKnocks(ctx context.Context, dir string, open func()) (hush func()) {
	path := filepath.Join(dir, knockFile)
	_ = os.Remove(path) // the folder is ours: nobody else answers there
	l, err := (&net.ListenConfig{}).Listen(ctx, "unix", path)
	if err != nil {
		return func() {}
	}
	_ = os.Chmod(path, 0o600)
	quiet := make(chan struct{})
	go func() {
		defer close(quiet)
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			_ = conn.SetDeadline(time.Now().Add(patience))
			_, _ = conn.Write(answer)
			_ = conn.Close()
			open()
		}
	}()
	return func() {
		_ = l.Close()
		<-quiet
	}
}

var errNoBrowser = errors.New("no browser can be opened from here")

// openBrowser hands an address to the browser that the person has chosen.
func openBrowser(ctx context.Context, address string) error {
	var name string
	args := []string{address}
	switch runtime.GOOS {
	case "darwin":
		name = "open"
	case "windows":
		name, args = "rundll32", []string{"url.dll,FileProtocolHandler", address}
	default:
		if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
			return errNoBrowser // else a browser of the terminal would take it over
		}
		name = "xdg-open"
	}
	path, err := exec.LookPath(name)
	if err != nil {
		return errNoBrowser
	}
	cmd := exec.CommandContext(context.WithoutCancel(ctx), path, args...) // it outlives us
	if err := cmd.Start(); err != nil {
		return errNoBrowser
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	select { // it may stay as long as the browser does
	case err := <-ended:
		return err
	case <-time.After(patience):
		return nil
	}
}
