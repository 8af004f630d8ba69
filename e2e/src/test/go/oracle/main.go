// Command oracle holds a tiled log to golang.org/x/mod/sumdb, which shares nothing with Terraseal:
//
//	oracle check DIR VKEY   the log in DIR: checkpoint, tiles, bundles, proofs/*.tlog-proof, consistency/<old size>
//	oracle make DIR SIZE    writes such a log with Go's code and prints the verifier key
//	oracle key NAME -       prints a signer key and its verifier key
//	oracle submit URL "SKEY WITNESS"   grows a log that the witness at URL cosigns (witness.go)
//
// It is built from a copy of the sumdb packages that every Go distribution carries in cmd/vendor; see GoOracle.java.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"oracle/note"
	"oracle/tlog"
)

const height = 8

func main() {
	if len(os.Args) != 4 {
		fail(errors.New("usage: oracle check DIR VKEY | oracle make DIR SIZE"))
	}
	switch os.Args[1] {
	case "check":
		fail(check(os.Args[2], os.Args[3]))
	case "make":
		fail(makeLog(os.Args[2], os.Args[3]))
	case "key":
		fail(newKey(os.Args[2]))
	case "submit":
		fail(submit(os.Args[2], os.Args[3]))
	default:
		fail(fmt.Errorf("no command %q", os.Args[1]))
	}
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "oracle:", err)
		os.Exit(1)
	}
}

// head is what a checkpoint says.
type head struct {
	size int64
	root tlog.Hash
}

func open(file, vkey string) (head, error) {
	msg, err := os.ReadFile(file)
	if err != nil {
		return head{}, err
	}
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return head{}, err
	}
	opened, err := note.Open(msg, note.VerifierList(verifier))
	if err != nil {
		return head{}, fmt.Errorf("%s: %w", file, err)
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" || lines[0] != verifier.Name() {
		return head{}, fmt.Errorf("%s: not a checkpoint of %s: %q", file, verifier.Name(), opened.Text)
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return head{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return head{size, root}, err
}

// store holds the hashes of a tree in memory, made by Go from the entries.
type store struct {
	hashes []tlog.Hash
}

func (s *store) ReadHashes(indexes []int64) ([]tlog.Hash, error) {
	out := make([]tlog.Hash, len(indexes))
	for i, index := range indexes {
		if index >= int64(len(s.hashes)) {
			return nil, fmt.Errorf("no stored hash %d", index)
		}
		out[i] = s.hashes[index]
	}
	return out, nil
}

func (s *store) add(index int64, entry []byte) error {
	hashes, err := tlog.StoredHashes(index, entry, s)
	s.hashes = append(s.hashes, hashes...)
	return err
}

// path is the C2SP name of a tile: Go's has the height in it.
func path(tile tlog.Tile) string {
	return strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
}

// newTiles are the tiles of a tree of that size; older versions of Go list every width a tile ever had.
func newTiles(size int64) []tlog.Tile {
	var widest []tlog.Tile
	for _, tile := range tlog.NewTiles(height, 0, size) {
		if last := len(widest) - 1; last >= 0 && widest[last].L == tile.L && widest[last].N == tile.N {
			widest = widest[:last]
		}
		widest = append(widest, tile)
	}
	return widest
}

func bundlePath(index int64, width int) string {
	return strings.Replace(path(tlog.Tile{H: height, L: 0, N: index, W: width}), "tile/0/", "tile/entries/", 1)
}

func entries(dir string, size int64) ([][]byte, error) {
	var all [][]byte
	for index := int64(0); index*256 < size; index++ {
		width := 256
		if rest := size - index*256; rest < 256 {
			width = int(rest)
		}
		name := bundlePath(index, width)
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		for i := 0; i < width; i++ {
			if len(data) < 2 || len(data)-2 < int(binary.BigEndian.Uint16(data)) {
				return nil, fmt.Errorf("%s ends in entry %d", name, i)
			}
			length := int(binary.BigEndian.Uint16(data))
			all = append(all, data[2:2+length])
			data = data[2+length:]
		}
		if len(data) != 0 {
			return nil, fmt.Errorf("%s has %d bytes too many", name, len(data))
		}
	}
	return all, nil
}

// tiles reads the log's tile files for Go's own tile reader, which checks every one of them against the root.
type tiles struct{ dir string }

func (t tiles) Height() int                     { return height }
func (t tiles) SaveTiles([]tlog.Tile, [][]byte) {}
func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	out := make([][]byte, len(wanted))
	for i, tile := range wanted {
		data, err := os.ReadFile(filepath.Join(t.dir, path(tile)))
		if err != nil {
			return nil, err
		}
		out[i] = data
	}
	return out, nil
}

func check(dir, vkey string) error {
	now, err := open(filepath.Join(dir, "checkpoint"), vkey)
	if err != nil {
		return err
	}
	all, err := entries(dir, now.size)
	if err != nil {
		return err
	}
	made := &store{}
	for i, entry := range all {
		if err := made.add(int64(i), entry); err != nil {
			return err
		}
	}
	root, err := tlog.TreeHash(now.size, made)
	if err != nil {
		return err
	}
	if root != now.root {
		return fmt.Errorf("the entries have root %v, the checkpoint says %v", root, now.root)
	}
	wanted := newTiles(now.size)
	for _, tile := range wanted {
		data, err := tlog.ReadTileData(tile, made)
		if err != nil {
			return err
		}
		file, err := os.ReadFile(filepath.Join(dir, path(tile)))
		if err != nil {
			return err
		}
		if !bytes.Equal(data, file) {
			return fmt.Errorf("%s is not the tile Go makes", path(tile))
		}
	}
	reader := tlog.TileHashReader(tlog.Tree{N: now.size, Hash: now.root}, tiles{dir})
	records, err := checkRecords(dir, now, all, reader)
	if err != nil {
		return err
	}
	olds, err := checkTrees(dir, vkey, now, reader)
	if err != nil {
		return err
	}
	fmt.Printf("size %d tiles %d records %d trees %d\n", now.size, len(wanted), records, olds)
	return nil
}

func checkRecords(dir string, now head, all [][]byte, reader tlog.HashReader) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "proofs", "*.tlog-proof"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		lines := strings.Split(strings.SplitN(string(text), "\n\n", 2)[0], "\n")
		if len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
			return 0, fmt.Errorf("%s is no tlog-proof", file)
		}
		index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
		if err != nil || index >= now.size {
			return 0, fmt.Errorf("%s: index %q", file, lines[1])
		}
		proof, err := hashes(lines[2:])
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckRecord(proof, now.size, now.root, index, tlog.RecordHash(all[index])); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		own, err := tlog.ProveRecord(now.size, index, reader)
		if err != nil {
			return 0, err
		}
		if fmt.Sprint(own) != fmt.Sprint(tlog.RecordProof(proof)) {
			return 0, fmt.Errorf("%s is not the proof Go makes", file)
		}
	}
	return len(files), nil
}

func checkTrees(dir, vkey string, now head, reader tlog.HashReader) (int, error) {
	files, err := filepath.Glob(filepath.Join(dir, "consistency", "*"))
	if err != nil {
		return 0, err
	}
	for _, file := range files {
		old, err := open(filepath.Join(dir, "checkpoints", filepath.Base(file)), vkey)
		if err != nil {
			return 0, err
		}
		text, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		proof, err := hashes(strings.Fields(string(text)))
		if err != nil {
			return 0, err
		}
		if err := tlog.CheckTree(proof, now.size, now.root, old.size, old.root); err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		own, err := tlog.ProveTree(now.size, old.size, reader)
		if err != nil {
			return 0, err
		}
		if fmt.Sprint(own) != fmt.Sprint(tlog.TreeProof(proof)) {
			return 0, fmt.Errorf("%s is not the proof Go makes", file)
		}
	}
	return len(files), nil
}

func hashes(lines []string) ([]tlog.Hash, error) {
	var out []tlog.Hash
	for _, line := range lines {
		hash, err := tlog.ParseHash(line)
		if err != nil {
			return nil, err
		}
		out = append(out, hash)
	}
	return out, nil
}

func makeLog(dir, sizeText string) error {
	size, err := strconv.ParseInt(sizeText, 10, 64)
	if err != nil {
		return err
	}
	skey, vkey, err := note.GenerateKey(rand.Reader, "go.example/log")
	if err != nil {
		return err
	}
	signer, err := note.NewSigner(skey)
	if err != nil {
		return err
	}
	made := &store{}
	var bundle []byte
	for i := int64(0); i < size; i++ {
		entry := []byte(fmt.Sprintf("go entry %d", i))
		if err := made.add(i, entry); err != nil {
			return err
		}
		bundle = append(binary.BigEndian.AppendUint16(bundle, uint16(len(entry))), entry...)
		if width := int(i%256) + 1; width == 256 || i == size-1 {
			if err := write(dir, bundlePath(i/256, width), bundle); err != nil {
				return err
			}
			bundle = nil
		}
		if i == size/2 {
			if err := publish(dir, i+1, made, signer, "checkpoints/old"); err != nil {
				return err
			}
		}
	}
	for _, tile := range newTiles(size) {
		data, err := tlog.ReadTileData(tile, made)
		if err != nil {
			return err
		}
		if err := write(dir, path(tile), data); err != nil {
			return err
		}
	}
	if err := publish(dir, size, made, signer, "checkpoint"); err != nil {
		return err
	}
	if err := prove(dir, size, made); err != nil {
		return err
	}
	fmt.Println(vkey)
	return nil
}

func publish(dir string, size int64, made *store, signer note.Signer, name string) error {
	root, err := tlog.TreeHash(size, made)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("%s\n%d\n%s\n", signer.Name(), size, base64.StdEncoding.EncodeToString(root[:]))
	msg, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return err
	}
	return write(dir, name, msg)
}

func prove(dir string, size int64, made *store) error {
	checkpoint, err := os.ReadFile(filepath.Join(dir, "checkpoint"))
	if err != nil {
		return err
	}
	for _, index := range []int64{0, size / 3, size - 1} {
		proof, err := tlog.ProveRecord(size, index, made)
		if err != nil {
			return err
		}
		var text strings.Builder
		fmt.Fprintf(&text, "c2sp.org/tlog-proof@v1\nindex %d\n", index)
		for _, hash := range proof {
			fmt.Fprintf(&text, "%v\n", hash)
		}
		fmt.Fprintf(&text, "\n%s", checkpoint)
		if err := write(dir, fmt.Sprintf("proofs/%d.tlog-proof", index), []byte(text.String())); err != nil {
			return err
		}
	}
	tree, err := tlog.ProveTree(size, size/2+1, made)
	if err != nil {
		return err
	}
	var text strings.Builder
	for _, hash := range tree {
		fmt.Fprintf(&text, "%v\n", hash)
	}
	return write(dir, "consistency/old", []byte(text.String()))
}

func write(dir, name string, data []byte) error {
	file := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		return err
	}
	return os.WriteFile(file, data, 0o644)
}
