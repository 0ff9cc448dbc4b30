package main

import "net"

// ownOnly takes connections of this person's programs, where the system says whose they are:
// other people of the computer reach the same port, and may read the address on its way to
// the browser.
type ownOnly struct {
	net.Listener
	// foreign reports whether a connection is of somebody else.
	foreign func(net.Conn) bool
}

// Accept gives the next.
func (l ownOnly) Accept() (net.Conn, error) {
	for {
		conn, err := l.Listener.Accept()
		if err != nil || !l.foreign(conn) {
			return conn, err
		}
		_ = conn.Close()
	}
}
