// Reads a Terraseal log over HTTP and checks every entry before it believes it: its link to the entry before, its
// signature, or its place in a signed batch. Go 1.19 or newer, the standard library alone.
//
//	go run consumer.go http://127.0.0.1:8480 GENESIS [FROM PREVIOUS_HASH]    (TERRASEAL_TOKEN, where the log asks for one)
//
// The genesis comes from somebody else than this server. It prints a line an entry, and last what to go on with.
package main

import (
	"bufio"
	"bytes"
	"crypto/ecdsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
)

const (
	statementType = "application/vnd.in-toto+json"
	batchType     = "application/vnd.terraseal.batch.v1+json"
)

type envelope struct {
	Payload    []byte
	Batch      *int64
	Path       [][]byte
	Signatures []struct {
		Keyid string
		Sig   []byte
	}
}

type statement struct {
	PredicateType string
	Predicate     struct {
		Event struct{ ID string }
		Chain struct {
			Log      string
			Sequence int64
			PrevHash string
			Stream   struct{ ID string }
		}
	}
}

type batch struct {
	Log, Genesis string
	First, Count int64
	Root         []byte
}

type log struct {
	server, genesis, origin, last string
	next                          int64
	keys                          map[string]*ecdsa.PublicKey
	batches                       map[int64]batch
}

func sha(parts ...[]byte) []byte {
	sum := sha256.Sum256(bytes.Join(parts, nil))
	return sum[:]
}

func (l *log) get(path string) (io.ReadCloser, error) {
	request, err := http.NewRequest("GET", l.server+path, nil)
	if err != nil {
		return nil, err
	}
	if token := os.Getenv("TERRASEAL_TOKEN"); token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if answer.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(answer.Body, 1<<16))
		answer.Body.Close()
		return nil, fmt.Errorf("%s: %s %s", path, answer.Status, said)
	}
	return answer.Body, nil
}

func (l *log) all(path string) ([]byte, error) {
	body, err := l.get(path)
	if err != nil {
		return nil, err
	}
	defer body.Close()
	return io.ReadAll(body)
}

// declared reads the keys that log.json declares for statements. P-256 is what a log has unless somebody chose otherwise.
func (l *log) declared() error {
	text, err := l.all("/v1/log")
	if err != nil {
		return err
	}
	if hex.EncodeToString(sha(text)) != l.genesis {
		return fmt.Errorf("this server has another log")
	}
	var said struct {
		Origin string
		Keys   []struct {
			Use, Algorithm, Keyid string
			Spki                  []byte
		}
	}
	if err := json.Unmarshal(text, &said); err != nil {
		return err
	}
	l.origin = said.Origin
	for _, key := range said.Keys {
		if key.Use != "attest" || key.Algorithm != "ECDSA_SHA_256" {
			continue
		}
		public, err := x509.ParsePKIXPublicKey(key.Spki)
		if err != nil {
			return err
		}
		l.keys[key.Keyid] = public.(*ecdsa.PublicKey)
	}
	return nil
}

// requireSigned checks DSSE: every signature is by a key we know, and holds.
func (l *log) requireSigned(kind string, e envelope, what string) error {
	if len(e.Signatures) == 0 {
		return fmt.Errorf("%s carries no signature", what)
	}
	hash := sha([]byte(fmt.Sprintf("DSSEv1 %d %s %d ", len(kind), kind, len(e.Payload))), e.Payload)
	for _, line := range e.Signatures {
		key := l.keys[line.Keyid]
		if key == nil {
			return fmt.Errorf("%s is signed by key %s, which log.json does not declare (see docs/consumers.md)", what, line.Keyid)
		}
		if !ecdsa.VerifyASN1(key, hash, line.Sig) {
			return fmt.Errorf("the signature of %s does not hold", what)
		}
	}
	return nil
}

// rootOf is the root that a path leads to from a leaf (RFC 9162, section 2.1.3.2).
func rootOf(leaf []byte, path [][]byte, index, size int64) ([]byte, error) {
	fn, sn, node := index, size-1, leaf
	for _, beside := range path {
		if sn == 0 {
			return nil, fmt.Errorf("a path is too long")
		}
		if fn&1 == 1 || fn == sn {
			node = sha([]byte{1}, beside, node)
			for fn&1 == 0 && fn != 0 {
				fn, sn = fn>>1, sn>>1
			}
		} else {
			node = sha([]byte{1}, node, beside)
		}
		fn, sn = fn>>1, sn>>1
	}
	if sn != 0 {
		return nil, fmt.Errorf("a path is too short")
	}
	return node, nil
}

func (l *log) batchAt(first int64) (batch, error) {
	if known, here := l.batches[first]; here {
		return known, nil
	}
	text, err := l.all(fmt.Sprintf("/v1/batches/%d", first))
	if err != nil {
		return batch{}, err
	}
	var e envelope
	if err := json.Unmarshal(text, &e); err != nil {
		return batch{}, err
	}
	if err := l.requireSigned(batchType, e, fmt.Sprintf("batch %d", first)); err != nil {
		return batch{}, err
	}
	var b batch
	if err := json.Unmarshal(e.Payload, &b); err != nil {
		return batch{}, err
	}
	l.batches = map[int64]batch{first: b}
	return b, nil
}

func (l *log) requireInBatch(e envelope) error {
	b, err := l.batchAt(*e.Batch)
	if err != nil {
		return err
	}
	index := l.next - b.First
	if b.Log != l.origin || b.Genesis != l.genesis || index < 0 || index >= b.Count {
		return fmt.Errorf("batch %d is not one of entry %d", *e.Batch, l.next)
	}
	root, err := rootOf(sha([]byte{0}, sha(e.Payload)), e.Path, index, b.Count)
	if err != nil {
		return err
	}
	if !bytes.Equal(root, b.Root) {
		return fmt.Errorf("entry %d is not in batch %d", l.next, *e.Batch)
	}
	return nil
}

// take checks the next entry and prints it.
func (l *log) take(line []byte) error {
	var read struct{ Envelope envelope }
	if err := json.Unmarshal(line, &read); err != nil {
		return err
	}
	e := read.Envelope
	var s statement
	if err := json.Unmarshal(e.Payload, &s); err != nil {
		return err
	}
	chain := s.Predicate.Chain
	if chain.Log != l.origin || chain.Sequence != l.next || chain.PrevHash != l.last {
		return fmt.Errorf("what came as entry %d does not follow the entry before it", l.next)
	}
	var err error
	if e.Batch != nil {
		err = l.requireInBatch(e)
	} else {
		err = l.requireSigned(statementType, e, fmt.Sprintf("entry %d", l.next))
	}
	if err != nil {
		return err
	}
	fmt.Println(l.next, chain.Stream.ID, s.Predicate.Event.ID, s.PredicateType)
	l.next, l.last = l.next+1, hex.EncodeToString(sha(e.Payload))
	return nil
}

func (l *log) read() error {
	if err := l.declared(); err != nil {
		return err
	}
	body, err := l.get(fmt.Sprintf("/v1/entries?from=%d", l.next))
	if err != nil {
		return err
	}
	defer body.Close()
	lines := bufio.NewReader(body)
	for {
		line, err := lines.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			if err := l.take(line); err != nil {
				return err
			}
		}
		if err == io.EOF {
			break
		} else if err != nil {
			return err
		}
	}
	fmt.Printf("checked; go on with: %d %s\n", l.next, l.last)
	return nil
}

func main() {
	args := os.Args[1:]
	if len(args) != 2 && len(args) != 4 {
		fmt.Fprintln(os.Stderr, "consumer SERVER GENESIS [FROM PREVIOUS_HASH]")
		os.Exit(2)
	}
	l := &log{server: args[0], genesis: args[1], last: args[1], keys: map[string]*ecdsa.PublicKey{}}
	if len(args) == 4 {
		from, err := strconv.ParseInt(args[2], 10, 64)
		if err != nil {
			fmt.Fprintln(os.Stderr, args[2], "is no number of an entry")
			os.Exit(2)
		}
		l.next, l.last = from, args[3]
	}
	if err := l.read(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
