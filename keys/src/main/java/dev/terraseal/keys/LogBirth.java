package dev.terraseal.keys;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.LogOrigin;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.core.keys.Algorithm;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.keys.local.LocalKeys;
import dev.terraseal.keys.local.SoftKey;
import dev.terraseal.keys.local.SoftSigner;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The birth of a log: its nonce, its first keys and log.json. What is born follows from the clock, the random source and
 * the request alone. Keys are durable before log.json names them, so a birth cut short leaves key files that nothing
 * declares and can be done again.
 */
public final class LogBirth {
    /** A heads entry at the latest so long after an entry, if nothing else is asked for. */
    public static final Duration HEARTBEAT = Duration.ofMinutes(10);

    /** How long objects are locked, if nothing else is asked for. */
    public static final Duration RETENTION = Duration.ofDays(400);

    /** What a retention may be, in words; {@link #isLockable} says whether one is. */
    public static final String LOCKABLE =
            "from 1d to " + LogDeclaration.RETENTION_DAYS_MAX + "d (a hundred years, the longest lock S3 knows)";

    /** What a heartbeat may be, in words; {@link #isHeartbeat} says whether one is. */
    public static final String HEARTBEATS = "a whole number of seconds, 1s or more";

    private static final int NONCE_BYTES = 32;
    private static final long DEPTH_MAX = 64;

    private final InstantSource clock;
    private final SecureRandom random;

    public LogBirth(InstantSource clock, SecureRandom random) {
        this.clock = clock;
        this.random = random;
    }

    /** Refused before a key is made: log.json counts whole days, and no store locks longer than a hundred years. */
    public static boolean isLockable(Duration retention) {
        return retention.toDays() >= 1 && retention.compareTo(Duration.ofDays(LogDeclaration.RETENTION_DAYS_MAX)) <= 0;
    }

    /** Refused before a key is made: log.json counts whole seconds, and another start would find another heartbeat. */
    public static boolean isHeartbeat(Duration heartbeat) {
        return heartbeat.toSeconds() >= 1 && heartbeat.toNanosPart() == 0;
    }

    /**
     * What shall be born, and where.
     *
     * @param declaration the file log.json, which must not exist
     * @param keys directory for the private keys of the services
     * @param authority directory for the private authority key, to be taken offline
     * @param origin null takes {@code terraseal.local/<first 8 hex of the nonce>}
     * @param attest where the {@code attest} key is; null makes a local one
     * @param attestAlgorithm for a key that could sign by several; null takes the default
     * @param log where the {@code log} key is; null makes a local one
     * @param authorities where the {@code authority} keys are; none makes one local one
     * @param threshold how many authority keys must sign a change of keys
     * @param retention for how long objects are locked in the archive; extended as the log goes on
     */
    public record Request(
            Path declaration,
            Path keys,
            Path authority,
            @Nullable LogOrigin origin,
            @Nullable KeySource attest,
            @Nullable Algorithm attestAlgorithm,
            @Nullable KeySource log,
            List<KeySource> authorities,
            int threshold,
            Duration heartbeat,
            Duration retention) {
        public Request {
            authorities = List.copyOf(authorities);
        }

        /** All keys local, below {@code data}: {@code log.json}, {@code keys/}, {@code authority/}. */
        public static Request in(Path data) {
            return new Request(
                    data.resolve("log.json"),
                    data.resolve("keys"),
                    data.resolve("authority"),
                    null,
                    null,
                    null,
                    null,
                    List.of(),
                    1,
                    HEARTBEAT,
                    RETENTION);
        }

        public Request withOrigin(@Nullable LogOrigin other) {
            return with(other, attest, attestAlgorithm, log, authorities, threshold);
        }

        public Request withAttest(@Nullable KeySource source, @Nullable Algorithm algorithm) {
            return with(origin, source, algorithm, log, authorities, threshold);
        }

        public Request withLog(@Nullable KeySource source) {
            return with(origin, attest, attestAlgorithm, source, authorities, threshold);
        }

        public Request withAuthorities(List<KeySource> sources, int needed) {
            return with(origin, attest, attestAlgorithm, log, sources, needed);
        }

        private Request with(
                @Nullable LogOrigin name,
                @Nullable KeySource attestSource,
                @Nullable Algorithm algorithm,
                @Nullable KeySource logSource,
                List<KeySource> authoritySources,
                int needed) {
            return new Request(
                    declaration,
                    keys,
                    authority,
                    name,
                    attestSource,
                    algorithm,
                    logSource,
                    authoritySources,
                    needed,
                    heartbeat,
                    retention);
        }

        public Request withTimes(Duration heartbeatAtLatest, Duration locked) {
            return new Request(
                    declaration,
                    keys,
                    authority,
                    origin,
                    attest,
                    attestAlgorithm,
                    log,
                    authorities,
                    threshold,
                    heartbeatAtLatest,
                    locked);
        }
    }

    /** A log that was born. */
    public record Born(LogDeclaration declaration, Path file, List<Path> privateKeys, List<Path> authorityKeys) {
        public Born {
            privateKeys = List.copyOf(privateKeys);
            authorityKeys = List.copyOf(authorityKeys);
        }

        /** What the operator should do now; several lines, each ends in a newline. */
        public String advice() {
            StringBuilder text = new StringBuilder();
            text.append("genesis ").append(declaration.genesis()).append('\n');
            text.append("Give this genesis to whoever will verify, by a way of its own: a signed tag, a contract, the"
                    + " phone.\n");
            for (Path key : authorityKeys) {
                text.append("Take ")
                        .append(key)
                        .append(" offline: it authorises key changes and signs nothing else."
                                + " Keep two copies where no service can read them, then delete it here.\n");
            }
            text.append("Back up the other private keys; a lost key needs a key event to replace it.\n");
            return text.toString();
        }
    }

    /**
     * Creates keys and log.json.
     *
     * @throws LogExistsException if log.json is there
     * @throws KeyUnavailableException if a given key cannot serve its use, or serves two
     */
    public Born begin(Request request) throws IOException, LogExistsException, KeyUnavailableException {
        DeclarationFile file = new DeclarationFile(request.declaration());
        file.requireAbsent();
        Bytes nonce = nonce();
        List<SoftSigner> services = new ArrayList<>();
        List<DeclaredKey> declared = new ArrayList<>();
        declared.add(given(KeyUse.ATTEST, request.attest(), request.attestAlgorithm(), services));
        declared.add(given(KeyUse.LOG, request.log(), null, services));
        declared.add(local(KeyUse.INGEST, services));
        declared.add(local(KeyUse.EXPORT, services));
        List<SoftSigner> authorities = new ArrayList<>();
        if (request.authorities().isEmpty()) {
            declared.add(local(KeyUse.AUTHORITY, authorities));
        }
        for (KeySource source : request.authorities()) {
            declared.add(source.declaration(KeyUse.AUTHORITY, null));
        }
        requireThreshold(request);
        requireOneUseEach(declared);
        LogDeclaration declaration = declare(request, nonce, declared);

        LocalKeys authority = new LocalKeys(request.authority());
        LocalKeys keys = new LocalKeys(request.keys());
        if (!authorities.isEmpty()) {
            authority.store(authorities);
        }
        keys.store(services);
        file.create(declaration.bytes());
        return new Born(
                declaration,
                request.declaration(),
                services.stream().map(key -> keys.fileOf(key.key())).toList(),
                authorities.stream().map(key -> authority.fileOf(key.key())).toList());
    }

    private static void requireThreshold(Request request) throws KeyUnavailableException {
        int keys = Math.max(1, request.authorities().size());
        if (request.threshold() < 1 || request.threshold() > keys) {
            throw new KeyUnavailableException("an authority of " + keys + " keys of which " + request.threshold()
                    + " must sign can never sign; give as many keys as must sign, or more");
        }
    }

    private Bytes nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        return Bytes.wrap(nonce);
    }

    private DeclaredKey given(
            KeyUse use, @Nullable KeySource source, @Nullable Algorithm algorithm, List<SoftSigner> locals)
            throws KeyUnavailableException {
        if (source == null) {
            return local(use, locals);
        }
        DeclaredKey key = source.declaration(use, algorithm);
        if (use == KeyUse.LOG && key.algorithm() != Algorithm.ED25519_SHA_512) {
            throw new KeyUnavailableException("key " + key.keyid() + " is for " + key.algorithm()
                    + ", but checkpoints are signed as C2SP notes of type 0x01, which is Ed25519; create an Ed25519 key"
                    + " (at KMS: key spec ECC_NIST_EDWARDS25519) and name that");
        }
        return key;
    }

    private DeclaredKey local(KeyUse use, List<SoftSigner> into) {
        boolean p256 = use == KeyUse.ATTEST || use == KeyUse.EXPORT;
        SoftKey key = p256 ? SoftKey.newP256(random) : SoftKey.newEd25519(random);
        DeclaredKey declared = DeclaredKey.of(use, key.algorithms().get(0), key.spki());
        into.add(new SoftSigner(declared, key));
        return declared;
    }

    private static void requireOneUseEach(List<DeclaredKey> keys) throws KeyUnavailableException {
        Map<KeyId, KeyUse> seen = new HashMap<>();
        for (DeclaredKey key : keys) {
            KeyUse other = seen.put(key.keyid(), key.use());
            if (other != null) {
                throw new KeyUnavailableException(
                        "key " + key.keyid() + " was given for '" + other.text() + "' and for '"
                                + key.use().text()
                                + "': a key has one use, or a signature could be carried from one to the other;"
                                + " create a second key");
            }
        }
    }

    private LogDeclaration declare(Request request, Bytes nonce, List<DeclaredKey> keys) {
        LogOrigin origin = request.origin();
        List<KeyId> authorities = keys.stream()
                .filter(key -> key.use() == KeyUse.AUTHORITY)
                .map(DeclaredKey::keyid)
                .toList();
        return LogDeclaration.of(new LogDeclaration.Fields(
                origin == null ? new LogOrigin("terraseal.local/" + nonce.hex().substring(0, 8)) : origin,
                nonce,
                new Timestamp(clock.millis()),
                keys,
                request.threshold(),
                authorities,
                Statement.BYTES_MAX,
                DEPTH_MAX,
                request.heartbeat(),
                request.retention(),
                null));
    }
}
