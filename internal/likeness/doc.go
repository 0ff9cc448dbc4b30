// Package likeness finds records that two people made of the same thing without a
// network between them, and says what joining them would do. It promises that it only
// ever suggests: a person looks at both and decides, both histories stay, and a merge is
// undone by clearing one field.
//
//	Places, Visits   records --> pairs that may be one, with a score and reasons
//	Carry, Take      what the loser says and the winner does not, and taking it over
//	Merge, Unmerge   the loser's merged_into, and why it may not be set
//
// # Names
//
// One place is written in several scripts: "ИК-14 «Зелёный Яр»", "Виправна колонія № 14
// Зелений Яр", "Colony No. 14 (Zelyony Yar)", "14-nji koloniýa". A name is taken apart
// into
//
//	words     what the place is called, in one alphabet of sounds: Cyrillic, Turkmen
//	          and the usual transliterations of both fall together
//	numbers   14, 161/3, 7b: they tell places apart that are called alike
//	marks     north and south, men and women
//	classes   colony, police, hospital: words of institutions in four languages
//
// A differing number or mark is never a likeness, however alike the words are. Words are
// compared by their letters, two letters in ten may differ.
//
// # Cost
//
// Only records that share something are compared: a word's consonants, a number with its
// region or class, a code, a row of a register, a square of a kilometre; for visits a
// day. 6,000 places take a fraction of a second.
//
// There is no I/O, no clock and no randomness in this package.
package likeness
