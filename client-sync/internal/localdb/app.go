package localdb

import "encoding/json"

// App gives what the app remembers, by name.
func (b *Book) App() (map[string][]byte, error) {
	all := map[string][]byte{}
	content, err := b.single("app")
	if err == nil && content != nil {
		err = json.Unmarshal(content, &all)
	}
	return all, err
}

// PutApp stores it all.
func (b *Book) PutApp(all map[string][]byte) error {
	if all == nil { // forgotten; null would be no map to read
		all = map[string][]byte{}
	}
	content, err := json.Marshal(all)
	if err != nil {
		return err
	}
	return b.putSingle("app", content)
}
