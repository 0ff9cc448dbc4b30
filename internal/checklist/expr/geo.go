package expr

import (
	"math"
	"strings"
	"time"
)

// earthRadius is the sphere that Collect and Enketo measure on, in metres.
const earthRadius = 6_378_100

// A spot is degrees north and east.
type spot struct{ lat, lon float64 }

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// spots reads "lat lon alt acc; lat lon alt acc; …". The altitude and the accuracy
// may be left out.
func spots(s string) (out []spot, ok bool) {
	for part := range strings.SplitSeq(s, ";") {
		fields := strings.FieldsFunc(part, space)
		if len(fields) == 0 {
			continue
		}
		if len(fields) < 2 || len(fields) > 4 {
			return nil, false
		}
		at := spot{numberOf(fields[0], time.UTC), numberOf(fields[1], time.UTC)}
		if !(math.Abs(at.lat) <= 90 && math.Abs(at.lon) <= 180) {
			return nil, false
		}
		out = append(out, at)
	}
	return out, true
}

// spotsOf reads the arguments from the i-th on as one row of points.
func (m *machine) spotsOf(c *call, from, until int) (out []spot, ok bool, err error) {
	part := *c
	part.args = c.args[:until]
	ok = true
	err = m.each(&part, from, func(v Value) error {
		s := v.Text()
		more, good := spots(s)
		if !good {
			m.remark(c, "the value is not a place")
			ok = false
		}
		out = append(out, more...)
		return m.spend(1 + len(s)/4)
	})
	return out, ok && len(out) > 0, err
}

func callArea(m *machine, c *call) (Value, error) {
	points, ok, err := m.spotsOf(c, 0, len(c.args))
	if !ok || err != nil {
		return numberValue(math.NaN()), err
	}
	return numberValue(area(points)), nil
}

// area is that of a polygon on the sphere, closed if it is not (Chamberlain and
// Duquette, Some Algorithms for Polygons on a Sphere, JPL 2007).
func area(points []spot) float64 {
	if len(points) < 3 {
		return 0
	}
	sum, last := 0.0, points[len(points)-1]
	for _, p := range points {
		sum += radians(p.lon-last.lon) * (2 + math.Sin(radians(last.lat)) + math.Sin(radians(p.lat)))
		last = p
	}
	return math.Abs(sum * earthRadius * earthRadius / 2)
}

func callDistance(m *machine, c *call) (Value, error) {
	points, ok, err := m.spotsOf(c, 0, len(c.args))
	if !ok || err != nil {
		return numberValue(math.NaN()), err
	}
	sum := 0.0
	for i := 1; i < len(points); i++ {
		sum += distance(points[i-1], points[i])
	}
	return numberValue(sum), nil
}

// distance is along the great circle, by the haversine formula.
func distance(a, b spot) float64 {
	x, y := math.Sin(radians(b.lat-a.lat)/2), math.Sin(radians(b.lon-a.lon)/2)
	h := x*x + math.Cos(radians(a.lat))*math.Cos(radians(b.lat))*y*y
	return 2 * earthRadius * math.Asin(math.Sqrt(min(h, 1)))
}

func callGeofence(m *machine, c *call) (Value, error) {
	point, ok, err := m.spotsOf(c, 0, 1)
	if !ok || err != nil {
		return boolValue(false), err
	}
	shape, ok, err := m.spotsOf(c, 1, 2)
	if !ok || err != nil || len(shape) < 3 {
		return boolValue(false), err
	}
	return boolValue(inside(point[0], shape)), nil
}

// inside counts how often a ray to the north crosses the shape's sides.
func inside(p spot, shape []spot) bool {
	in, last := false, shape[len(shape)-1]
	for _, s := range shape {
		if (s.lon > p.lon) != (last.lon > p.lon) &&
			p.lat < (last.lat-s.lat)*(p.lon-s.lon)/(last.lon-s.lon)+s.lat {
			in = !in
		}
		last = s
	}
	return in
}

func callIntersects(m *machine, c *call) (Value, error) {
	line, ok, err := m.spotsOf(c, 0, 1)
	if !ok || err != nil {
		return boolValue(false), err
	}
	crosses, err := m.crossesItself(line)
	return boolValue(crosses), err
}

// crossesItself compares each side with all that are not its neighbours. The two ends
// of a closed shape are neighbours, too.
func (m *machine) crossesItself(line []spot) (bool, error) {
	last := len(line) - 2
	closed := len(line) > 2 && line[0] == line[len(line)-1]
	for i := 0; i <= last; i++ {
		if err := m.spend(1 + last - i); err != nil {
			return false, err
		}
		for j := i + 2; j <= last; j++ {
			if closed && i == 0 && j == last {
				continue
			}
			if cross(line[i], line[i+1], line[j], line[j+1]) {
				return true, nil
			}
		}
	}
	return false, nil
}

// side is above 0 when c lies to the left of the way from a to b.
func side(a, b, c spot) float64 {
	return (b.lon-a.lon)*(c.lat-a.lat) - (b.lat-a.lat)*(c.lon-a.lon)
}

func sign(n float64) int {
	switch {
	case n > 0:
		return 1
	case n < 0:
		return -1
	}
	return 0
}

// cross says whether two sides meet, at an end or between.
func cross(a, b, c, d spot) bool {
	ab1, ab2 := sign(side(a, b, c)), sign(side(a, b, d))
	cd1, cd2 := sign(side(c, d, a)), sign(side(c, d, b))
	if ab1*ab2 < 0 && cd1*cd2 < 0 {
		return true
	}
	return ab1 == 0 && between(a, b, c) || ab2 == 0 && between(a, b, d) ||
		cd1 == 0 && between(c, d, a) || cd2 == 0 && between(c, d, b)
}

func between(a, b, p spot) bool {
	return p.lat >= min(a.lat, b.lat) && p.lat <= max(a.lat, b.lat) &&
		p.lon >= min(a.lon, b.lon) && p.lon <= max(a.lon, b.lon)
}
