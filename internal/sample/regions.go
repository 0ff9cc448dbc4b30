package sample

// region is one of ISO 3166-2, with a point near its middle in degrees.
type region struct {
	code     string
	lat, lng float64
	// weight is how much of the country's places lie there.
	weight float64
}

// country is what all its places share. share is how many of the register's places it
// has, where all four are there.
type country struct {
	code    string
	share   float64
	hours   int // its clock, ahead of UTC
	summer  int // in summer
	regions []region
}

var countries = []country{
	{"UA", 45, 2, 3, []region{
		{"UA-05", 49.23, 28.47, 4}, {"UA-07", 50.75, 25.33, 2}, {"UA-12", 48.46, 35.05, 9}, {"UA-18", 50.25, 28.66, 4},
		{"UA-21", 48.62, 22.29, 3}, {"UA-23", 47.84, 35.14, 4}, {"UA-26", 48.92, 24.71, 3}, {"UA-30", 50.45, 30.52, 9},
		{"UA-32", 50.05, 30.77, 5}, {"UA-35", 48.51, 32.26, 3}, {"UA-46", 49.84, 24.03, 7}, {"UA-48", 46.97, 32.00, 3},
		{"UA-51", 46.48, 30.73, 7}, {"UA-53", 49.59, 34.55, 4}, {"UA-56", 50.62, 26.25, 3}, {"UA-59", 50.91, 34.80, 3},
		{"UA-61", 49.55, 25.59, 2}, {"UA-63", 49.99, 36.23, 8}, {"UA-65", 46.64, 32.62, 2}, {"UA-68", 49.42, 26.99, 3},
		{"UA-71", 49.44, 32.06, 3}, {"UA-74", 51.50, 31.29, 3}, {"UA-77", 48.29, 25.94, 2},
	}},
	{"KZ", 30, 5, 5, []region{
		{"KZ-10", 49.60, 80.20, 3}, {"KZ-11", 51.90, 69.40, 5}, {"KZ-15", 48.60, 57.90, 4}, {"KZ-19", 44.00, 77.40, 5},
		{"KZ-23", 47.40, 52.20, 3}, {"KZ-27", 50.00, 50.80, 3}, {"KZ-31", 43.90, 71.40, 5}, {"KZ-33", 44.90, 78.70, 3},
		{"KZ-35", 49.20, 73.40, 8}, {"KZ-39", 51.80, 63.60, 5}, {"KZ-43", 45.20, 64.40, 3}, {"KZ-47", 44.00, 53.00, 2},
		{"KZ-55", 52.20, 76.60, 5}, {"KZ-59", 54.20, 69.00, 4}, {"KZ-61", 43.00, 68.50, 5}, {"KZ-62", 48.00, 67.40, 1},
		{"KZ-63", 49.30, 83.50, 5}, {"KZ-71", 51.15, 71.42, 6}, {"KZ-75", 43.25, 76.92, 8}, {"KZ-79", 42.32, 69.59, 4},
	}},
	{"KG", 13, 6, 6, []region{
		{"KG-B", 39.95, 70.60, 2}, {"KG-C", 42.80, 74.50, 5}, {"KG-GB", 42.87, 74.60, 6}, {"KG-GO", 40.52, 72.80, 2},
		{"KG-J", 41.30, 72.60, 4}, {"KG-N", 41.40, 75.60, 1}, {"KG-O", 40.20, 73.00, 4}, {"KG-T", 42.45, 72.20, 1}, {"KG-Y", 42.30, 77.60, 2},
	}},
	{"TM", 12, 5, 5, []region{
		{"TM-A", 38.50, 58.90, 4}, {"TM-B", 39.60, 54.60, 3}, {"TM-D", 41.80, 59.70, 4}, {"TM-L", 38.90, 63.60, 5},
		{"TM-M", 37.40, 62.00, 5}, {"TM-S", 37.95, 58.38, 6},
	}},
}

func countryOf(code string) country {
	for _, c := range countries {
		if c.code == code {
			return c
		}
	}
	return countries[0]
}

func regionsOf(code string) []region { return countryOf(code).regions }
