package record

import daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"

// Restricted reports whether a record says that it is, or is of a sealed kind, which is
// restricted whatever it says. Classes of a newer program are taken for stricter ones.
func Restricted(m Message) bool {
	if k, err := KindOf(m); err == nil && Sealed(k) {
		return true
	}
	c, ok := m.(interface {
		GetConfidentiality() daylightv1.ConfidentialityClass
	})
	return ok && c.GetConfidentiality() >= daylightv1.ConfidentialityClass_CONFIDENTIALITY_CLASS_RESTRICTED
}
