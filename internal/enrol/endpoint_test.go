package enrol

import (
	"strings"
	"testing"
)

func TestCleanEndpoint(t *testing.T) {
	for text, want := range map[string]string{
		"https://office.example":              "https://office.example",
		" HTTPS://Office.Example:8443// ":     "https://office.example:8443",
		"https://office.example/Daylight/":    "https://office.example/Daylight",
		"https://192.0.2.7":                   "https://192.0.2.7",
		"https://[2001:DB8::1]:8443":          "https://[2001:db8::1]:8443",
		"https://xn--e1afmkfd.example":        "https://xn--e1afmkfd.example",
		"http://localhost:8080/":              "http://localhost:8080",
		"http://127.3.2.1":                    "http://127.3.2.1",
		"http://[::1]:8080":                   "http://[::1]:8080",
		"https://" + strings.Repeat("a", 127): "https://" + strings.Repeat("a", 127),
	} {
		if got, err := CleanEndpoint(text); err != nil || got != want {
			t.Errorf("%q: got %q, %v, want %q", text, got, err, want)
		}
	}
}

func TestCleanEndpointRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"":                                    "not an address",
		"office.example":                      "not an address",
		"https:office.example":                "not an address",
		"https://":                            "not an address",
		"https://%zz":                         "not an address",
		"https://" + strings.Repeat("a", 128): "too long",
		"ftp://office.example":                "does not begin with https://",
		"https://me:pass@office.example":      "more than a host",
		"https://@office.example":             "more than a host",
		"https://office.example?x=1":          "more than a host",
		"https://office.example?":             "more than a host",
		"https://office.example#":             "more than a host",
		"https://офис.example":                "its host or its port",
		"https://a_b!c":                       "its host or its port",
		"https://-":                           "its host or its port",
		"https://[fe80::1%25eth0]":            "its host or its port",
		"https://office.example:":             "its host or its port",
		"https://office.example:0":            "its host or its port",
		"https://office.example:70000":        "its host or its port",
		"https://office.example/a/../b":       "its path",
		"https://office.example//b":           "its path",
		"http://office.example":               "same machine",
		"http://192.168.1.1":                  "same machine",
		"http://localhost.office.example":     "same machine",
		"http://127.0.0.1.office.example":     "same machine",
		"http://0.0.0.0":                      "same machine",
	} {
		t.Run(text, func(t *testing.T) {
			_, err := CleanEndpoint(text)
			wantError(t, err, says)
		})
	}
}

func FuzzEndpoint(f *testing.F) {
	f.Add("https://office.example:8443/a")
	f.Add("http://[::1]/%2e/")
	f.Add("HTTPS://A.B./")
	f.Fuzz(func(t *testing.T, text string) {
		clean, err := CleanEndpoint(text)
		if err != nil {
			wantError(t, err, "")
			return
		}
		if again, err := CleanEndpoint(clean); err != nil || again != clean {
			t.Fatalf("%q is clean, but cleaned again it is %q, %v", clean, again, err)
		}
		if strings.ContainsAny(clean, "@?# ") || len(clean) > len(secure)+maxAddress {
			t.Fatalf("%q has what does not belong there", clean)
		}
	})
}
