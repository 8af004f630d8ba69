package dev.terraseal.verifier;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.verifier.report.AskedFile;
import dev.terraseal.verifier.trust.Question;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.trust.TrustFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The command line of {@code verify}, read by hand: an auditor's jar has no library for it, and starts in 0.1 s. */
record VerifyOptions(
        Path path,
        Question question,
        @Nullable Path report,
        boolean json,
        boolean splitView,
        List<String> given,
        List<AskedFile> files) {
    VerifyOptions {
        given = List.copyOf(given);
        files = List.copyOf(files);
    }

    static final String SPLIT_VIEW = "--split-view";

    private static final Set<String> WITH_VALUE = Set.of(
            "--genesis",
            "--trust",
            "--log-key",
            "--from-checkpoint",
            "--at-least",
            "--covers-until",
            "--max-head-age",
            "--report");
    private static final Set<String> FLAGS = Set.of("--all", "--integrity-only", "--json", SPLIT_VIEW);
    /** Of a proof of two histories nothing else can be asked. */
    private static final Set<String> WITH_SPLIT_VIEW = Set.of(SPLIT_VIEW, "--genesis", "--log-key", "--json");

    private static final int FILE_MAX = 1 << 20;
    private static final Pattern PLAIN_NUMBER = Pattern.compile("[0-9]{1,18}");

    static VerifyOptions parse(String[] arguments) throws UsageException, IOException {
        Map<String, String> given = new HashMap<>();
        String path = null;
        for (int i = 0; i < arguments.length; i++) {
            String argument = arguments[i];
            int equals = argument.indexOf('=');
            String name = argument.startsWith("--") && equals > 0 ? argument.substring(0, equals) : argument;
            if (FLAGS.contains(argument)) {
                put(given, argument, "");
            } else if (WITH_VALUE.contains(name)) {
                if (name.equals(argument) && i + 1 == arguments.length) {
                    throw new UsageException(name + " needs a value");
                }
                put(given, name, name.equals(argument) ? arguments[++i] : argument.substring(equals + 1));
            } else if (argument.startsWith("-") && !argument.equals("-")) {
                throw new UsageException("unknown option " + argument + "; 'terraseal verify --help' lists them");
            } else if (path != null) {
                throw new UsageException("one PATH, not two: " + path + " and " + argument);
            } else {
                path = argument;
            }
        }
        if (path == null) {
            throw new UsageException(
                    "PATH is missing: a bundle (directory or zip), a receipt, or an archive directory");
        }
        requireMeaning(given);
        List<AskedFile> files = new ArrayList<>();
        return new VerifyOptions(
                named(path),
                question(given, files),
                given.containsKey("--report") ? named(value(given, "--report")) : null,
                given.containsKey("--json"),
                given.containsKey(SPLIT_VIEW),
                options(arguments, path),
                files);
    }

    /** The arguments as typed, without the path. */
    private static List<String> options(String[] arguments, String path) {
        List<String> options = new ArrayList<>(List.of(arguments));
        options.remove(path);
        return options;
    }

    private static void put(Map<String, String> given, String name, String value) throws UsageException {
        if (given.put(name, value) != null) {
            throw new UsageException(name + " is given twice");
        }
    }

    private static String value(Map<String, String> given, String name) {
        return given.getOrDefault(name, "");
    }

    /** Whoever asks for something has to be sure that it was looked at: what would be passed over is refused. */
    private static void requireMeaning(Map<String, String> given) throws UsageException {
        if (given.containsKey("--genesis") && given.containsKey("--trust")) {
            throw new UsageException("--genesis or --trust, not both: the trust file holds the genesis");
        }
        if (given.containsKey("--integrity-only") && (given.containsKey("--genesis") || given.containsKey("--trust"))) {
            throw new UsageException(
                    "--integrity-only is for a check without --genesis or --trust: with one of them the"
                            + " answer is about that log, and no option makes it less");
        }
        if (!given.containsKey(SPLIT_VIEW)) {
            return;
        }
        for (String name : new TreeSet<>(given.keySet())) {
            if (!WITH_SPLIT_VIEW.contains(name)) {
                throw new UsageException(name + " means nothing of a proof of two histories: " + SPLIT_VIEW
                        + " takes --genesis or --log-key, and --json");
            }
        }
        if (given.containsKey("--genesis") && given.containsKey("--log-key")) {
            throw new UsageException("--genesis or --log-key, not both: either says by which keys the proof is judged");
        }
    }

    private static Question question(Map<String, String> given, List<AskedFile> files)
            throws UsageException, IOException {
        return new Question(
                trust(given, files),
                given.containsKey("--log-key") ? logKey(value(given, "--log-key")) : null,
                given.containsKey("--from-checkpoint") ? note(value(given, "--from-checkpoint"), files) : null,
                given.containsKey("--at-least") ? size(value(given, "--at-least")) : null,
                given.containsKey("--covers-until") ? time(value(given, "--covers-until")) : null,
                given.containsKey("--max-head-age") ? age(value(given, "--max-head-age")) : null,
                given.containsKey("--all"),
                given.containsKey("--integrity-only"),
                InstantSource.system());
    }

    private static @Nullable Trust trust(Map<String, String> given, List<AskedFile> files)
            throws UsageException, IOException {
        if (given.containsKey("--genesis")) {
            try {
                return Trust.byGenesis(Digest.fromHex(value(given, "--genesis")));
            } catch (IllegalArgumentException notHex) {
                throw new UsageException("--genesis is 64 lower-case hex digits; '" + value(given, "--genesis")
                        + "' is not: " + notHex.getMessage());
            }
        }
        if (given.containsKey("--trust")) {
            try {
                return TrustFile.parse(file("--trust", value(given, "--trust"), files));
            } catch (IllegalArgumentException wrong) {
                throw new UsageException("--trust " + value(given, "--trust") + ": " + wrong.getMessage());
            }
        }
        return null;
    }

    private static VerifierKey logKey(String text) throws UsageException {
        VerifierKey key;
        try {
            key = VerifierKey.parse(text);
        } catch (NoteException wrong) {
            throw new UsageException("--log-key: " + wrong.getMessage());
        }
        if (key.type().isCosignature()) {
            throw new UsageException("--log-key: this key cosigns, as a witness's does or that of a log's second line;"
                    + " give the key of the log's own line (terraseal trust show prints it)");
        }
        return key;
    }

    private static SignedNote note(String path, List<AskedFile> files) throws UsageException, IOException {
        try {
            return SignedNote.parse(file("--from-checkpoint", path, files));
        } catch (NoteException wrong) {
            throw new UsageException("--from-checkpoint " + path + ": " + wrong.getMessage());
        }
    }

    /** The bytes that are judged by, read once, and noted in {@code files}. */
    private static Bytes file(String option, String path, List<AskedFile> files) throws UsageException, IOException {
        Path file = named(path);
        if (!Files.isRegularFile(file)) {
            throw new UsageException(option + ": there is no file " + path);
        }
        if (Files.size(file) > FILE_MAX) {
            throw new UsageException(option + ": " + path + " has more than " + FILE_MAX + " bytes");
        }
        Bytes bytes = Bytes.wrap(Files.readAllBytes(file));
        files.add(new AskedFile(option, path, Digest.of(bytes)));
        return bytes;
    }

    /** A JVM reads its words by the locale, and has question marks for letters it cannot read or write there. */
    private static Path named(String path) throws UsageException {
        try {
            return Path.of(path);
        } catch (InvalidPathException unnamed) {
            boolean ascii = path.chars().allMatch(each -> each < 128);
            throw new UsageException(path + " is no path: " + unnamed.getReason()
                    + (ascii
                            ? ""
                            : ". This locale (" + System.getProperty("sun.jnu.encoding")
                                    + ") cannot carry the name; set LC_ALL=C.UTF-8"));
        }
    }

    private static Long size(String text) throws UsageException {
        try {
            return plain(text);
        } catch (NumberFormatException notNumber) {
            throw new UsageException("--at-least is a number of entries, not '" + text + "'");
        }
    }

    /** Digits and nothing else: no sign, so that nothing asked for is below zero. */
    private static long plain(String text) {
        if (!PLAIN_NUMBER.matcher(text).matches()) {
            throw new NumberFormatException(text);
        }
        return Long.parseLong(text);
    }

    private static Timestamp time(String text) throws UsageException {
        try {
            return Timestamp.parse(text.length() == 20 && text.endsWith("Z") ? text.substring(0, 19) + ".000Z" : text);
        } catch (IllegalArgumentException wrong) {
            throw new UsageException("--covers-until: " + wrong.getMessage());
        }
    }

    /** {@code 90s}, {@code 15m}, {@code 36h}, {@code 7d}, or ISO 8601. */
    private static Duration age(String text) throws UsageException {
        try {
            if (text.startsWith("P")) {
                return positive(Duration.parse(text));
            }
            long number = plain(text.substring(0, Math.max(0, text.length() - 1)));
            Duration unit = switch (text.charAt(text.length() - 1)) {
                case 's' -> Duration.ofSeconds(1);
                case 'm' -> Duration.ofMinutes(1);
                case 'h' -> Duration.ofHours(1);
                case 'd' -> Duration.ofDays(1);
                default -> throw new NumberFormatException(text);
            };
            return positive(unit.multipliedBy(number));
        } catch (java.time.DateTimeException
                | IllegalArgumentException
                | ArithmeticException
                | IndexOutOfBoundsException wrong) {
            throw new UsageException("--max-head-age is a time such as 90s, 15m, 36h or 7d, not '" + text + "'");
        }
    }

    private static Duration positive(Duration age) {
        if (age.isNegative() || age.isZero()) {
            throw new IllegalArgumentException("no head is younger than now");
        }
        return age;
    }
}
