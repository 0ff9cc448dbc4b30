package register

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Field is what a column holds: one of the names below, or names[xx] for the
// name in the language xx.
type Field string

// The fields.
const (
	Ignore       Field = "-"
	Code         Field = "code"
	Name         Field = "name"
	Type         Field = "type"
	Region       Field = "region"
	District     Field = "district"
	Town         Field = "town"
	Address      Field = "address"
	Postcode     Field = "postcode"
	Latitude     Field = "latitude"
	Longitude    Field = "longitude"
	CapacityOf   Field = "capacity"
	Population   Field = "population"
	AsOf         Field = "as_of"
	Sexes        Field = "sexes"
	Male         Field = "male"
	Female       Field = "female"
	Security     Field = "security_level"
	Operator     Field = "operator"
	State        Field = "state"
	Jurisdiction Field = "jurisdiction"
	Opened       Field = "opened"
	Closed       Field = "closed"
	Note         Field = "note"
)

// Fields lists the fields in the order in which they are explained.
func Fields() []Field {
	return []Field{Code, Name, "names[en]", Type, Region, District, Town, Address, Postcode, Latitude, Longitude,
		CapacityOf, Population, AsOf, Sexes, Male, Female, Security, Operator, State, Jurisdiction, Opened, Closed, Note, Ignore}
}

// several marks the fields that may be put together from more than one column.
var several = []Field{Type, Address, Security, Note}

var namesField = regexp.MustCompile(`^names\[([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*)\]$`)

// ParseField reads a field's name, as after --map.
func ParseField(s string) (Field, error) {
	f := Field(strings.ToLower(strings.TrimSpace(s)))
	if f == "ignore" || f == "" {
		return Ignore, nil
	}
	if slices.Contains(Fields(), f) || namesField.MatchString(string(f)) {
		return f, nil
	}
	var all []string
	for _, f := range Fields() {
		all = append(all, string(f))
	}
	return "", fmt.Errorf("%q is not a field; the fields are %s", s, strings.Join(all, ", "))
}

// synonyms are the headers that registers use, folded.
var synonyms = map[Field]string{
	Code:         "code|id|facility id|facility code|facid|institution code|prison code|number|ref|reference|код|номер|шифр|код учреждения|код установи|№|no",
	Name:         "name|facility|facility name|institution|institution name|prison|prison name|establishment|title|название|наименование|название учреждения|наименование учреждения|назва|найменування|назва установи|учреждение|установа",
	Type:         "type|types|facility type|main type|institution type|prison type|category|kind|тип|вид|тип учреждения|вид учреждения|тип установи|вид установи|категория|категорія",
	Region:       "region|province|oblast|область|регион|регіон|велаят|welaýat|край",
	District:     "district|county|municipality|rayon|raion|район|округ|etrap",
	Town:         "town|city|locality|settlement|place|город|населённый пункт|населенный пункт|місто|населений пункт|şäher",
	Address:      "address|street|address1|address2|address3|address line 1|address line 2|address 1|address 2|address 3|адрес|адреса|улица|вулиця|salgy",
	Postcode:     "postcode|post code|postal code|zip|zip code|zipcode|индекс|почтовый индекс|індекс|поштовий індекс",
	Latitude:     "latitude|lat|y|широта",
	Longitude:    "longitude|lon|lng|long|x|долгота|довгота",
	CapacityOf:   "capacity|official capacity|design capacity|rated capacity|places|cna|вместимость|лимит наполнения|лимит|мест|количество мест|місткість|ліміт|кількість місць|планова кількість місць",
	Population:   "population|occupancy|count|inmates|prisoners|number held|total held|численность|содержится|количество содержащихся|наполнение|чисельність|утримується|кількість утримуваних",
	AsOf:         "as of|date|population date|count date|по состоянию на|дата|станом на",
	Sexes:        "gender|sex|sexes|пол|стать",
	Male:         "male|males|men|holds men|мужчины|чоловіки",
	Female:       "female|females|women|holds women|женщины|жінки",
	Security:     "security level|security|security category|security categories|security class|custody level|режим|вид режима|рівень безпеки|уровень безопасности",
	Operator:     "operator|operated by|run by|managed by|company|provider|оператор",
	State:        "active|status|open|operational|in use|is active|состояние|статус|действует|стан|діє|действующее",
	Jurisdiction: "jurisdiction|country|system|agency|страна|юрисдикция|країна|юрисдикція",
	Opened:       "opened|opened on|opening date|date opened|year opened|открыто|дата открытия|год открытия|відкрито|дата відкриття",
	Closed:       "closed|closed on|closing date|date closed|year closed|закрыто|дата закрытия|закрито|дата закриття",
	Note:         "note|notes|remark|remarks|comment|comments|примечание|примечания|примітка|примітки",
}

// fieldOf is synonyms turned round.
var fieldOf = func() map[string]Field {
	m := map[string]Field{}
	for f, words := range synonyms {
		for w := range strings.SplitSeq(words, "|") {
			m[w] = f
		}
	}
	return m
}()

// languageOf are the headers that say in which language the names are.
var languageOf = map[string]string{
	"название": "ru", "наименование": "ru", "название учреждения": "ru", "наименование учреждения": "ru", "учреждение": "ru",
	"назва": "uk", "найменування": "uk", "назва установи": "uk", "установа": "uk",
}

var nameIn = regexp.MustCompile(`^(?:name|names|название|наименование|назва|найменування) ([a-z]{2,3})$`)

// Column is one column of a file and what it was taken for.
type Column struct {
	// Header is as it stands in the file.
	Header string `json:"column"`
	Field  Field  `json:"field"`
	// Guessed: nobody said it.
	Guessed bool `json:"guessed"`
}

// Mapping is what the columns of a file were taken for, in their order.
type Mapping []Column

// String is a table for a person.
func (m Mapping) String() string {
	var b strings.Builder
	width := 0
	for _, c := range m {
		width = max(width, len([]rune(c.Header)))
	}
	for _, c := range m {
		pad := strings.Repeat(" ", width-len([]rune(c.Header)))
		what := string(c.Field)
		switch {
		case c.Field == Ignore && c.Guessed:
			what = "(not used)"
		case c.Field == Ignore:
			what = "(left out)"
		case !c.Guessed:
			what += "  (as told)"
		}
		fmt.Fprintf(&b, "  %s%s  ->  %s\n", c.Header, pad, what)
	}
	return b.String()
}

// has reports whether any column was taken for the field.
func (m Mapping) has(f Field) bool {
	return slices.ContainsFunc(m, func(c Column) bool { return c.Field == f })
}

// named reports whether any column holds a name.
func (m Mapping) named() bool {
	return slices.ContainsFunc(m, func(c Column) bool { return strings.HasPrefix(string(c.Field), "name") })
}

// guess says what each column is: as told, else by its header.
func guess(t *table, o Options) (Mapping, []Warning, error) {
	m := make(Mapping, len(t.header))
	told := map[string]Field{}
	for h, f := range o.Map {
		told[foldHeader(h)] = f
	}
	for i, h := range t.header {
		m[i] = Column{Header: h, Field: Ignore, Guessed: true}
		if f, ok := told[foldHeader(h)]; ok {
			m[i] = Column{Header: h, Field: f.in(o.Language)}
			delete(told, foldHeader(h))
		}
	}
	for h := range told {
		return nil, nil, fmt.Errorf("there is no column %q; the columns are %s", h, strings.Join(t.header, ", "))
	}
	var warnings []Warning
	for i := range m {
		if !m[i].Guessed {
			continue
		}
		f := headerField(t, i).in(o.Language)
		if f != Ignore && m.has(f) && !slices.Contains(several, f) {
			warnings = append(warnings, Warning{Text: fmt.Sprintf("the column %q looks like a second %s", m[i].Header, f), Done: "it was not used"})
			f = Ignore
		}
		m[i].Field = f
	}
	if !m.named() && !m.has(Code) {
		return nil, nil, fmt.Errorf("no column looks like a name or a code; say which one is, as --map %q", quoteless(t.header[0])+"=name")
	}
	return m, warnings, nil
}

// in puts a name whose language is not said into the default one.
func (f Field) in(language string) Field {
	if f != Name {
		return f
	}
	if language == "" {
		language = "en"
	}
	return Field("names[" + language + "]")
}

func headerField(t *table, column int) Field {
	h := foldHeader(t.header[column])
	if in := nameIn.FindStringSubmatch(h); in != nil {
		return Field("names[" + in[1] + "]")
	}
	if language, ok := languageOf[h]; ok {
		return Field("names[" + language + "]")
	}
	if h == "state" { // in use or not, or a part of the country: its values tell
		return stateOrRegion(t, column)
	}
	if f, ok := fieldOf[h]; ok {
		return f
	}
	return Ignore
}

func stateOrRegion(t *table, column int) Field {
	for _, l := range t.lines {
		if c := clean(l.cells[column]); c != "" {
			if _, ok := stateOf(c); !ok {
				return Region
			}
		}
	}
	return State
}

// foldHeader brings a header to the form of the synonyms.
func foldHeader(h string) string {
	h = strings.NewReplacer("_", " ", "-", " ", ".", " ", "[", " ", "]", " ", "(", " ", ")", " ", ":", " ", "/", " ", "*", " ").Replace(h)
	return foldText(h)
}

func quoteless(s string) string { return strings.ReplaceAll(s, `"`, "") }
