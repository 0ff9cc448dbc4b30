// Package server is the office's side of Daylight: one handler over one store. It
// promises that an answer which says "saved" is given only after a durable commit,
// that every refusal says what happened and what to do, and that no word of a
// record reaches a log.
//
//	New(Config) --> Handler   every service, and /healthz
//	            --> Serve     the same on a listener of this machine, until the context ends
//	            --> ServeTLS  the same where other machines reach it, once the office is made
//	            --> Local     the directory, for whoever sits at the server, and bundles
//	            --> TakeBundle, AnswerBundle  a sync that comes in a file
//	            --> TakeRescue  what was saved from a device that cannot sync any more
//	            --> Duplicates, Merge  what was made twice, and joining it
//
// A request passes, from the outside in: one line of log, the bound on its size, who it
// is from and whether they may call this at all (rules), the number of requests at a
// time, Connect (which reads protobuf or JSON, pressed or not), the deadline and the one
// map of errors, and then a service.
// RecordService serves every kind that is not sealed, the services by name the first three.
// The services hold no logic of their own: what is true is decided in
// internal/exchange and internal/record, and kept by server/store.
//
// An office that has been made (server/directory) answers nobody without a token, and
// each caller by the roles of its person: package access says what may be read and
// written. What a caller sees is a store.Sight made of their roles; what they may
// change, a gate that asks about each change. Other machines may reach it by ServeTLS
// alone. One that has not been made knows nobody, lets every caller read and write
// everything, and therefore refuses every listener that other machines can reach.
package server
