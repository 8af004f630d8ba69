package dev.terraseal.verifier.tlog;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.TlogPolicy;
import dev.terraseal.core.checkpoint.VerifierKey;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The words after {@code tlog <command>}: files, then {@code --name value} or {@code --name=value}, and {@code --json}. */
final class Arguments {
    private static final int MAX_FILE_BYTES = 64 << 20;
    private static final Set<String> REPEATED = Set.of("witness");

    private final List<String> files = new ArrayList<>();
    private final Map<String, List<String>> options = new LinkedHashMap<>();
    private boolean json;

    /** @param known names of options that take a value, without dashes */
    Arguments(List<String> words, int fileCount, String fileNames, Set<String> known) throws UsageException {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals("--json")) {
                json = true;
            } else if (word.startsWith("--")) {
                int equals = word.indexOf('=');
                String name = equals < 0 ? word.substring(2) : word.substring(2, equals);
                if (!known.contains(name)) {
                    throw new UsageException("unknown option --" + name);
                }
                if (equals < 0 && ++i == words.size()) {
                    throw new UsageException("--" + name + " needs a value");
                }
                put(name, equals < 0 ? words.get(i) : word.substring(equals + 1));
            } else {
                files.add(word);
            }
        }
        if (files.size() != fileCount) {
            throw new UsageException("give exactly: " + fileNames);
        }
    }

    private void put(String name, String value) throws UsageException {
        List<String> values = options.computeIfAbsent(name, n -> new ArrayList<>());
        if (!values.isEmpty() && !REPEATED.contains(name)) {
            throw new UsageException("--" + name + " is given twice");
        }
        values.add(value);
    }

    boolean json() {
        return json;
    }

    Path path(int index) throws UsageException {
        return path(files.get(index));
    }

    private static Path path(String text) throws UsageException {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("'" + text + "' is no path: " + e.getReason());
        }
    }

    @Nullable String option(String name) {
        List<String> values = options.get(name);
        return values == null ? null : values.get(0);
    }

    Bytes file(int index) throws UsageException, IOException {
        return read(path(index));
    }

    Bytes fileOption(String name, String value) throws UsageException, IOException {
        try {
            return read(path(value));
        } catch (UsageException e) {
            throw new UsageException("--" + name + ": " + e.getMessage());
        }
    }

    /** A file that is not there is a mistake of whoever asked; one that cannot be read says nothing about its content. */
    private static Bytes read(Path path) throws UsageException, IOException {
        if (!Files.exists(path)) {
            throw new UsageException("there is no file " + path);
        }
        if (Files.isDirectory(path)) {
            throw new UsageException(path + " is a directory, not a file");
        }
        try (InputStream in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            if (bytes.length > MAX_FILE_BYTES) {
                throw new UsageException(path + " has more than " + MAX_FILE_BYTES + " bytes");
            }
            return Bytes.wrap(bytes);
        }
    }

    /** Whose signatures count: {@code --key}, {@code --witness} and {@code --policy} together. */
    Trust trust() throws UsageException, IOException {
        List<VerifierKey> logs = new ArrayList<>();
        List<VerifierKey> required = new ArrayList<>();
        String key = option("key");
        if (key != null) {
            logs.add(ofLog("--key", vkey("key", key)));
        }
        for (String witness : options.getOrDefault("witness", List.of())) {
            VerifierKey parsed = vkey("witness", witness);
            if (!parsed.type().isCosignature()) {
                throw new UsageException(
                        "--witness: this key signs notes as a log does; a witness has a cosignature key");
            }
            required.add(parsed);
        }
        List<VerifierKey> witnesses = new ArrayList<>(required);
        String policyFile = option("policy");
        TlogPolicy policy = null;
        if (policyFile != null) {
            try {
                policy = TlogPolicy.parse(fileOption("policy", policyFile));
            } catch (NoteException e) {
                throw new UsageException("--policy " + policyFile + ": " + e.getMessage());
            }
            for (VerifierKey log : policy.logs()) {
                logs.add(ofLog("--policy " + policyFile + ": log " + log.name(), log));
            }
            witnesses.addAll(policy.witnesses());
        }
        if (logs.isEmpty()) {
            throw new UsageException(
                    "give the log's key: --key VKEY (name+id+base64, from whoever runs the log), or a --policy that lists it");
        }
        return new Trust(logs, witnesses, required, policy, option("origin"));
    }

    /** A witness says that it saw a head; taken for the log it would say that the log stated it. */
    private static VerifierKey ofLog(String where, VerifierKey key) throws UsageException {
        if (key.type().isCosignature()) {
            throw new UsageException(where + ": this key cosigns, as a witness's does or that of a log's second line;"
                    + " give the key of the log's own line, Ed25519 or ECDSA");
        }
        return key;
    }

    private static VerifierKey vkey(String option, String text) throws UsageException {
        try {
            return VerifierKey.parse(text.strip());
        } catch (NoteException e) {
            throw new UsageException("--" + option + ": " + e.getMessage());
        }
    }
}
