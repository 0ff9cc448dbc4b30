package main

// terminalName is where the person is, whatever the streams are.
const terminalName = "CONIN$"
