// Package arch promises that the rooms of this house stay apart: its test
// fails when a package imports what the table in rooms_test.go does not let it
// import. The standard library may be imported everywhere.
//
// To open a new room, add its row to the table; the row is where others read
// what the room is allowed to know.
package arch
