package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.List;
import java.util.Set;

/** What disks, editors, mail programs and clumsy hands do to files nobody seals again. */
final class FileMutations {
    private static final Set<String> SEAL = Set.of("SHA256SUMS", "SHA256SUMS.sig", "export_key.pem");
    private static final Expected BROKEN_SEAL = Expected.refused("seal", "bad-seal", "malformed");
    private static final Expected MISMATCH = Expected.refused("file-hashes", "hash-mismatch");
    private static final Expected MISSING = Expected.refused("file-hashes", "missing-file");
    private static final Expected STRANGER = Expected.refused("file-hashes", "stranger");

    private final Draft draft;
    private final BundleBytes whole;

    private FileMutations(Draft draft) {
        this.draft = draft;
        this.whole = draft.bundle();
    }

    static void add(Draft draft) {
        FileMutations mutations = new FileMutations(draft);
        for (String name : mutations.whole.names()) {
            mutations.bytes(name);
            mutations.file(name);
        }
        mutations.neighbours();
        mutations.names();
    }

    private void change(String what, String name, Bytes content) {
        draft.asIs(what + " of " + name, whole.with(name, content), SEAL.contains(name) ? BROKEN_SEAL : MISMATCH);
    }

    private void bytes(String name) {
        Bytes content = whole.get(name);
        for (int at : draft.places(content, draft.weight())) {
            int bit = draft.random().nextInt(8);
            change("bit " + bit + " of byte " + at, name, Draft.flipped(content, at, bit));
        }
        for (int at : draft.places(content, Math.max(2, draft.weight() / 4))) {
            change("the end from byte " + at + " on", name, content.slice(0, at));
            change(
                    "one byte less at " + at,
                    name,
                    Bytes.concat(
                            content.slice(0, at), content.slice(Math.min(at + 1, content.length()), content.length())));
            change(
                    "one byte more at " + at,
                    name,
                    Bytes.concat(content.slice(0, at), Bytes.utf8("x"), content.slice(at, content.length())));
        }
        change("everything", name, Bytes.EMPTY);
        for (String end : List.of("\n", "\r\n", " ", "\0", "# a comment\n")) {
            change("more at the end (" + Bytes.utf8(end).hex() + ")", name, Bytes.concat(content, Bytes.utf8(end)));
        }
        change(
                "a gzip member at the end",
                name,
                Bytes.concat(content, Bytes.fromHex("1f8b0800000000000003030000000000000000")));
        change("a byte order mark", name, Bytes.concat(Bytes.fromHex("efbbbf"), content));
        change("the same twice", name, Bytes.concat(content, content));
    }

    private void file(String name) {
        BundleBytes without = whole.without(name);
        draft.asIs("no " + name, without, SEAL.contains(name) ? BROKEN_SEAL : MISSING);
        BundleBytes renamed = without.with(name + ".bak", whole.get(name));
        draft.asIs(
                name + " renamed",
                renamed,
                SEAL.contains(name) ? BROKEN_SEAL : Expected.refused("file-hashes", "missing-file", "stranger"));
        draft.asIs("a copy beside " + name, whole.with(name + ".orig", whole.get(name)), STRANGER);
    }

    private void neighbours() {
        List<String> names =
                whole.names().stream().filter(name -> !SEAL.contains(name)).toList();
        for (int at = 0; at + 1 < names.size(); at++) {
            String one = names.get(at);
            String next = names.get(at + 1);
            BundleBytes swapped = whole.with(one, whole.get(next)).with(next, whole.get(one));
            draft.asIs("swapped " + one + " and " + next, swapped, MISMATCH);
            draft.asIs(one + " in the place of " + next, whole.with(next, whole.get(one)), MISMATCH);
            BundleBytes fewer = whole.without(one);
            for (int more = 1; more <= 4 && at + more < names.size(); more++) {
                fewer = fewer.without(names.get(at + more));
                draft.asIs("no " + (more + 1) + " files from " + one, fewer, MISSING);
            }
        }
    }

    private void names() {
        for (String stranger : List.of(
                "evil.html",
                "artifacts/00000000000000000999.json",
                "artifacts/0.json",
                "ARTIFACTS/00000000000000000001.json",
                "attachments/sha256/" + "ab".repeat(32),
                "docs/more.txt",
                "keys/" + "0".repeat(64) + ".pem",
                "SHA512SUMS",
                "SHA256SUMS.mldsa65.sig",
                "proofs/consistency/1x",
                ".hidden")) {
            draft.asIs("a stranger " + stranger, whole.with(stranger, "x"), STRANGER);
        }
    }
}
