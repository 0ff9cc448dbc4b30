package main

import (
	"io"
	"net/http"
	"net/http/cookiejar"
	"strings"
	"testing"
)

// TestTheDeskIsAtHandForReaders: who has a key to what is sealed finds the desk on home;
// others do not have it in their way.
func TestTheDeskIsAtHandForReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("plays the story")
	}
	s := playedStory(t)
	for name, want := range map[string]bool{"doctor": true, "monitor": false} {
		o := s.openSeat(t, name)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := (&http.Client{Jar: jar}).Get(o.address())
		if err != nil {
			t.Fatal(err)
		}
		page, err := io.ReadAll(answer.Body)
		if _ = answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK {
			t.Fatalf("%s: %d %v", name, answer.StatusCode, err)
		}
		if got := strings.Contains(string(page), `href="/desk"`); got != want {
			t.Errorf("the desk is on the home of the %s: %v", name, got)
		}
	}
}
