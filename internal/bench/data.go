package main

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"

	"github.com/google/uuid"
	"google.golang.org/protobuf/proto"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// The words of the narratives: frequent English words and some of the field, so
// that the text compresses as English does.
var words = strings.Fields(`the the the the of of of and and and to to in in in a a a was was is
is were for that with on at by from it not had been his her they their this an be as or which but no
two three one after before during while when where only also more than about because without each every
other some most many several cell cells wing ward room corridor window light air water toilet shower bed
bedding mattress heating floor kitchen food bread meal exercise yard hour hours minutes day days night
week staff officer officers director nurse doctor patient patients person persons detained detainee held
prisoner prisoners women men children interview register entry entries signed record records medical
examination injury injuries complaint complaints lawyer family visit visits telephone call calls letter
parcel isolation sanction disciplinary handcuffs restraint search force complained stated said reported
observed found seen told confirmed denied refused allowed asked waited arrived locked opened measured
counted shared separate clean dirty damp cold warm dark broken repaired missing available insufficient
adequate overcrowded empty old new small large first second last same next monitors team delegation
according however therefore although since until between against under over behind near`)

// text is about size bytes of sentences.
func text(r *rand.Rand, size int) string {
	var b strings.Builder
	for b.Len() < size {
		n := 6 + r.IntN(14)
		for i := range n {
			w := words[r.IntN(len(words))]
			if i == 0 {
				w = strings.ToUpper(w[:1]) + w[1:]
			} else {
				b.WriteByte(' ')
			}
			b.WriteString(w)
			if i == n/2 && r.IntN(4) == 0 {
				b.WriteByte(',')
			}
		}
		b.WriteString(". ")
	}
	return strings.TrimSpace(b.String()[:size])
}

// ids makes version 7 ids, seeded, a few milliseconds apart.
type ids struct {
	random *rand.Rand
	ms     uint64
}

func (s *ids) next() string {
	var id uuid.UUID
	s.ms += s.random.Uint64N(4000)
	binary.BigEndian.PutUint64(id[:8], s.ms<<16|s.random.Uint64()&0xffff)
	binary.BigEndian.PutUint64(id[8:], s.random.Uint64())
	id[6], id[8] = id[6]&0x0f|0x70, id[8]&0x3f|0x80
	return id.String()
}

var (
	topics = []string{"MAT.SPACE", "MAT.LIGHT", "MAT.VENTILATION", "HEALTH.ACCESS", "TREAT.FORCE", "SAFE.LAWYER", "DISC.SOLITARY", "CONTACT.VISITS", "REGIME.OPEN_AIR", "COMPL.CONFIDENTIALITY"}
	groups = []string{"WOMEN", "CHILDREN", "PRETRIAL", "FOREIGN", "DISABILITY"}
	refs   = []string{"NMR-12", "NMR-13", "NMR-23", "NMR-44", "BOP-18", "OPCAT-20"}
	wings  = []string{"A", "B", "C", "Admission", "Medical unit"}
)

// workload is visits with 600-byte narratives, each followed by its findings with
// 400-byte narratives, as a team would record them.
func workload(seed uint64, visits, findingsEach int) []record.Message {
	r := rand.New(rand.NewPCG(seed, 1))
	id := &ids{r, 1_760_000_000_000}
	out := make([]record.Message, 0, visits*(1+findingsEach))
	for range visits {
		v := visit(r, id)
		out = append(out, v)
		for range findingsEach {
			out = append(out, finding(r, id, v.Id))
		}
	}
	return out
}

func visit(r *rand.Rand, id *ids) *daylightv1.Visit {
	return &daylightv1.Visit{
		Id:           id.next(),
		Type:         daylightv1.VisitType(1 + r.IntN(5)).Enum(),
		Announcement: daylightv1.VisitAnnouncement(1 + r.IntN(3)).Enum(),
		PlannedStart: proto.String("2026-03-1" + string(rune('0'+r.IntN(10)))),
		ArrivedAt:    proto.String("2026-03-12T09:05+05:00"),
		DelayMinutes: proto.Uint32(r.Uint32N(90)),
		Title:        proto.String(text(r, 40)),
		Summary:      proto.String(text(r, 600)),
	}
}

func finding(r *rand.Rand, id *ids, visit string) *daylightv1.Finding {
	topic := topics[r.IntN(len(topics))]
	area, _, _ := strings.Cut(topic, ".")
	return &daylightv1.Finding{
		Id:               id.next(),
		VisitId:          proto.String(visit),
		Kind:             daylightv1.FindingKind_FINDING_KIND_CONCERN.Enum(),
		Area:             proto.String(area),
		Topic:            proto.String(topic),
		SeverityProposed: daylightv1.FindingSeverity(1 + r.IntN(4)).Enum(),
		EvidenceStatus:   daylightv1.EvidenceStatus(1 + r.IntN(4)).Enum(),
		Sources:          []daylightv1.EvidenceSource{daylightv1.EvidenceSource(1 + r.IntN(6)), daylightv1.EvidenceSource(7 + r.IntN(7))},
		AffectedGroups:   []string{groups[r.IntN(len(groups))]},
		Standards:        []string{refs[r.IntN(len(refs))]},
		Unit:             proto.String(wings[r.IntN(len(wings))]),
		ObservedAt:       proto.String("2026-03-12T10:" + string(rune('0'+r.IntN(6))) + "5+05:00"),
		Narrative:        proto.String(text(r, 400)),
	}
}
