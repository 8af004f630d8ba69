package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.Checkpoint;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.verifier.bundle.CheckpointLayer.Opened;
import dev.terraseal.verifier.entries.LogReading;
import dev.terraseal.verifier.entries.SignatureQueue;
import dev.terraseal.verifier.entries.Workers;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.time.Intervals;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TimeLayer;
import dev.terraseal.verifier.time.TimeReading;
import dev.terraseal.verifier.trust.Conclusion;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Reach;
import dev.terraseal.verifier.trust.RequestLayer;
import dev.terraseal.verifier.trust.WitnessLayer;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import dev.terraseal.verifier.verdict.LayerResult;
import dev.terraseal.verifier.verdict.Verdict;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Verifies an archive. It has no seal and no list of files: what is in it holds together by itself. */
public final class ArchiveVerification {
    private static final int LOG_MAX = 1 << 20;
    private static final int PEM_MAX = 8 << 10;

    private final ArchiveFiles archive;
    private final MoreLayers more;
    private final Question question;
    private final SignatureChecker checker;
    private Findings findings;
    private @Nullable LogDeclaration log;
    private @Nullable ArchivePass pass;
    private WitnessLayer.@Nullable Seen seen;
    private long attachments;
    private long unread;
    private Stamped stamped = Stamped.NONE;

    public ArchiveVerification(Path root, Question question, SignatureChecker checker) throws IOException {
        this(ArchiveSource.directory(root), question, checker, MoreLayers.NONE);
    }

    /** @param more what else is asked once everything was read */
    public ArchiveVerification(ArchiveSource source, Question question, SignatureChecker checker, MoreLayers more)
            throws IOException {
        this.archive = ArchiveFiles.of(source);
        this.more = more;
        this.question = question;
        this.checker = checker;
        this.findings = new Findings(question.all());
    }

    /** Reads everything and judges it. */
    public Verdict run() throws IOException {
        LogDeclaration declared = declaration(findings);
        if (declared != null) {
            log = declared;
            readTwiceIfKeysChanged(declared);
        }
        return Conclusion.of(
                        question,
                        findings,
                        "archive",
                        facts(),
                        ArchiveClaims.PROVEN,
                        ArchiveClaims.notProven(archive),
                        seen,
                        stamped.bounds())
                .within(pass == null ? Intervals.NONE : pass.times().intervals());
    }

    private @Nullable LogDeclaration declaration(Findings into) throws IOException {
        try {
            LogDeclaration read = LogDeclaration.parse(archive.read(ArchiveFiles.LOG, LOG_MAX, this::isDeclaration));
            Conclusion.requireTrustedLog(question, read, into);
            return into.stopsAt(Layer.DECLARATION) ? null : read;
        } catch (MalformedException missing) {
            into.add(Layer.DECLARATION, FindingName.MALFORMED, missing.file(), String.valueOf(missing.getMessage()));
        } catch (IllegalArgumentException notOne) {
            into.add(
                    Layer.DECLARATION,
                    FindingName.MALFORMED,
                    ArchiveFiles.LOG,
                    "log.json cannot be read: " + notOne.getMessage());
        }
        return null;
    }

    private boolean isDeclaration(Bytes content) {
        try {
            LogDeclaration read = LogDeclaration.parse(content);
            return question.trust() == null || question.trust().genesis().equals(read.genesis());
        } catch (IllegalArgumentException notOne) {
            return false;
        }
    }

    /** Key events say which keys may sign before and after them, so a log that has any is read once more with them. */
    private void readTwiceIfKeysChanged(LogDeclaration declared) throws IOException {
        KeyRing assumed = KeyRing.of(declared);
        KeyRing learned = read(declared, assumed);
        while (learned.events() > assumed.events()) {
            findings = new Findings(question.all());
            declaration(findings);
            assumed = learned;
            learned = read(declared, assumed);
        }
        ArchivePass done = pass;
        if (done != null) {
            try {
                checkFiles(learned);
            } catch (MalformedException malformed) {
                findings.add(
                        Layer.FILE_HASHES,
                        FindingName.MALFORMED,
                        malformed.file(),
                        String.valueOf(malformed.getMessage()));
            }
            conclude(declared, done, learned);
            Opened head = done.checkpoints().newest();
            new RequestLayer(question, findings, done.checkpoints())
                    .check(
                            head == null ? null : head.checkpoint(),
                            head == null ? null : head.key(),
                            new ArchiveCosignatures(archive, findings, checker).ofTheLog(head, declared, learned),
                            Reach.to(done.reading().newestReceived()),
                            done,
                            seen,
                            question.demands(seen, stamped.bounds()));
            more.judge(
                    new MoreLayers.WhatWasRead(
                            declared, head == null ? null : head.checkpoint(), done.keySegments(), archive.spare()),
                    findings);
        }
    }

    private KeyRing read(LogDeclaration declared, KeyRing assumed) throws IOException {
        archive.forgetSpare();
        CheckpointsInStep checkpoints = new CheckpointsInStep(archive, findings, declared, assumed, checker);
        checkpoints.settle();
        WitnessLayer.Seen known = new ArchiveCosignatures(archive, findings, checker).judge(question, checkpoints);
        seen = known;
        stamped = new ArchiveStamps(archive, findings, checkpoints).read(question.trust());
        TimeReading times = new TimeReading(stamped.bounds(), declared, question, checker, findings);
        try (Workers workers = new Workers()) {
            SignatureQueue queue = new SignatureQueue(findings, checker, workers);
            ArchivePass started = new ArchivePass(
                    archive,
                    findings,
                    declared,
                    assumed,
                    queue,
                    question,
                    question.demands(known, stamped.bounds()),
                    times);
            pass = started;
            try {
                started.run();
            } catch (MalformedException malformed) {
                findings.add(
                        Layer.CHAIN, FindingName.MALFORMED, malformed.file(), String.valueOf(malformed.getMessage()));
            }
            return started.learned();
        }
    }

    private void checkFiles(KeyRing keys) throws IOException {
        ArchiveListing files = archive.files();
        for (String odd : files.oddities()) {
            if (!ArchiveFiles.isHidden(odd)) {
                archive.spare(
                        findings,
                        Layer.FILE_HASHES,
                        FindingName.STRANGER,
                        odd,
                        "Stranger: " + odd + " is no regular file of an archive");
            }
        }
        for (String name : files.names()) {
            if (ArchiveFiles.isHidden(name)) {
                continue;
            }
            boolean planted = archive.isShared() && name.startsWith(ArchiveFiles.DOCS) && !ArchiveFiles.isDoc(name);
            if (planted || !ArchiveFiles.isKnown(name)) {
                archive.spare(
                        findings,
                        Layer.FILE_HASHES,
                        FindingName.STRANGER,
                        name,
                        "Stranger: " + name + " is nothing an archive keeps");
            } else if (name.startsWith(ArchiveFiles.ATTACHMENTS)) {
                attachments++;
                checkAttachment(name);
            } else if (name.startsWith(ArchiveFiles.KEYS)) {
                checkKey(name, keys);
            } else if (ArchiveFiles.isUnread(name)) {
                unread++;
            }
        }
    }

    private void checkAttachment(String name) throws IOException {
        String hex = name.substring(ArchiveFiles.ATTACHMENTS.length());
        archive.settle(name, content -> Digest.of(content).hex().equals(hex));
        MessageDigest sha256 = Digest.sha256();
        byte[] buffer = new byte[1 << 16];
        try (InputStream in = archive.files().open(name)) {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                sha256.update(buffer, 0, count);
            }
        }
        if (!Digest.finish(sha256).hex().equals(hex)) {
            archive.spare(findings, Layer.FILE_HASHES, FindingName.HASH_MISMATCH, name, "Hash mismatch for " + name);
        }
    }

    private void checkKey(String name, KeyRing keys) throws IOException {
        String hex = name.substring(ArchiveFiles.KEYS.length(), name.length() - ".pem".length());
        DeclaredKey key = keys.declared(KeyId.fromHex(hex)).orElse(null);
        String message = name + " is not a key this log declared";
        if (key == null) {
            archive.spare(findings, Layer.DERIVED, FindingName.COUNT_MISMATCH, name, message);
            return;
        }
        Bytes pem = Bytes.utf8(key.pem());
        if (!archive.read(name, PEM_MAX, pem::equals).equals(pem)) {
            findings.add(Layer.DERIVED, FindingName.COUNT_MISMATCH, name, message);
        }
    }

    private void conclude(LogDeclaration declared, ArchivePass done, KeyRing keys) {
        LogReading read = done.reading();
        findings.conclude(LayerResult.notCovered(
                Layer.SEAL,
                "an archive has none; immutability" + (archive.isShared() ? ": " : " of a directory: ")
                        + archive.immutability()));
        findings.conclude(LayerResult.valid(Layer.FILE_HASHES, attachments + " attachments, each named by its digest"));
        findings.conclude(LayerResult.valid(
                Layer.CHAIN, read.count() + (read.count() == 1 ? " entry" : " entries") + " from the genesis on"));
        findings.conclude(LayerResult.valid(
                Layer.SIGNATURES,
                "All " + read.count() + " entry signatures valid",
                read.signatures().keysUsed()));
        Opened head = done.checkpoints().newest();
        if (head != null) {
            Checkpoint newest = head.checkpoint();
            long beyond = read.count() - newest.size();
            findings.conclude(LayerResult.valid(
                    Layer.CHECKPOINT,
                    declared.origin() + " size " + newest.size() + ", "
                            + done.checkpoints().count()
                            + (done.checkpoints().count() == 1 ? " checkpoint" : " checkpoints") + " of one history"
                            + (beyond > 0 ? "; " + beyond + " entries beyond it, signed only" : "")));
        }
        findings.conclude(LayerResult.valid(Layer.INCLUSION, done.tiles().compared() + " tiles hold the same tree"));
        findings.conclude(LayerResult.valid(
                Layer.STREAM_HEADS,
                read.ordinary() + " entries in " + read.ordinaryStreams() + " streams, "
                        + read.heads().checked() + " heads entries"));
        findings.conclude(LayerResult.valid(
                Layer.KEY_EVENTS,
                (keys.events() == 0 ? "none after log.json" : keys.events() + " after log.json")
                        + "; no other revocation up to size " + read.count()));
        findings.conclude(LayerResult.valid(Layer.DERIVED, "key files"));
        String others = unread == 0
                ? ""
                : "; " + unread
                        + " cosignatures and later signatures are here, of which it judges only cosignatures a"
                        + " trust file asks for";
        TimeLayer.conclude(question, stamped, 1, done.times(), others, findings);
        findings.conclude(read.continuity().result());
    }

    private Verdict.Facts facts() {
        LogDeclaration declared = log;
        Opened head = pass == null ? null : pass.checkpoints().newest();
        return new Verdict.Facts(
                declared == null ? null : declared.origin().value(),
                declared == null ? null : declared.genesis().hex(),
                head == null ? null : Long.valueOf(head.checkpoint().size()),
                head == null ? null : head.checkpoint().root().base64(),
                pass == null ? null : Long.valueOf(0),
                pass == null ? null : Long.valueOf(pass.reading().count()),
                null);
    }
}
