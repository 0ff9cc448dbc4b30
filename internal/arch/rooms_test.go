package arch

// room is one row: what a package may import besides the standard library.
// Names inside the module are exact; names of other modules cover all their
// packages.
type room struct {
	name string
	may  []string
}

// plain is what nearly every room may import.
var plain = []string{
	"google.golang.org/protobuf",
	"github.com/google/uuid",
	"golang.org/x/text",
	"proto/gen/daylight/v1",
}

// rpc is for the rooms that speak to the network.
var rpc = []string{
	"connectrpc.com/connect",
	"github.com/klauspost/compress",
	"proto/gen/daylight/v1/daylightv1connect",
}

// deviceRooms are the internal rooms that a device may have.
var deviceRooms = []string{
	"internal/fold", "internal/record", "internal/journal", "internal/exchange", "internal/enrol", "internal/access",
	"internal/vault", "internal/vocabulary", "internal/checklist",
	"internal/sqlitedb", "internal/rpcerr", "internal/wirezip", "internal/bundle",
	"internal/compartment", "internal/likeness",
}

// pages is for what the office's people see.
var pages = []string{
	"internal/record", "internal/access", "internal/vocabulary", "internal/checklist", "internal/look",
	"github.com/skip2/go-qrcode", "rsc.io/qr",
}

// face is the public surface of the device library, as an app developer has it.
var face = []string{"client-sync", "client-sync/terms", "client-sync/forms"}

// everything marks the rooms that may import anything. They are programs and
// worlds for tests; nobody imports them but each other and test files.
var everything = []string{"*"}

var rooms = []room{
	{"proto/gen/daylight/v1", list("google.golang.org/protobuf")},
	{"proto/gen/daylight/v1/daylightv1connect", list("proto/gen/daylight/v1", "connectrpc.com/connect")},

	{"internal/fold", list(plain)},
	{"internal/record", list(plain, "internal/fold")},
	{"internal/journal", list(plain, "internal/fold", "internal/record")},
	{"internal/exchange", list(plain, "internal/fold", "internal/record", "internal/journal", "internal/access")},
	{"internal/bundle", list(plain, "internal/journal", "internal/fold", "filippo.io/age", "github.com/klauspost/compress")},
	{"internal/compartment", list("internal/enrol", "filippo.io/age", "golang.org/x/mod")},
	{"internal/enrol", list("github.com/sethvargo/go-diceware")},
	{"internal/access", list(plain, "internal/record")},
	{"internal/vocabulary", list(plain, "internal/record")},
	{"internal/vocabulary/sheet", list(plain, "internal/record", "internal/vocabulary", "github.com/xuri/excelize")},
	{"internal/likeness", list(plain, "internal/record")},
	{"internal/checklist/expr", list("golang.org/x/text")},
	{"internal/checklist/expr/differential", list("internal/checklist/expr")},
	{"internal/checklist", list(plain, "internal/record", "internal/checklist/expr")},
	{"internal/checklist/amend", list(plain, "internal/checklist")},
	{"internal/checklist/xlsform", list(plain, "internal/record", "internal/checklist", "internal/checklist/expr", "github.com/xuri/excelize")},
	{"internal/vault", list("filippo.io/age", "golang.org/x/crypto", "golang.org/x/text")},
	{"internal/sqlitedb", list("modernc.org/sqlite", "github.com/pressly/goose")},
	{"internal/sqlitedb/schematest", list("internal/sqlitedb")},
	{"internal/look", list(plain, "internal/vocabulary", "internal/record")}, // record for the tests alone: every flag has its sentence
	{"internal/guide", list("internal/look")},
	{"internal/recordpage", list(plain, "internal/look", "internal/record", "internal/vocabulary")},
	{"internal/look/gallery", list(plain, "internal/look", "internal/vocabulary")},
	{"internal/browsertest", list("github.com/chromedp/chromedp", "github.com/chromedp/cdproto")},
	{"internal/sample", list(plain, "internal/record", "internal/vocabulary", "internal/checklist")},
	{"internal/rpcerr", list(plain, "internal/record", "connectrpc.com/connect")},
	{"internal/wirezip", list("connectrpc.com/connect", "github.com/klauspost/compress")},
	{"internal/arch", nil},
	{"internal/pagewalk", list(plain)},
	{"internal/scenario", everything},
	{"internal/demo", everything},
	{"internal/bench", everything},

	{"server/store", list(plain, "internal/record", "internal/fold", "internal/journal", "internal/exchange", "internal/sqlitedb",
		"server/store/storetest", "github.com/jackc/pgx", "github.com/pressly/goose")},
	{"server/store/storetest", list(plain, "server/store", "internal/record", "internal/fold", "internal/journal", "internal/exchange")},
	{"server/signin", list(plain, "internal/record", "internal/rpcerr", "internal/sqlitedb", "server/directory",
		"github.com/go-webauthn/webauthn", "golang.org/x/crypto")},
	{"server/console", list(plain, pages, "internal/guide", "internal/recordpage", "internal/rpcerr", "internal/sqlitedb", "internal/compartment", "internal/exchange", "internal/journal",
		"server/signin", "server/directory", "server/store",
		"internal/likeness", "server/merging", // what was made twice
		"server/register", "internal/checklist/xlsform", "internal/checklist/amend")}, // files that people bring
	{"server/merging", list(plain, "internal/likeness", "internal/record", "server/store")},
	{"server/report", list(plain, pages, "codeberg.org/go-pdf/fpdf", "github.com/go-analyze/charts",
		"github.com/go-fonts/liberation", "github.com/xuri/excelize")},
	{"server", list(plain, rpc, deviceRooms, "internal/look", "server/store", "server/directory", "server/signin", "server/console", "server/merging", "server/report",
		"golang.org/x/time", "golang.org/x/crypto/acme")},
	{"server/directory", list(plain, "internal/access", "internal/compartment", "internal/record", "internal/journal", "internal/rpcerr", "internal/sqlitedb", "server/store")},
	{"server/archive", list(plain, "server/store", "server/directory", "internal/record", "internal/sqlitedb")},
	{"server/register", list(plain, "internal/record", "internal/checklist/xlsform")}, // which reads workbooks
	{"server/servertest", list(plain, "server", "internal/sample")},
	{"server/replay", list(plain, "internal/sample", "internal/record", "internal/fold", "internal/journal", "internal/exchange", "internal/access", "server/store", "server/directory")},
	{"server/cmd/daylightd", list(plain, "connectrpc.com/connect", "proto/gen/daylight/v1/daylightv1connect", "filippo.io/age",
		"internal/bundle", "internal/compartment", "internal/enrol", "internal/rpcerr", "server/directory", "server", "server/store", "server/archive", "server/report", "server/register", "internal/record", "internal/sqlitedb", "internal/vocabulary", "internal/vocabulary/sheet", "internal/checklist", "internal/checklist/amend", "internal/checklist/xlsform", "internal/sample", "server/replay",
		"github.com/skip2/go-qrcode", "rsc.io/qr")},

	{"client-sync", list(plain, rpc, deviceRooms, "client-sync/internal/localdb", "client-sync/terms", "client-sync/forms")},
	{"client-sync/internal/localdb", list(plain, "internal/record", "internal/fold", "internal/journal", "internal/exchange", "internal/vault", "internal/sqlitedb")},
	{"client-sync/terms", list(plain, "internal/vocabulary")},
	{"client-sync/forms", list(plain, "internal/checklist")},
	{"client-sync/fieldapp", list(plain, face, "internal/guide", "internal/look", "internal/recordpage", "github.com/makiuchi-d/gozxing")}, // reads the office's code from a picture
	{"client-sync/mobile", list(plain, face, "internal/look")},
	{"client-sync/cmd/daylight", list(plain, face, "internal/look", "client-sync/fieldapp", "internal/checklist/xlsform", "golang.org/x/term")},
}

// testsMay is what every test file may import besides its room's row.
var testsMay = []string{
	"pgregory.net/rapid",
	"github.com/rogpeppe/go-internal",
	"github.com/chromedp/chromedp", "github.com/chromedp/cdproto",
	"internal/browsertest", "internal/pagewalk", "internal/scenario", "internal/demo", "internal/bench",
	"internal/sqlitedb/schematest",
}

// testsOf is what the test files of one room may import besides: pages and accounts are
// tested over a whole office, as they are had.
var testsOf = map[string][]string{
	"server/signin":   {"server/store"},
	"server/register": {"github.com/xuri/excelize"},
	"server/console": {"server", "internal/sample", "server/replay", // a whole office
		"internal/fold", "internal/journal", "internal/exchange", "internal/enrol", "proto/gen/daylight/v1/daylightv1connect", // what devices hand in is sealed as they seal it
		"github.com/xuri/excelize"}, // writes the workbooks that people bring
}

// list joins names and lists of names.
func list(parts ...any) (out []string) {
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			out = append(out, p)
		case []string:
			out = append(out, p...)
		}
	}
	return out
}
