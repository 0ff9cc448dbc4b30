package enrol

import (
	"net/netip"
	"net/url"
	"path"
	"strconv"
	"strings"
)

// maxAddress bounds what stands behind the "://", in bytes.
const maxAddress = 127

const (
	secure = "https://"
	plain  = "http://"
)

// CleanEndpoint gives the one form of a server's address: https, or http where it
// does not leave the machine; the host in lower case; no slash at the end. It
// refuses what does not belong there, a password above all.
func CleanEndpoint(text string) (string, error) {
	text = strings.TrimSpace(text)
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Opaque != "" || len(text) > len(secure)+maxAddress+1 {
		return "", badEndpoint("it is not an address, or too long a one")
	}
	u.Scheme, u.Host = strings.ToLower(u.Scheme), strings.ToLower(u.Host)
	p := strings.TrimRight(u.EscapedPath(), "/")
	switch {
	case u.Scheme != "https" && u.Scheme != "http":
		return "", badEndpoint("it does not begin with https://")
	case u.User != nil || strings.ContainsAny(text, "?#@"):
		return "", badEndpoint("it has more than a host, a port and a path")
	case !goodHost(u.Hostname()) || !goodPort(u):
		return "", badEndpoint("its host or its port cannot be one")
	case u.Scheme == "http" && !loopback(u.Hostname()):
		return "", badEndpoint("plain http is only for a server on the same machine")
	case p != "" && path.Clean(p) != p:
		return "", badEndpoint("its path has empty parts or dots")
	}
	clean := u.Scheme + "://" + u.Host + p
	if len(afterScheme(clean)) > maxAddress {
		return "", badEndpoint("it is not an address, or too long a one")
	}
	return clean, nil
}

func badEndpoint(why string) error {
	return &Error{
		Message: "this address of a server cannot be used: " + why,
		Hint:    "Write it like https://office.example or https://office.example:8443, a name in other letters as xn--...",
	}
}

func goodHost(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Zone() == ""
	}
	const letters = "abcdefghijklmnopqrstuvwxyz0123456789-._"
	return host != "" && strings.Trim(host, letters) == "" && strings.Trim(host, "-._") != ""
}

func goodPort(u *url.URL) bool {
	if u.Port() == "" {
		return !strings.HasSuffix(u.Host, ":")
	}
	n, err := strconv.ParseUint(u.Port(), 10, 16)
	return err == nil && n > 0
}

// loopback reports whether what is sent to the host stays on the machine.
func loopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

func afterScheme(endpoint string) string {
	_, address, _ := strings.Cut(endpoint, "://")
	return address
}
