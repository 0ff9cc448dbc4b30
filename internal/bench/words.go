package main

import (
	"fmt"
	"os/exec"
	"time"

	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
)

func ms(d time.Duration) string { return fmt.Sprintf("%.0f ms", float64(d.Microseconds())/1000) }

func kb(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }

func mib(kib int) string { return fmt.Sprintf("%d MiB", kib>>10) }

func clone(m record.Message) record.Message { return proto.Clone(m).(record.Message) }

func goTool(args ...string) (string, error) {
	out, err := exec.Command("go", append([]string{"tool"}, args...)...).CombinedOutput()
	return string(out), err
}
