package checklist

import (
	"google.golang.org/protobuf/proto"

	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Stand has the filling go on with the response as it is stored now, and with the answers
// that stand beside those in it: what a team-mate answered meanwhile is then there. Keys
// keep naming what they named; what was removed in this filling can no longer be restored.
func (x *Filling) Stand(r *daylightv1.ChecklistResponse, contested map[string][]*daylightv1.Answer) {
	o := x.o
	o.Contested = contested
	now := Open(x.form, proto.Clone(r).(*daylightv1.ChecklistResponse), o)
	*x = *now
	x.root.each(func(n *node) { n.x = x })
}

// ReadIn has the filling shown in another language; what was answered stays as it is. An
// empty tag is the response's own language.
func (x *Filling) ReadIn(language string) {
	x.o.Language = language
	x.Stand(x.r, x.o.Contested)
}
