package main

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base32"
	"encoding/binary"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/daylight-npm/daylight/server"
)

// deskPassphrase is everybody's at the demo's office.
const deskPassphrase = "seven grey herons on ice"

// visitor is a browser without script, at the office's pages.
type visitor struct {
	http *http.Client
	at   string
	page string
}

// signIn sets up a person's sign-in through the pages, as they would, and keeps the
// cookies of their session.
func (d *door) signIn(ctx context.Context, s *sitter) error {
	code, err := d.server.LetIn(ctx, server.LetInAsked{Person: s.person.GetId(), Minutes: 60})
	if err != nil {
		return err
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		return err
	}
	v := &visitor{http: &http.Client{Jar: jar, Timeout: time.Minute}, at: fmt.Sprintf("http://localhost:%d", d.port)}
	if err := v.post(ctx, "/welcome", "code", code.Code); err != nil {
		return err
	}
	secret, err := v.find(`class="mono">((?:[A-Z2-7]{4} ){7}[A-Z2-7]{4})<`)
	if err != nil {
		return err
	}
	s.secret = secret[0]
	now, err := oneTime(s.secret, time.Now())
	if err != nil {
		return err
	}
	for _, step := range [][]string{
		{"/welcome/set-up", "name2", s.person.GetName(), "passphrase", deskPassphrase, "again", deskPassphrase, "code", now},
		{"/welcome/codes"},
	} {
		if err := v.post(ctx, step[0], step[1:]...); err != nil {
			return err
		}
	}
	codes, err := v.find(`class="mono">([0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4})<`)
	if err != nil {
		return err
	}
	if err := v.post(ctx, "/welcome/codes/done", "code", codes[4%len(codes)]); err != nil {
		return err
	}
	u, err := url.Parse(v.at)
	if err != nil {
		return err
	}
	s.cookies = jar.Cookies(u)
	return nil
}

func (v *visitor) post(ctx context.Context, path string, pairs ...string) error {
	form := url.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		form.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, v.at+path, strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	a, err := v.http.Do(r)
	if err != nil {
		return err
	}
	defer a.Body.Close()
	b, err := io.ReadAll(a.Body)
	if err != nil {
		return err
	}
	v.page = string(b)
	if a.StatusCode != http.StatusOK {
		return fmt.Errorf("%s answers %s", path, a.Status)
	}
	return nil
}

// find gives what the page shows in the group of a pattern.
func (v *visitor) find(pattern string) (out []string, err error) {
	for _, m := range regexp.MustCompile(pattern).FindAllStringSubmatch(v.page, -1) {
		out = append(out, html.UnescapeString(m[1]))
	}
	if len(out) == 0 {
		return nil, errors.New("the page does not show what it did")
	}
	return out, nil
}

// oneTime is the code of the present half minute, RFC 6238.
func oneTime(secret string, at time.Time) (string, error) {
	key, err := base32.StdEncoding.WithPadding(base32.NoPadding).DecodeString(strings.ReplaceAll(secret, " ", ""))
	if err != nil {
		return "", err
	}
	m := hmac.New(sha1.New, key)
	_ = binary.Write(m, binary.BigEndian, at.Unix()/30)
	sum := m.Sum(nil)
	o := sum[len(sum)-1] & 0xf
	return fmt.Sprintf("%06d", binary.BigEndian.Uint32(sum[o:])&0x7fffffff%1_000_000), nil
}
