package dev.terraseal.bench.verify;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.verifier.bundle.BundleNames;
import dev.terraseal.verifier.files.Lines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * What nobody can leave out, in a bare loop: every file read and hashed, every statement hashed as an entry and as a leaf,
 * the same signatures checked by the same checker on as many threads, in a batch each path climbed. Nothing is parsed that
 * a fixed offset gives, and nothing is compared but signatures.
 */
final class Floor {
    private static final int CHUNK = 256;
    private static final int LINE_MAX = 1 << 20;

    private final Path bundle;
    private final SignatureChecker checker;

    Floor(Path bundle, SignatureChecker checker) {
        this.bundle = bundle;
        this.checker = checker;
    }

    /** Returns how many signatures were checked. */
    long run() throws IOException, InterruptedException, ExecutionException {
        hashFiles();
        DeclaredKey attest =
                LogDeclaration.parse(Bytes.wrap(Files.readAllBytes(bundle.resolve(BundleNames.LOG)))).keys().stream()
                        .filter(key -> key.use() == KeyUse.ATTEST)
                        .findFirst()
                        .orElseThrow();
        boolean batched = Files.exists(bundle.resolve(BundleNames.BATCHES));
        long checked = 0;
        ExecutorService workers =
                Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
        try (Lines signatures = lines(BundleNames.SIGNATURES)) {
            List<Future<Boolean>> open = new ArrayList<>();
            for (Path shard : shards()) {
                try (Lines statements = new Lines(Files.newInputStream(shard), shard.toString(), LINE_MAX)) {
                    for (Bytes statement = statements.next(); statement != null; statement = statements.next()) {
                        Digest leaf = Merkle.leafHash(Digest.of(statement));
                        Bytes line = java.util.Objects.requireNonNull(signatures.next());
                        if (batched) {
                            climb(leaf, line);
                        } else {
                            Bytes message = Dsse.pae(Dsse.STATEMENT, statement);
                            open.add(workers.submit(() -> check(attest, message, signature(line))));
                        }
                        if (open.size() == CHUNK) {
                            checked += await(open);
                        }
                    }
                }
            }
            checked += await(open) + (batched ? batches(attest) : 0);
        } finally {
            workers.shutdownNow();
        }
        return checked;
    }

    private Lines lines(String name) throws IOException {
        return new Lines(Files.newInputStream(bundle.resolve(name)), name, LINE_MAX);
    }

    private List<Path> shards() throws IOException {
        try (Stream<Path> all = Files.list(bundle.resolve("artifacts"))) {
            return all.sorted().toList();
        }
    }

    private void hashFiles() throws IOException {
        byte[] buffer = new byte[1 << 16];
        List<Path> files;
        try (Stream<Path> all = Files.walk(bundle)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            MessageDigest sha256 = Digest.sha256();
            try (var in = Files.newInputStream(file)) {
                for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                    sha256.update(buffer, 0, count);
                }
            }
            Digest.finish(sha256);
        }
    }

    private static Bytes signature(Bytes line) {
        String text = line.utf8();
        int from = text.indexOf("\"sig\":\"") + 7;
        return Bytes.fromBase64(text.substring(from, text.indexOf('"', from)));
    }

    private boolean check(DeclaredKey key, Bytes message, Bytes signature) throws UncheckableException {
        return checker.verify(key, message, signature);
    }

    private static long await(List<Future<Boolean>> open) throws InterruptedException, ExecutionException {
        long held = 0;
        for (Future<Boolean> each : open) {
            if (!each.get()) {
                throw new IllegalStateException("a signature of the benchmark's own bundle does not hold");
            }
            held++;
        }
        open.clear();
        return held;
    }

    private static Digest climb(Digest leaf, Bytes line) {
        String text = line.utf8();
        Digest node = leaf;
        int at = text.indexOf('[') + 1;
        while (text.charAt(at) == '"') {
            int end = text.indexOf('"', at + 1);
            node = Merkle.nodeHash(node, Digest.fromBase64(text.substring(at + 1, end)));
            at = end + 2;
        }
        return node;
    }

    private long batches(DeclaredKey attest) throws IOException {
        long held = 0;
        try (Lines lines = lines(BundleNames.BATCHES)) {
            for (Bytes line = lines.next(); line != null; line = lines.next()) {
                Json.Obj json = CanonicalJson.parseObject(line);
                Envelope envelope = Envelope.fromJson(json);
                if (!check(
                        attest,
                        envelope.signedBytes(),
                        envelope.signatures().get(0).sig())) {
                    throw new IllegalStateException("a batch of the benchmark's own bundle does not hold");
                }
                held++;
            }
        } catch (UncheckableException impossible) {
            throw new IllegalStateException(impossible);
        }
        return held;
    }
}
