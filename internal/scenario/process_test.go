package scenario

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/fold"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
	"github.com/daylight-npm/daylight/server"
	"github.com/daylight-npm/daylight/server/store"
)

// role makes this test binary one side of a sync in a process of its own, so that
// it can be killed.
const role = "DAYLIGHT_SCENARIO_ROLE"

func TestMain(m *testing.M) {
	run := map[string]func([]string) error{"office": beOffice, "device": beDevice, "canary": beCanary}[os.Getenv(role)]
	if run == nil {
		os.Exit(m.Run())
	}
	go func() { // whoever started us is gone, or wants us to end
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// beOffice serves the folder on the listener that it was given.
func beOffice(args []string) error {
	s, err := store.Open(context.Background(), store.Config{Dir: args[0]})
	if err != nil {
		return err
	}
	front, err := server.New(server.Config{Store: s})
	if err != nil {
		return err
	}
	l, err := net.FileListener(os.NewFile(3, "listener"))
	if err != nil {
		return err
	}
	return front.Serve(context.Background(), l)
}

// monitor is a device that saves and syncs as fast as it can. It says each value
// after Save has returned: from then on it must never be lost.
type monitor struct {
	client *clientsync.Client
	r      *rand.Rand
	out    *bufio.Writer
	last   record.ID
}

func beDevice(args []string) error {
	client, err := clientsync.Open(context.Background(), Cheap(clientsync.Config{
		Dir: args[0], Server: args[1], Person: args[2], Device: args[2], Timeout: 5 * time.Second,
	}))
	if err != nil {
		return err
	}
	m := &monitor{client: client, r: rand.New(rand.NewPCG(rand.Uint64(), 1)), out: bufio.NewWriter(os.Stdout)}
	for n := 0; ; n++ {
		if n%8 == 7 {
			m.say("syncing")
			_, _ = client.Sync(context.Background()) // the office may have been killed
			m.say("synced")
			continue
		}
		if err := m.save(n); err != nil {
			return err
		}
	}
}

func (m *monitor) say(words ...string) {
	_, _ = m.out.WriteString(strings.Join(words, "\t") + "\n")
	_ = m.out.Flush()
}

// save writes something new, never twice in a row to the same record: that would
// amend the change, and the first value would rightly be gone.
func (m *monitor) save(n int) error {
	value := uuid.NewString()
	switch n % 4 {
	case 0:
		id := uuid.Must(uuid.NewV7()).String()
		return m.write(&daylightv1.Finding{
			Id: id, VisitId: proto.String(IDOf("shared 1").String()), Narrative: proto.String(value),
		}, nil)
	case 1:
		return m.change(record.Finding, "told", func(msg record.Message) {
			msg.(*daylightv1.Finding).Narrative = proto.String(value)
		})
	case 2:
		return m.change(record.Visit, "shared", func(msg record.Message) {
			v := msg.(*daylightv1.Visit)
			v.State = daylightv1.VisitState(1 + m.r.IntN(5)).Enum()
		})
	}
	return m.change(record.Visit, "shared", func(msg record.Message) {
		v := msg.(*daylightv1.Visit)
		v.Sessions = append(v.Sessions, &daylightv1.VisitSession{Id: value, Note: proto.String(value)})
	})
}

// change edits one of the records that everybody edits.
func (m *monitor) change(k record.Kind, name string, do func(record.Message)) error {
	id := IDOf(fmt.Sprintf("%s %d", name, m.r.IntN(20)))
	if id == m.last {
		return nil
	}
	item, err := m.client.Get(context.Background(), k, id.String())
	msg := item.Message
	if clientsync.CodeOf(err) == clientsync.NotFound {
		msg = record.New(k)
		err = assign(msg.ProtoReflect(), "id", id.String(), true)
	}
	if err != nil {
		return err
	}
	before := proto.Clone(msg).(record.Message)
	do(msg)
	return m.write(msg, before)
}

func (m *monitor) write(msg, before record.Message) error {
	id, err := record.IDOf(msg)
	if err != nil {
		return err
	}
	after, err := values(msg)
	if err != nil {
		return err
	}
	if err := m.client.Save(context.Background(), msg); err != nil {
		return err
	}
	m.last = id
	k, err := record.KindOf(msg)
	if err != nil {
		return err
	}
	var old map[fold.Path][]byte
	if before != nil {
		if old, err = values(before); err != nil {
			return err
		}
	}
	for p, v := range after {
		if !bytes.Equal(old[p], v) {
			field, key := record.PathName(k, p)
			m.say("saved", k.String(), id.String(), field, key, record.FieldJSON(k, p, v))
		}
	}
	return nil
}
