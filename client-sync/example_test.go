package clientsync_test

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/protobuf/proto"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "daylight-example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)

	c, err := clientsync.Open(ctx, clientsync.Config{
		Dir: dir, Passphrase: "lantern orbit maple quiet ribbon stove", // of Client.SuggestPassphrase, known to the person alone
		Person: "Monitor A", Device: "tablet", Server: "http://127.0.0.1:9",
	})
	if err != nil {
		panic(err)
	}
	defer c.Close()

	finding := &daylightv1.Finding{Title: proto.String("No light in Cell 4")}
	if err := c.Save(ctx, finding); err != nil { // durable when it returns; gives the id
		panic(err)
	}
	finding.Narrative = proto.String("The lamp has been broken for two weeks.")
	if err := c.Save(ctx, finding); err != nil {
		panic(err)
	}
	for item, err := range c.List(ctx, clientsync.Filter{Kind: clientsync.KindFinding}) {
		fmt.Println(item.Message.(*daylightv1.Finding).GetTitle(), "- sent:", item.Sent, err)
	}
	if _, err := c.Sync(ctx); err != nil { // no office there: nothing is lost, try again later
		fmt.Println(clientsync.CodeOf(err))
	}
	// Output:
	// No light in Cell 4 - sent: false <nil>
	// unavailable
}

func ExampleClient_SaveSealed() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "daylight-example-")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	c, err := clientsync.Open(ctx, clientsync.Config{Dir: dir, Passphrase: clientsync.SuggestPassphrase()})
	if err != nil {
		panic(err)
	}
	defer c.Close()

	visit := &daylightv1.Visit{State: daylightv1.VisitState_VISIT_STATE_IN_PROGRESS.Enum()}
	if err := c.Save(ctx, visit); err != nil {
		panic(err)
	}
	note := &daylightv1.InterviewNote{VisitId: &visit.Id, Language: proto.String("ru")}
	content := &daylightv1.InterviewNoteContent{Text: proto.String("He was kept standing all night.")}
	if err := c.SaveSealed(ctx, note, content); err != nil { // for those whom the office has named
		panic(err)
	}
	values, err := c.OpenSealed(ctx, clientsync.KindInterviewNote, note.Id)
	if err != nil {
		panic(err)
	}
	for _, v := range values { // several, where two wrote without seeing each other's
		fmt.Println(v.Content.(*daylightv1.InterviewNoteContent).GetText(), v.Problem)
	}
	// Output:
	// He was kept standing all night. <nil>
}
