package main

import (
	"encoding/binary"
	"fmt"
	"net"
	"net/netip"
	"os"
	"strconv"
	"strings"
)

// foreign asks the kernel's table of connections who has the other end. Root is let in: it
// reads everything, and on some systems carries what the browser of another one asks.
func foreign(conn net.Conn) bool {
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return false // the system does not say
	}
	uid, ok := ownerOf(string(table), conn.RemoteAddr().String(), conn.LocalAddr().String())
	return ok && uid != os.Getuid() && uid != 0
}

// ownerOf finds whose end of a connection is at the first address, in the form of
// /proc/net/tcp: numbers in hexadecimal, an address in the order of the machine.
func ownerOf(table, at, to string) (uid int, ok bool) {
	at, to = inTable(at), inTable(to)
	for line := range strings.Lines(table) {
		f := strings.Fields(line)
		if len(f) < 8 || f[1] != at || f[2] != to {
			continue
		}
		uid, err := strconv.Atoi(f[7])
		return uid, err == nil
	}
	return 0, false
}

func inTable(address string) string {
	a, err := netip.ParseAddrPort(address)
	if err != nil || !a.Addr().Unmap().Is4() {
		return "-"
	}
	ip := a.Addr().Unmap().As4()
	return fmt.Sprintf("%08X:%04X", binary.NativeEndian.Uint32(ip[:]), a.Port())
}
