package sample

import (
	"fmt"
	"slices"
	"time"

	"github.com/daylight-npm/daylight/internal/record"
	daylightv1 "github.com/daylight-npm/daylight/proto/gen/daylight/v1"
)

// Person is somebody of the office, with one device.
type Person struct {
	// ID is the one of Config.Persons, or made from the seed.
	ID record.ID
	// Name is the role and a number: Monitor 3.
	Name string
	Role daylightv1.OfficeRole
	// Region is for which region a regional representative is one.
	Region string
	// Body is the code of the organisation, for civil society.
	Body string
	// Device is what the device is called.
	Device string

	Sex       daylightv1.Sex
	Languages []string
	// As what they go along in a team.
	team []daylightv1.TeamRole
}

// The roles, shorter.
const (
	ombudsperson = daylightv1.OfficeRole_OFFICE_ROLE_OMBUDSPERSON
	npmHead      = daylightv1.OfficeRole_OFFICE_ROLE_NPM_HEAD
	caseOfficer  = daylightv1.OfficeRole_OFFICE_ROLE_CASE_OFFICER
	reviewer     = daylightv1.OfficeRole_OFFICE_ROLE_REVIEWER
	follower     = daylightv1.OfficeRole_OFFICE_ROLE_FOLLOW_UP_OFFICER
	focalPoint   = daylightv1.OfficeRole_OFFICE_ROLE_REPRISAL_FOCAL_POINT
	monitor      = daylightv1.OfficeRole_OFFICE_ROLE_MONITOR
	civilSociety = daylightv1.OfficeRole_OFFICE_ROLE_CIVIL_SOCIETY_MONITOR
)

// post is how many people hold a role.
type post struct {
	role   daylightv1.OfficeRole
	name   string
	device string
	many   int
	team   []daylightv1.TeamRole
}

func posts(c Config) []post {
	years := max(1, int(c.Until.Sub(c.From).Hours()/24/365))
	a := c.Visits / years // in a year
	return []post{
		{ombudsperson, "Ombudsperson", "tablet", 1, nil},
		{npmHead, "Head of department", "laptop", 1, nil},
		{caseOfficer, "Case officer", "laptop", clamp(a/60, 2, 12), nil},
		{reviewer, "Reviewer", "laptop", clamp(a/80, 2, 8), nil},
		{follower, "Follow-up officer", "laptop", clamp(a/100, 1, 6), nil},
		{focalPoint, "Reprisal focal point", "laptop", 1, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_MEDICAL_REVIEWER, "Medical reviewer", "laptop", 1, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_DATA_OFFICER, "Data officer", "laptop", 1, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_PUBLICATION_EDITOR, "Publication editor", "laptop", 1, nil},
		{daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP, "Regional representative", "tablet", clamp(a/40, 1, 8), nil},
		{monitor, "Monitor", "tablet", clamp(a/10, 5, 60), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_MONITOR}},
		{monitor, "Lawyer", "laptop", clamp(a/40, 2, 16), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_LAWYER}},
		{monitor, "Doctor", "tablet", clamp(a/30, 2, 20), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN}},
		{monitor, "Psychologist", "phone", clamp(a/60, 1, 8), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PSYCHIATRIST}},
		{civilSociety, "Civil society monitor", "phone", clamp(a/16, 3, 36), []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_CIVIL_SOCIETY_MONITOR}},
	}
}

func clamp(n, least, most int) int { return min(max(n, least), most) }

// People are those who write the history, in a fixed order, and some who only read.
func People(c Config) (out []Person) {
	c = c.withDefaults()
	d := newDice(c.Seed, 2)
	for _, p := range posts(c) {
		for i := range p.many {
			x := Person{Role: p.role, Name: p.name, Device: fmt.Sprintf("%s %d", p.device, len(out)+1), team: p.team}
			if p.many > 1 || p.team != nil {
				x.Name = fmt.Sprintf("%s %d", p.name, i+1)
			}
			if p.role == civilSociety {
				x.Body = fmt.Sprintf("CSO-%d", i%5+1)
			}
			out = append(out, x)
		}
	}
	for i := range out {
		d.describe(&out[i], c)
		made, err := record.ParseID(d.id(record.Interview, c.From)) // v4, as the directory's
		if err == nil {
			out[i].ID = made
		}
		if i < len(c.Persons) {
			out[i].ID = c.Persons[i]
		}
	}
	return out
}

func (d dice) describe(p *Person, c Config) {
	p.Sex = one(d, daylightv1.Sex_SEX_FEMALE, daylightv1.Sex_SEX_MALE)
	country := one(d, c.Countries...)
	p.Languages = []string{"ru"}
	if l := tongue[country]; l != "" && d.chance(80) {
		p.Languages = append(p.Languages, l)
	}
	if d.chance(30) {
		p.Languages = append(p.Languages, "en")
	}
	if p.Role == daylightv1.OfficeRole_OFFICE_ROLE_REGIONAL_REP {
		p.Region = one(d, regionsOf(country)...).code
	}
}

// tongue is the language of a country beside Russian.
var tongue = map[string]string{"UA": "uk", "TM": "tk", "KZ": "kk", "KG": "ky"}

// holder is one of those who hold the role.
func (w *world) holder(r daylightv1.OfficeRole) int {
	return w.picked(func(p Person) bool { return p.Role == r && p.team == nil })
}

func (w *world) picked(fits func(Person) bool) int {
	var all []int
	for i, p := range w.people {
		if fits(p) {
			all = append(all, i)
		}
	}
	return one(w.dice, all...)
}

// crew picks a team that is free from one day to another: first its head, who is of the
// office.
func (w *world) crew(n int, from, until time.Time) (out []int) {
	out = append(out, w.leader(from))
	for _, role := range []daylightv1.TeamRole{daylightv1.TeamRole_TEAM_ROLE_PHYSICIAN, 0, daylightv1.TeamRole_TEAM_ROLE_LAWYER, 0, 0, 0, 0} {
		if len(out) == n {
			break
		}
		all := w.free(from, func(i int, p Person) bool {
			return !slices.Contains(out, i) && (role == 0 || slices.Contains(p.team, role))
		})
		if len(all) > 0 {
			out = append(out, one(w.dice, all...))
		}
	}
	for _, i := range out {
		w.busy[i] = until
	}
	return out
}

// leader is a monitor who is free, else another who may lead; when everybody is out,
// somebody goes on to the next place.
func (w *world) leader(from time.Time) int {
	monitors := func(_ int, p Person) bool { return slices.Contains(p.team, daylightv1.TeamRole_TEAM_ROLE_MONITOR) }
	all := w.free(from, monitors)
	if len(all) == 0 {
		all = w.free(from, func(_ int, p Person) bool { return p.Role == monitor })
	}
	if len(all) == 0 {
		return w.picked(func(p Person) bool { return p.Role == monitor })
	}
	return one(w.dice, all...)
}

func (w *world) free(from time.Time, fits func(int, Person) bool) (all []int) {
	for i, p := range w.people {
		if p.team != nil && w.busy[i].Before(from) && fits(i, p) {
			all = append(all, i)
		}
	}
	return all
}
