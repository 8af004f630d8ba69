"""Reads a Terraseal log over HTTP and checks every entry before it believes it: its link to the entry before, its
signature, or its place in a signed batch. Python 3.9 or newer and `pip install cryptography`.

  python3 consumer.py http://127.0.0.1:8480 GENESIS [FROM PREVIOUS_HASH]    (TERRASEAL_TOKEN, where the log asks for one)

The genesis comes from somebody else than this server. It prints a line an entry, and last what to go on with."""
import base64
import hashlib
import json
import os
import sys
import urllib.request

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

STATEMENT = b"application/vnd.in-toto+json"
BATCH = b"application/vnd.terraseal.batch.v1+json"


def sha(data):
    return hashlib.sha256(data).digest()


class NotTrusted(Exception):
    """What came is not what this log signed."""


def root_of(leaf, path, index, size):
    """The root that a path leads to from a leaf (RFC 9162, section 2.1.3.2)."""
    fn, sn, node = index, size - 1, leaf
    for beside in path:
        if sn == 0:
            raise NotTrusted("a path is too long")
        if fn & 1 or fn == sn:
            node = sha(b"\x01" + beside + node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = sha(b"\x01" + node + beside)
        fn, sn = fn >> 1, sn >> 1
    if sn != 0:
        raise NotTrusted("a path is too short")
    return node


class Log:
    def __init__(self, server, genesis, first=0, previous=None):
        self.server, self.genesis, self.next, self.last = server, genesis, first, previous or genesis
        declaration = self.get("/v1/log").read()
        if sha(declaration).hex() != genesis:
            raise NotTrusted("this server has another log")
        log = json.loads(declaration)
        self.origin = log["origin"]
        # P-256 is what a log signs statements with unless somebody chose otherwise.
        self.keys = {
            key["keyid"]: serialization.load_der_public_key(base64.b64decode(key["spki"]))
            for key in log["keys"]
            if key["use"] == "attest" and key["algorithm"] == "ECDSA_SHA_256"
        }
        self.batches = {}

    def get(self, path):
        request = urllib.request.Request(self.server + path)
        if "TERRASEAL_TOKEN" in os.environ:
            request.add_header("Authorization", "Bearer " + os.environ["TERRASEAL_TOKEN"])
        return urllib.request.urlopen(request, timeout=60)

    def require_signed(self, kind, payload, signatures, what):
        """DSSE: every signature is by a key we know, and holds."""
        message = b"DSSEv1 %d %s %d %s" % (len(kind), kind, len(payload), payload)
        if not signatures:
            raise NotTrusted(what + " carries no signature")
        for line in signatures:
            key = self.keys.get(line["keyid"])
            if key is None:
                raise NotTrusted(f"{what} is signed by key {line['keyid']}, which log.json does not declare"
                                 " (see docs/consumers.md)")
            # Raises InvalidSignature.
            key.verify(base64.b64decode(line["sig"]), message, ec.ECDSA(hashes.SHA256()))

    def batch(self, first):
        if first not in self.batches:
            envelope = json.loads(self.get(f"/v1/batches/{first}").read())
            payload = base64.b64decode(envelope["payload"])
            self.require_signed(BATCH, payload, envelope["signatures"], f"batch {first}")
            self.batches = {first: json.loads(payload)}
        return self.batches[first]

    def require_in_batch(self, envelope, statement, sequence):
        batch = self.batch(envelope["batch"])
        index = sequence - batch["first"]
        if (batch["log"], batch["genesis"]) != (self.origin, self.genesis) or not 0 <= index < batch["count"]:
            raise NotTrusted(f"batch {envelope['batch']} is not one of entry {sequence}")
        path = [base64.b64decode(node) for node in envelope["path"]]
        if root_of(sha(b"\x00" + sha(statement)), path, index, batch["count"]) != base64.b64decode(batch["root"]):
            raise NotTrusted(f"entry {sequence} is not in batch {envelope['batch']}")

    def entries(self):
        """The statements that are there now, each checked."""
        for line in self.get(f"/v1/entries?from={self.next}"):
            if not line.strip():
                continue
            envelope = json.loads(line)["envelope"]
            payload = base64.b64decode(envelope["payload"])
            statement = json.loads(payload)
            chain = statement["predicate"]["chain"]
            if (chain["log"], chain["sequence"], chain["prevHash"]) != (self.origin, self.next, self.last):
                raise NotTrusted(f"what came as entry {self.next} does not follow the entry before it")
            if "batch" in envelope:
                self.require_in_batch(envelope, payload, self.next)
            else:
                self.require_signed(STATEMENT, payload, envelope["signatures"], f"entry {self.next}")
            self.next, self.last = self.next + 1, sha(payload).hex()
            yield statement


def main(server, genesis, first="0", previous=None):
    log = Log(server, genesis, int(first), previous)
    for statement in log.entries():
        chain, event = statement["predicate"]["chain"], statement["predicate"]["event"]
        print(chain["sequence"], chain["stream"]["id"], event["id"], statement["predicateType"])
    print(f"checked; go on with: {log.next} {log.last}")


if __name__ == "__main__":
    main(*sys.argv[1:])
