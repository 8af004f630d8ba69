package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TreeHead;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.merkle.ProofException;
import dev.terraseal.core.proof.TlogProof;
import dev.terraseal.verifier.Broken;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code terraseal tlog …}: one question about a C2SP log, answered offline from files alone. */
public final class TlogCommand {
    private static final Set<String> TRUST = Set.of("key", "witness", "policy", "origin");

    private final Verdict verdict;
    private final List<String> words;
    private final SignatureChecker checker = new SignatureChecker(null);

    private TlogCommand(String command, List<String> words) {
        this.verdict = new Verdict(command);
        this.words = words;
    }

    /**
     * Runs {@code terraseal tlog} with the words after {@code tlog}.
     *
     * @return the exit code: 0 holds, 2 wrong usage, 3 could not be evaluated, 4 verification failed
     */
    public static int run(String[] args, PrintStream out, PrintStream err) {
        List<String> words = Arrays.asList(args);
        String command = words.isEmpty() ? "" : words.get(0);
        if (words.contains("--help") || words.contains("-h") || command.equals("help")) {
            out.print(TlogHelp.text(command));
            out.flush();
            return 0;
        }
        try {
            TlogCommand asked = new TlogCommand(command, words.isEmpty() ? words : words.subList(1, words.size()));
            boolean json = asked.answer(command);
            return asked.verdict.print(json, out, err);
        } catch (UsageException wrong) {
            err.print("terraseal tlog" + (command.isEmpty() ? "" : " " + Verdict.shown(command)) + ": "
                    + Verdict.shown(String.valueOf(wrong.getMessage())) + "\nSee: terraseal tlog "
                    + (TlogHelp.isCommand(command) ? command + " " : "") + "--help\n");
            return Verdict.end(Verdict.USAGE, err);
        } catch (RuntimeException | Error broken) {
            err.print("terraseal tlog: " + Verdict.shown(Broken.told(broken)) + "\n");
            return Verdict.end(Verdict.NOT_EVALUATED, err);
        }
    }

    private boolean answer(String command) throws UsageException {
        Arguments arguments = arguments(command);
        try {
            switch (command) {
                case "verify-checkpoint" -> checkpoint(arguments);
                case "verify-proof" -> proof(arguments);
                case "verify-consistency" -> consistency(arguments);
                default -> fsck(arguments);
            }
        } catch (NoteException | ProofException failed) {
            verdict.failed(String.valueOf(failed.getMessage()));
        } catch (UncheckableException unknown) {
            verdict.notEvaluated(String.valueOf(unknown.getMessage()));
        } catch (UncheckedIOException unreadable) {
            verdict.notEvaluated("could not be read: " + unreadable.getCause());
        } catch (IOException unreadable) {
            verdict.notEvaluated("could not be read: " + unreadable);
        }
        return arguments.json();
    }

    private Arguments arguments(String command) throws UsageException {
        return switch (command) {
            case "verify-checkpoint" -> new Arguments(words, 1, "FILE", TRUST);
            case "verify-proof" -> new Arguments(words, 1, "FILE", and("record", "leaf-hash", "statement"));
            case "verify-consistency" -> new Arguments(words, 3, "OLD NEW PROOF", TRUST);
            case "fsck" -> new Arguments(words, 1, "DIR", and("checkpoint"));
            case "" -> throw new UsageException("say what to check: " + TlogHelp.COMMANDS);
            default -> throw new UsageException("there is no such command; there are " + TlogHelp.COMMANDS);
        };
    }

    private static Set<String> and(String... more) {
        return Stream.concat(TRUST.stream(), Stream.of(more)).collect(Collectors.toUnmodifiableSet());
    }

    private void checkpoint(Arguments arguments)
            throws UsageException, IOException, NoteException, UncheckableException {
        Heads heads = new Heads(arguments.trust(), checker);
        heads.open(arguments.file(0), "the checkpoint", verdict);
        verdict.proven("the log stated this size and root")
                .notProven("that the log holds entries with that root: see 'terraseal tlog fsck'");
    }

    private void proof(Arguments arguments)
            throws UsageException, IOException, NoteException, ProofException, UncheckableException {
        Heads heads = new Heads(arguments.trust(), checker);
        Digest leafHash = leafHash(arguments);
        TlogProof proof = TlogProof.parse(arguments.file(0));
        TreeHead head = heads.open(proof.checkpoint(), "the checkpoint in the proof", verdict);
        verdict.fact("index", "index", proof.index()).fact("leafHash", "leaf hash", leafHash.hex());
        if (proof.extra() != null) {
            verdict.line("extra", "present, and authenticated by nothing");
        }
        InclusionProof.verify(proof.index(), head.size(), leafHash, proof.path(), head.root());
        verdict.proven("the record is entry " + proof.index() + " of the log that stated this head")
                .notProven("that what the record says is true");
    }

    private static Digest leafHash(Arguments arguments) throws UsageException, IOException {
        List<Digest> given = new ArrayList<>();
        String record = arguments.option("record");
        if (record != null) {
            given.add(Merkle.leafHash(arguments.fileOption("record", record)));
        }
        String statement = arguments.option("statement");
        if (statement != null) {
            given.add(Merkle.leafHash(Digest.of(arguments.fileOption("statement", statement))));
        }
        String hex = arguments.option("leaf-hash");
        if (hex != null) {
            try {
                given.add(Digest.fromHex(hex));
            } catch (IllegalArgumentException notHex) {
                throw new UsageException("--leaf-hash: write 64 lower-case hex digits (" + notHex.getMessage() + ")");
            }
        }
        if (given.size() != 1) {
            throw new UsageException(
                    "give one of --record FILE (the entry's bytes), --statement FILE (of a Terraseal log) and --leaf-hash HEX");
        }
        return given.get(0);
    }

    private void consistency(Arguments arguments)
            throws UsageException, IOException, NoteException, ProofException, UncheckableException {
        Heads heads = new Heads(arguments.trust(), checker);
        Bytes oldNote = arguments.file(0);
        Bytes newNote = arguments.file(1);
        List<Digest> proof = ProofLines.parse(arguments.file(2));
        verdict.line("old head", arguments.path(0).toString());
        Verdict ofOld = new Verdict("");
        TreeHead old = heads.open(oldNote, "the old checkpoint", ofOld);
        verdict.fact("oldSize", "size", old.size())
                .fact("oldRoot", "root", old.root().base64())
                .line("new head", arguments.path(1).toString());
        TreeHead now = heads.open(newNote, "the new checkpoint", verdict);
        if (!old.origin().equals(now.origin())) {
            throw new NoteException(
                    "the checkpoints are of two logs, '" + old.origin() + "' and '" + now.origin() + "'");
        }
        if (old.size() == now.size() && !old.root().equals(now.root())) {
            throw new NoteException("the log signed two roots for one size, " + old.size()
                    + ": keep both files, together they prove it to anyone");
        }
        ConsistencyProof.verify(old.size(), now.size(), old.root(), now.root(), proof);
        verdict.proven("the " + old.size() + " entries of the old head are the first of the " + now.size()
                + " of the new one");
    }

    private void fsck(Arguments arguments)
            throws UsageException, IOException, NoteException, ProofException, UncheckableException {
        Heads heads = new Heads(arguments.trust(), checker);
        Path directory = arguments.path(0);
        if (!Files.isDirectory(directory)) {
            throw new UsageException("there is no directory " + directory);
        }
        String named = arguments.option("checkpoint");
        Path note = directory.resolve("checkpoint");
        if (named == null && !Files.exists(note)) {
            throw new NoteException(note + " is missing: a log has a checkpoint, or name one with --checkpoint FILE");
        }
        Bytes bytes = arguments.fileOption("checkpoint", Objects.requireNonNullElse(named, note.toString()));
        TreeHead head = heads.open(bytes, "the checkpoint", verdict);
        new Fsck(directory, head, verdict).run();
    }
}
