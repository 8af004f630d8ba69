package main

import (
	"bytes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"

	"oracle/note"
	"oracle/tlog"
)

// cosigner checks cosignature/v1 lines (c2sp.org/tlog-cosignature) as note.Open asks a Verifier to.
type cosigner struct {
	name string
	hash uint32
	key  ed25519.PublicKey
}

func (c cosigner) Name() string    { return c.name }
func (c cosigner) KeyHash() uint32 { return c.hash }
func (c cosigner) Verify(msg, sig []byte) bool {
	if len(sig) != 8+ed25519.SignatureSize {
		return false
	}
	signed := append([]byte(fmt.Sprintf("cosignature/v1\ntime %d\n", binary.BigEndian.Uint64(sig))), msg...)
	return ed25519.Verify(c.key, signed, sig[8:])
}

func newCosigner(vkey string) (cosigner, error) {
	parts := strings.SplitN(vkey, "+", 3)
	if len(parts) != 3 {
		return cosigner{}, errors.New("no verifier key: " + vkey)
	}
	typed, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || len(typed) != 33 || typed[0] != 4 {
		return cosigner{}, fmt.Errorf("no cosignature/v1 key: %s", vkey)
	}
	sum := sha256.Sum256(append([]byte(parts[0]+"\n"), typed...))
	hash := binary.BigEndian.Uint32(sum[:])
	if fmt.Sprintf("%08x", hash) != parts[1] {
		return cosigner{}, fmt.Errorf("the key id of %s is %08x", vkey, hash)
	}
	return cosigner{parts[0], hash, typed[1:]}, nil
}

// newKey prints a signer key and its verifier key.
func newKey(name string) error {
	skey, vkey, err := note.GenerateKey(rand.Reader, name)
	if err == nil {
		fmt.Printf("%s\n%s\n", skey, vkey)
	}
	return err
}

// submit grows a log of Go's making and has the witness at url cosign it; keys are "<signer key> <witness vkey>".
func submit(url, keys string) error {
	both := strings.Split(keys, " ")
	signer, err := note.NewSigner(both[0])
	if err != nil {
		return err
	}
	witness, err := newCosigner(both[1])
	if err != nil {
		return err
	}
	hashes := &store{}
	old := int64(0)
	for _, size := range []int64{1, 2, 5, 8, 8, 13, 64, 100} {
		for n := old; n < size; n++ {
			if err := hashes.add(n, []byte(fmt.Sprintf("entry %d", n))); err != nil {
				return err
			}
		}
		if err := cosign(url, signer, witness, hashes, old, size); err != nil {
			return fmt.Errorf("size %d: %w", size, err)
		}
		old = size
	}
	fmt.Println("cosigned up to", old)
	return nil
}

func cosign(url string, signer note.Signer, witness cosigner, hashes *store, old, size int64) error {
	root, err := tlog.TreeHash(size, hashes)
	if err != nil {
		return err
	}
	text := signer.Name() + "\n" + strconv.FormatInt(size, 10) + "\n" + root.String() + "\n"
	signed, err := note.Sign(&note.Note{Text: text}, signer)
	if err != nil {
		return err
	}
	body := fmt.Sprintf("old %d\n", old)
	if old > 0 && old < size {
		proof, err := tlog.ProveTree(size, old, hashes)
		if err != nil {
			return err
		}
		for _, hash := range proof {
			body += hash.String() + "\n"
		}
	}
	answer, err := http.Post(url+"/add-checkpoint", "text/plain", bytes.NewReader([]byte(body+"\n"+string(signed))))
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	line, err := io.ReadAll(answer.Body)
	if err != nil || answer.StatusCode != 200 {
		return fmt.Errorf("status %d %s", answer.StatusCode, line)
	}
	opened, err := note.Open(append(signed, line...), note.VerifierList(witness))
	if err != nil {
		return err
	}
	if len(opened.Sigs) != 1 {
		return errors.New("not one cosignature")
	}
	return nil
}
