package server

import (
	"crypto/ed25519"
	"hash/fnv"
	"strconv"

	"github.com/daylight-npm/daylight/internal/access"
	"github.com/daylight-npm/daylight/internal/exchange"
	"github.com/daylight-npm/daylight/internal/record"
	"github.com/daylight-npm/daylight/server/store"
)

// sightOf is what the caller may see at a time, in milliseconds since 1970 UTC. Its mark
// is another one after each change of the person, and after each beginning and end of a
// grant; who is in a team, and what lies in a region, has positions in the log.
func sightOf(c *caller, nowMS int64) *store.Sight {
	s := &store.Sight{Kinds: map[record.Kind]store.Reach{}, Mark: markOf(c, nowMS)}
	if c.Device != nil {
		s.Key = ed25519.PublicKey(c.Device.GetKey())
	}
	for _, k := range record.Kinds() {
		reads := c.rights.Reads(k)
		reach := store.Reach{All: reads&access.All != 0}
		if reads&access.Own != 0 && c.PersonID != (record.ID{}) {
			reach.Holders = append(reach.Holders, store.PersonHolder(c.PersonID))
			if len(s.Key) > 0 {
				reach.Holders = append(reach.Holders, store.MakerHolder(s.Key))
			}
		}
		if c.rights.Carries(k) && c.PersonID != (record.ID{}) {
			reach.Holders = append(reach.Holders, store.DossierHolder(c.PersonID))
		}
		for _, code := range c.rights.Regions(k) {
			reach.Holders = append(reach.Holders, store.RegionHolder(code))
		}
		if reads&access.Region != 0 && len(s.Key) > 0 {
			reach.Holders = append(reach.Holders, store.KeyHolder(s.Key))
		}
		if reach.All {
			reach.Holders = nil
		}
		if reads != access.None {
			s.Kinds[k] = reach
		}
	}
	return s
}

// kindsRead is another number after each release in which somebody reads another kind of
// record, or by another holder, than in the one before: what stands at old positions comes
// to them by it.
const kindsRead = 2

func markOf(c *caller, nowMS int64) uint64 {
	h := fnv.New64a()
	say := func(n int64) { _, _ = h.Write(strconv.AppendInt(nil, n, 36)); _, _ = h.Write([]byte{'/'}) }
	say(kindsRead)
	say(int64(c.Person.GetRevision()))
	for _, g := range c.Grants() {
		for _, at := range []int64{g.GetFrom(), g.GetUntil()} {
			if at != 0 && at <= nowMS {
				say(at)
			}
		}
	}
	return h.Sum64() | 1
}

// desk is the store as the caller of the services sees it.
func (s *Server) desk(c *caller) *store.Desk {
	if c.Caller == nil {
		return s.store.For(store.Caller{Writer: s.config.Writer})
	}
	return s.store.For(store.Caller{
		Writer: writerOf(c), Sight: sightOf(c, s.config.Now().UnixMilli()), Gate: deskGate{exchange.Author{Person: c.PersonID, Rights: c.rights}},
	})
}

// writerOf is as whom the caller writes. Two people may have one name, and must not
// write as one.
func writerOf(c *caller) store.OfficeWriter {
	if c.Token != nil {
		return store.OfficeWriter(c.Token.GetName() + " (program " + c.Token.GetId()[:8] + ")")
	}
	return store.OfficeWriter(c.Person.GetName() + " (" + c.Person.GetId()[:8] + ")")
}
