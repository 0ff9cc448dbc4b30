// Package guide reads a guide that comes with a program, and shows it as pages: chapter by
// chapter, in the languages that have it, with pictures. A chapter is a file
// LANGUAGE/NN-NAME.md of a few signs:
//
//	# What the chapter is called       the first paragraph says what it is good for
//	## A part of it
//	- a point, or 1. a step
//	> what has to be known
//	![what is to be seen](picture) and what stands under it
//	**weight**, [another chapter](name), {field-edit.tab-send}
//
// The last is a message of the catalogue, shown as the pages show it to this reader, so that
// the guide calls everything as the page does.
package guide
