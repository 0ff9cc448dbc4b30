package enrol

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"
)

// SelfSigned makes a server's own certificate around its P-256 key, for the hosts:
// names or IP addresses. Devices look at the key alone; the names and dates are for
// a browser that somebody tells to trust it.
func SelfSigned(random io.Reader, key *ecdsa.PrivateKey, hosts []string, notBefore, notAfter time.Time) (tls.Certificate, error) {
	switch {
	case key == nil || key.Curve != elliptic.P256():
		return tls.Certificate{}, errors.New("making a certificate: the key is not an ECDSA key on P-256")
	case len(hosts) == 0:
		return tls.Certificate{}, errors.New("making a certificate: it needs the name or the address of a host")
	case !notBefore.Before(notAfter):
		return tls.Certificate{}, errors.New("making a certificate: it would be valid at no time")
	}
	template := serverTemplate(hosts, notBefore, notAfter)
	der, err := x509.CreateCertificate(random, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a certificate: %w", err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("making a certificate: %w", err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key, Leaf: leaf}, nil
}

// serverTemplate leaves the serial to x509, which makes it of 20 random bytes.
func serverTemplate(hosts []string, notBefore, notAfter time.Time) *x509.Certificate {
	c := &x509.Certificate{
		Subject:               pkix.Name{Organization: []string{"Daylight"}},
		NotBefore:             notBefore,
		NotAfter:              notAfter,
		KeyUsage:              x509.KeyUsageDigitalSignature,
		ExtKeyUsage:           []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
		BasicConstraintsValid: true,
	}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			c.IPAddresses = append(c.IPAddresses, ip)
		} else {
			c.DNSNames = append(c.DNSNames, h)
		}
	}
	return c
}

// ServerTLS is how the server talks: TLS 1.3, and no session tickets, whose key
// would open recorded sessions and which save nothing where one request is enough.
func ServerTLS(cert tls.Certificate) *tls.Config {
	return &tls.Config{
		Certificates:           []tls.Certificate{cert},
		MinVersion:             tls.VersionTLS13,
		SessionTicketsDisabled: true,
	}
}

// ClientTLS is how a device talks: TLS 1.3 with whoever has the key of one of the
// pins, and with nobody else; without a pin, with nobody. A connection to another
// ends with [ErrPin] before anything is written. nowMS is milliseconds since 1970
// UTC; nil is the system's clock.
//
// The key is all that is asked for. Not who signed the certificate: a state may
// order an authority that every phone trusts to sign another. Not its dates: a
// tablet whose battery was empty believes that it is 1970, and that must not keep a
// visit's words from the office. Not its names: the office's address may change.
// The pin vouches for the key, and TLS itself has the server prove in each
// handshake that it holds the other half.
func ClientTLS(pins []Pin, nowMS func() int64) *tls.Config {
	pins = slices.Clone(pins)
	config := &tls.Config{
		MinVersion: tls.VersionTLS13,
		// What this skips is the check of the chain, the name and the dates.
		InsecureSkipVerify: true,
		// Unlike VerifyPeerCertificate this also runs when a session is resumed.
		VerifyConnection: func(state tls.ConnectionState) error {
			if len(state.PeerCertificates) == 0 || !slices.Contains(pins, PinOf(state.PeerCertificates[0])) {
				return ErrPin
			}
			return nil
		},
	}
	if nowMS != nil {
		config.Time = func() time.Time { return time.UnixMilli(nowMS()) }
	}
	return config
}
