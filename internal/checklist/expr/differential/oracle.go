package main

import (
	"bufio"
	"context"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
)

// The oracle's program, and which packages it needs, each by version and checksum.
//
//go:embed oracle
var oracle embed.FS

// zone is the device's: five hours ahead of UTC, all year.
const zone = "Etc/GMT-5"

// An answer is what the oracle says of a case.
type answer struct {
	Plain   string   `json:"plain"`   // as the engine is published
	Ruled   string   `json:"ruled"`   // once it keeps our rulings
	Under   []string `json:"under"`   // those without which Ruled would be another
	Error   string   `json:"error"`   // why it has no answer
	Quarrel bool     `json:"quarrel"` // with brackets around everything it says something else
}

// consult installs the oracle in dir and asks it about each case.
func consult(ctx context.Context, dir string, g *golden, log io.Writer) ([]answer, error) {
	if err := install(ctx, dir, log); err != nil {
		return nil, err
	}
	cmd := exec.CommandContext(ctx, "node", "oracle.cjs")
	cmd.Dir, cmd.Stderr = dir, log
	cmd.Env = append(os.Environ(), "TZ="+zone, "LC_ALL=en_US.UTF-8")
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	sent := make(chan error, 1)
	go func() { sent <- errors.Join(ask(in, g), in.Close()) }()
	answers, err := heard(out, len(g.Cases))
	return answers, errors.Join(err, <-sent, cmd.Wait())
}

func install(ctx context.Context, dir string, log io.Writer) error {
	for _, name := range []string{"oracle.cjs", "package.json", "package-lock.json"} {
		text, err := oracle.ReadFile("oracle/" + name)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, name), text, 0o600); err != nil {
			return err
		}
	}
	cmd := exec.CommandContext(ctx, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("npm ci, which needs node, npm and the network: %w", err)
	}
	return nil
}

// ask writes the cases, each record before its own.
func ask(to io.Writer, g *golden) error {
	w := bufio.NewWriter(to)
	enc := json.NewEncoder(w)
	err := enc.Encode(map[string]string{"clock": g.Clock})
	for i, last := 0, -1; i < len(g.Cases) && err == nil; i++ {
		c := g.Cases[i]
		if c.Record != last {
			last = c.Record
			err = enc.Encode(g.Records[last])
		}
		err = errors.Join(err, enc.Encode(map[string]string{"node": c.Node, "kind": c.Kind, "text": c.text, "bracketed": c.bracketed}))
	}
	return errors.Join(err, w.Flush())
}

func heard(from io.Reader, want int) (all []answer, err error) {
	dec := json.NewDecoder(bufio.NewReader(from))
	for len(all) < want {
		var a answer
		if err := dec.Decode(&a); err != nil {
			return nil, fmt.Errorf("the oracle said nothing of case %d: %w", len(all)+1, err)
		}
		all = append(all, a)
	}
	return all, nil
}

// versions says what answered.
func versions(ctx context.Context, dir string) (string, error) {
	node, err := exec.CommandContext(ctx, "node", "--version").Output()
	if err != nil {
		return "", err
	}
	said := "node " + string(node[:max(0, len(node)-1)])
	for _, name := range []string{"openrosa-xpath-evaluator", "jsdom"} {
		text, err := os.ReadFile(filepath.Join(dir, "node_modules", name, "package.json"))
		if err != nil {
			return "", err
		}
		var of struct{ Version string }
		if err := json.Unmarshal(text, &of); err != nil {
			return "", err
		}
		said += ", " + name + " " + of.Version
	}
	return said, nil
}
