package sqlitedb

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"
)

func TestTx(t *testing.T) {
	t.Run("a text is parsed once for all transactions of its side", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		for n := range 3 {
			if err := d.Write(t.Context(), add(fmt.Sprint(n))); err != nil {
				t.Fatal(err)
			}
			if err := d.Read(t.Context(), func(tx *Tx) error { return tx.QueryRow(`SELECT count(*) FROM note`).Scan(new(int)) }); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.writing.ready) != 1 || len(d.reading.ready) != 1 || len(d.writing.asked) != 0 {
			t.Errorf("ready to write %d, to read %d, still asked for %d", len(d.writing.ready), len(d.reading.ready), len(d.writing.asked))
		}
	})
	t.Run("no more is kept than has a use", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		for n := range mostStatements + 20 {
			if err := d.Write(t.Context(), func(tx *Tx) error { _, err := tx.Exec(fmt.Sprintf(`DELETE FROM note WHERE id = %d`, n)); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if len(d.writing.ready) != mostStatements {
			t.Error(len(d.writing.ready))
		}
	})
	t.Run("a text that cannot be parsed says so each time", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		for range 2 {
			if err := d.Write(t.Context(), func(tx *Tx) error { return tx.QueryRow(`SELECT nothing`).Scan(new(int)) }); err == nil {
				t.Error("no error")
			}
		}
	})
	t.Run("each stops where it is told, with an error or without", func(t *testing.T) {
		d, _ := openNotes(t, Options{})
		stop := errors.New("stop")
		err := d.Write(t.Context(), func(tx *Tx) error {
			if err := errors.Join(add("a")(tx), add("b")(tx)); err != nil {
				return err
			}
			seen := 0
			see := func(func(...any) error) (bool, error) { seen++; return false, nil }
			if err := tx.Each(`SELECT id FROM note`, nil, see); err != nil || seen != 1 {
				t.Error(seen, err)
			}
			return tx.Each(`SELECT id FROM note`, nil, func(func(...any) error) (bool, error) { return true, stop })
		})
		if !errors.Is(err, stop) {
			t.Error(err)
		}
	})
}

// Somebody who has a connection asks for a statement while somebody else, who
// makes one ready, waits for that connection.
func TestTransactionsWithNewTextsDoNotWaitForEachOther(t *testing.T) {
	d, _ := openNotes(t, Options{Readers: 1})
	done := make(chan bool)
	go func() {
		defer close(done)
		var all sync.WaitGroup
		for g := range 8 {
			for side, run := range []func(func(*Tx) error) error{
				func(do func(*Tx) error) error { return d.Write(t.Context(), do) },
				func(do func(*Tx) error) error { return d.Read(t.Context(), do) },
			} {
				all.Go(func() {
					for n := range 30 {
						if err := run(func(tx *Tx) error {
							for k := range 3 {
								if err := tx.QueryRow(fmt.Sprintf(`SELECT %d`, g<<16|side<<15|n<<4|k)).Scan(new(int)); err != nil {
									return err
								}
							}
							return nil
						}); err != nil {
							t.Error(err)
							return
						}
					}
				})
			}
		}
		all.Wait()
	}()
	select {
	case <-done:
	case <-time.After(time.Minute):
		t.Fatal("they wait for each other")
	}
}
