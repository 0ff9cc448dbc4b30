// Package fieldapp is the reference field app: the pages with which a monitor records a
// visit, offline, on a phone, a tablet or a laptop. It promises that whatever was typed is
// on the device two seconds later, that no other site or program on the device can read a
// page of it, and that it uses nothing of Daylight but what every app developer has: the
// packages clientsync, terms and forms, and the look of the pages.
//
// # Pages
//
// Pages are made here and drawn by internal/look; they work without script. Each form
// carries the record as it was shown (form.go), its controls are named by the path of what
// they hold (path.go), and what is posted is laid over the record and saved against it. So
// a form may be saved after a sync, a lock or a kill and changes what its author changed,
// and nothing has to be kept in memory between two requests. The script only sends what is
// typed sooner, control by control; of that the app remembers what each form has saved last,
// so that a page which goes can send the rest without having had an answer (following.go).
//
// # Who may look
//
// The app listens on loopback, under a name made for this run, and lets in the browser
// that the program opened (safety.go). Addresses hold no ids: a record is named by a handle
// that means nothing in the next run (handle.go). Titles say the kind of page only.
package fieldapp
