package main

import (
	"context"
	"flag"
	"fmt"
	"runtime"
	"runtime/debug"
)

func versionCommand() command {
	return command{
		name: "version", line: "say which program this is",
		prepare: func(*flag.FlagSet) action { return version },
	}
}

func version(_ context.Context, c *call, _ []string) error {
	module, revision := "(devel)", ""
	if info, ok := debug.ReadBuildInfo(); ok {
		if info.Main.Version != "" {
			module = info.Main.Version
		}
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				revision = s.Value
			}
		}
	}
	if c.json {
		return writeJSON(c.out, map[string]string{"version": module, "revision": revision, "go": runtime.Version()})
	}
	fmt.Fprintf(c.out, "daylight %s %s\n", module, runtime.Version())
	return nil
}
