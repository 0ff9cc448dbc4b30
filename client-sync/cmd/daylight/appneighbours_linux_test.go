package main

import (
	"fmt"
	"net"
	"os"
	"testing"
)

// TestWhoseAConnectionIs reads it of a real one.
func TestWhoseAConnectionIs(t *testing.T) {
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	mine, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	table, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		t.Skip("this system does not say")
	}
	at, to := conn.RemoteAddr().String(), conn.LocalAddr().String()
	if uid, ok := ownerOf(string(table), at, to); !ok || uid != os.Getuid() {
		t.Errorf("it is %d's, %t", uid, ok)
	}
	if foreign(conn) {
		t.Error("an own connection is taken for somebody else's")
	}
	line := fmt.Sprintf("   0: %s %s 01 00000000:00000000 00:00000000 00000000  4711        0 12345\n", inTable(at), inTable(to))
	if uid, ok := ownerOf("  sl  local_address rem_address   st\n"+line, at, to); !ok || uid != 4711 {
		t.Errorf("it is %d's, %t", uid, ok)
	}
	if _, ok := ownerOf(line, to, at); ok {
		t.Error("the other end is taken for this one")
	}
	for _, odd := range []string{"", "x", "[::1]:80", "@"} {
		if _, ok := ownerOf(line, odd, odd); ok {
			t.Errorf("%q has an owner", odd)
		}
	}
}

// TestSomebodyElsesConnectionIsClosed and the next is taken.
func TestSomebodyElsesConnectionIsClosed(t *testing.T) {
	inner, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer inner.Close()
	n := 0
	l := ownOnly{inner, func(net.Conn) bool { n++; return n == 1 }}
	theirs, err := net.Dial("tcp4", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer theirs.Close()
	mine, err := net.Dial("tcp4", inner.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer mine.Close()
	conn, err := l.Accept()
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if conn.RemoteAddr().String() != mine.LocalAddr().String() {
		t.Error("somebody else's is taken")
	}
	if _, err := theirs.Read(make([]byte, 1)); err == nil {
		t.Error("somebody else's is not closed")
	}
}
