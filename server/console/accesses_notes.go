package console

import (
	"regexp"

	"github.com/daylight-npm/daylight/internal/look"
)

// noteKeys are the words for each fixed text that the access log holds. A test walks the
// sources for them.
var noteKeys = map[string]look.Key{
	"a body was saved":                                      "office-notes.body",
	"a bundle of this device was answered":                  "office-notes.bundle-answered",
	"a bundle of this device was taken":                     "office-notes.bundle-taken",
	"a change that was not taken was read":                  "office-notes.turned-read",
	"a checklist was taken out":                             "office-notes.checklist-out",
	"a code was not good":                                   "office-notes.bad-code",
	"a device signed in":                                    "office-notes.device-came",
	"a device was approved":                                 "office-notes.device-approved",
	"a device was enrolled":                                 "office-notes.device-enrolled",
	"a device was invited":                                  "office-notes.device-invited",
	"a device was renewed":                                  "office-notes.device-renewed",
	"a device was revoked":                                  "office-notes.device-revoked",
	"a first-sign-in code was made":                         "office-notes.first-made",
	"a first-sign-in code was used":                         "office-notes.first-used",
	"a list of readers was taken":                           "office-notes.readers",
	"a merge was undone":                                    "office-notes.unmerged",
	"a passkey was added":                                   "office-notes.key-added",
	"a passkey was named":                                   "office-notes.key-named",
	"a passkey was removed":                                 "office-notes.key-removed",
	"a passphrase and one-time codes were set":              "office-notes.passphrase-set",
	"a passphrase was removed":                              "office-notes.passphrase-removed",
	"a person has set up how to sign in":                    "office-notes.set-up",
	"a person proved again who they are":                    "office-notes.proved",
	"a person signed in with a passkey":                     "office-notes.in-passkey",
	"a person signed in with a passphrase":                  "office-notes.in-passphrase",
	"a person signed in with a recovery code":               "office-notes.in-recovery",
	"a person signed out":                                   "office-notes.out",
	"a person was added":                                    "office-notes.person-added",
	"a person was changed":                                  "office-notes.person-changed",
	"a program signed in":                                   "office-notes.program-came",
	"a record was merged into another":                      "office-notes.merged",
	"a reset of a sign-in was approved":                     "office-notes.reset-approved",
	"a reset of a sign-in was proposed":                     "office-notes.reset-proposed",
	"a reset of a sign-in was refused":                      "office-notes.reset-refused",
	"a restricted record was read":                          "office-notes.read",
	"a restricted record was removed":                       "office-notes.removed",
	"a restricted record was saved, and shown as it is now": "office-notes.saved",
	"a session ended: its time was over":                    "office-notes.end-old",
	"a session ended: nothing was done for 15 minutes":      "office-notes.end-idle",
	"a session ended: what the person may do was changed":   "office-notes.end-changed",
	"a session was ended":                                   "office-notes.ended",
	"a sign-in was refused":                                 "office-notes.in-refused",
	"a stranger could not sign in":                          "office-notes.stranger",
	"a token was issued":                                    "office-notes.token-issued",
	"a token was revoked":                                   "office-notes.token-revoked",
	"a visit's team was changed":                            "office-notes.team",
	"all other sessions were ended":                         "office-notes.ended-others",
	"all sessions of a person were ended":                   "office-notes.ended-all",
	"answers to a checklist were taken out":                 "office-notes.answers-out",
	"everything was taken out":                              "office-notes.all-out",
	"everything was taken out, with the office's keys":      "office-notes.all-keys-out",
	"new recovery codes were made":                          "office-notes.recovery-codes",
	"not allowed":                                           "office-notes.not-allowed",
	"the access log was read":                               "office-notes.log-read",
	"the history of a restricted record was read":           "office-notes.history",
	"the office got a key for bundles":                      "office-notes.bundle-key",
	"the office has another recovery key":                   "office-notes.recovery-key",
	"the office has another root key":                       "office-notes.root-key",
	"the office was changed":                                "office-notes.office-changed",
	"the office was made":                                   "office-notes.office-made",
	"the office was read from an archive":                   "office-notes.office-archive",
	"the team of a restricted visit was read":               "office-notes.team-read",
	"the whole log was taken out":                           "office-notes.log-out",
	"what was rescued from a device was taken":              "office-notes.rescued",
}

// Notes that say how many.
var (
	notedList     = regexp.MustCompile(`^a list was exported: ([0-9]+) records, ([a-z_]+)$`)
	notedRegister = regexp.MustCompile(`^a register was imported: ([0-9]+) places$`)
)

// notedFormat begins a note that ends with the name of a format.
const notedFormat = "records were taken out as "
