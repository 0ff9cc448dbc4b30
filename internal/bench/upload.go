package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"

	clientsync "github.com/daylight-npm/daylight/client-sync"
	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// upload is W1: 6,000 records saved one by one offline, from the start of the
// sync until the office has made them durable.
func (b *bench) upload(ctx context.Context) error {
	return b.uploadOf(ctx, "w1", "W1 upload, saved record by record", "2.5 x", "1.3 x", func(c *clientsync.Client, m record.Message) error {
		return c.Save(ctx, m)
	})
}

// uploadByField is W1b: the same, every field saved as it is typed.
func (b *bench) uploadByField(ctx context.Context) error {
	return b.uploadOf(ctx, "w1b", "W1b upload, saved field by field", "2.5 x", "1.4 x", func(c *clientsync.Client, m record.Message) error {
		growing := m.ProtoReflect().New().Interface().(record.Message)
		fields := m.ProtoReflect().Descriptor().Fields()
		for i := range fields.Len() {
			f := fields.Get(i)
			if !m.ProtoReflect().Has(f) || f.Number() == 2 {
				continue
			}
			growing.ProtoReflect().Set(f, copyOf(m, f))
			if f.Number() == 1 {
				continue // the id goes with the first field that is typed
			}
			if err := c.Save(ctx, growing); err != nil {
				return err
			}
		}
		return nil
	})
}

func copyOf(m record.Message, f protoreflect.FieldDescriptor) protoreflect.Value {
	return proto.Clone(m).ProtoReflect().Get(f)
}

func (b *bench) uploadOf(ctx context.Context, name, title, reach, reachBytes string, save func(*clientsync.Client, record.Message) error) error {
	messages := b.messages()
	plain, err := encoded(messages)
	if err != nil {
		return err
	}
	least, err := zipped(plain)
	if err != nil {
		return err
	}
	saved, err := b.saved(ctx, messages, save)
	if err != nil {
		return err
	}
	var ours, floor []sample
	stop := b.profile(name)
	for range b.runs {
		f, err := b.floorUpload(ctx, plain)
		if err != nil {
			return err
		}
		o, err := b.ourUpload(ctx, saved)
		if err != nil {
			return err
		}
		ours, floor = append(ours, o), append(floor, f)
	}
	stop()
	o, f := median(ours), median(floor)
	b.row(title, ms(o.took), ms(f.took), ratio(o.took, f.took), reach)
	b.row("   bytes up, beside the messages zstd-compressed", kb(o.up), kb(least), ratio(o.up, least), reachBytes)
	b.row("   requests", fmt.Sprint(o.requests), "1", "", "")
	return nil
}

// saved makes a device's folder with every message saved and nothing sent.
func (b *bench) saved(ctx context.Context, messages []record.Message, save func(*clientsync.Client, record.Message) error) (string, error) {
	dir := b.folder()
	c, _, err := b.device(ctx, dir, nil)
	if err != nil {
		return "", err
	}
	for _, m := range messages {
		if err := save(c, m); err != nil {
			return "", errors.Join(err, c.Close())
		}
	}
	return dir, c.Close()
}

// ourUpload syncs a copy of the folder with a new office.
func (b *bench) ourUpload(ctx context.Context, saved string) (s sample, err error) {
	dir := b.folder()
	if err := os.CopyFS(dir, os.DirFS(saved)); err != nil {
		return s, err
	}
	o, err := b.office(ctx, b.folder())
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, o.close()) }()
	c, w, err := b.device(ctx, dir, o)
	if err != nil {
		return s, err
	}
	defer c.Close()
	return w.time(func() error {
		r, err := c.Sync(ctx)
		if err == nil && r.Pushed != r.ToPush {
			err = fmt.Errorf("%d of %d changes were sent", r.Pushed, r.ToPush)
		}
		return err
	})
}

func (b *bench) floorUpload(ctx context.Context, plain *daylightv1.Batch) (s sample, err error) {
	dir := b.folder()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return s, err
	}
	db, err := floorDB(ctx, dir)
	if err != nil {
		return s, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	url, stop, err := listen(floorHandler(db, nil))
	if err != nil {
		return s, err
	}
	defer stop()
	w := newWire()
	put := floorClient[daylightv1.Batch, daylightv1.Head](w.client(), url, floorPut)
	return w.time(func() error {
		_, err := put.CallUnary(ctx, connect.NewRequest(plain))
		return err
	})
}
