package main

import (
	"context"
	"net/http"
	"path/filepath"
	"testing/fstest"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/internal/sqlitedb"
	"github.com/daylight-npm/daylight/internal/wirezip"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The floor is what any program has to do that moves the same messages: one plain
// Connect call and one SQLite transaction with synchronous=FULL, nothing else. No
// chain, no seal, no fold, no projections, no index but the unique id.
const (
	floorPut = "/bench.Floor/Put"
	floorGet = "/bench.Floor/Get"
)

var floorSchema = fstest.MapFS{"00001_floor.sql": {Data: []byte(`-- +goose Up
CREATE TABLE blobs (id INTEGER PRIMARY KEY, name BLOB NOT NULL UNIQUE, body BLOB NOT NULL) STRICT;
`)}}

// floorDB is an empty database of the floor in dir.
func floorDB(ctx context.Context, dir string) (*sqlitedb.DB, error) {
	return sqlitedb.Open(ctx, filepath.Join(dir, "floor.db"), sqlitedb.Options{Migrations: floorSchema})
}

// encoded are the messages as they stand in the floor's call.
func encoded(messages []record.Message) (*daylightv1.Batch, error) {
	b := &daylightv1.Batch{Entries: make([]*daylightv1.Entry, len(messages))}
	for i, m := range messages {
		body, err := proto.MarshalOptions{Deterministic: true}.Marshal(m)
		if err != nil {
			return nil, err
		}
		b.Entries[i] = &daylightv1.Entry{Payload: body}
	}
	return b, nil
}

// keep writes the blobs in one transaction.
func keep(ctx context.Context, db *sqlitedb.DB, b *daylightv1.Batch) error {
	return db.Write(ctx, func(tx *sqlitedb.Tx) error {
		for _, e := range b.Entries {
			if _, err := tx.Exec(`INSERT INTO blobs (name, body) VALUES ($1, $2)`, idOf(e.Payload), e.Payload); err != nil {
				return err
			}
		}
		return nil
	})
}

// idOf is the message's field 1: tag, length, 36 characters.
func idOf(body []byte) []byte { return body[2:38] }

// floorHandler stores what is put and gives all of it back.
func floorHandler(db *sqlitedb.DB, all *daylightv1.Batch) http.Handler {
	mux := http.NewServeMux()
	mux.Handle(floorPut, connect.NewUnaryHandlerSimple(floorPut, func(ctx context.Context, b *daylightv1.Batch) (*daylightv1.Head, error) {
		return &daylightv1.Head{Seq: uint64(len(b.Entries))}, keep(ctx, db, b)
	}, wirezip.Handler()...))
	mux.Handle(floorGet, connect.NewUnaryHandlerSimple(floorGet, func(context.Context, *daylightv1.Head) (*daylightv1.Batch, error) {
		return all, nil
	}, wirezip.Handler()...))
	return mux
}

func floorClient[Req, Res any](c *http.Client, base, procedure string) *connect.Client[Req, Res] {
	return connect.NewClient[Req, Res](c, base+procedure, wirezip.Client()...)
}
