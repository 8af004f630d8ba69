import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.canonical.CanonicalJson;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Batch;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.envelope.DsseSignature;
import dev.terraseal.core.envelope.Envelope;
import dev.terraseal.core.keys.DeclaredKey;
import dev.terraseal.core.keys.KeyUse;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyRing;
import dev.terraseal.core.log.LogDeclaration;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.Merkle;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Reads a Terraseal log over HTTP and checks every entry before it believes it: its link to the entry before, its
 * signature, or its place in a signed batch; and follows the log's keys when they change. JDK 17 and terraseal-core, which
 * has no dependencies:
 *
 * <pre>
 * java -cp core/target/terraseal-core-0.1.0.jar examples/consumers/Consumer.java http://127.0.0.1:8480 GENESIS
 * </pre>
 *
 * The genesis comes from somebody else than this server; a token, where the log asks for one, from TERRASEAL_TOKEN. It
 * prints a line an entry.
 */
final class Consumer {
    private final HttpClient http = HttpClient.newHttpClient();
    private final SignatureChecker checker = new SignatureChecker(null);
    private final String server;
    private final LogDeclaration log;
    private KeyRing keys;
    private Envelope newestBatch;
    private long next;
    private Digest last;

    Consumer(String server, Digest genesis) throws Exception {
        this.server = server;
        this.log = LogDeclaration.parse(Bytes.wrap(get("/v1/log")));
        require(log.genesis().equals(genesis), "this server has another log");
        this.keys = KeyRing.of(log);
        this.last = genesis;
    }

    public static void main(String[] arguments) throws Exception {
        Consumer consumer = new Consumer(arguments[0], Digest.fromHex(arguments[1]));
        String lines = new String(consumer.get("/v1/entries?from=0"), StandardCharsets.UTF_8);
        for (String line : lines.split("\n")) {
            if (!line.isEmpty()) {
                consumer.take(CanonicalJson.parseObject(Bytes.utf8(line)).object("envelope"));
            }
        }
        System.out.println("checked; go on with: " + consumer.next + " " + consumer.last.hex());
    }

    private void take(Json.Obj envelope) throws Exception {
        Statement statement = Statement.parse(envelope.base64("payload"));
        require(
                statement.link().log().equals(log.origin())
                        && statement.sequence().value() == next
                        && statement.link().prevHash().equals(last),
                "what came as entry " + next + " does not follow the entry before it");
        if (envelope.has("batch")) {
            requireInBatch(statement, envelope);
        } else {
            requireSigned(Dsse.pae(Dsse.STATEMENT, statement.bytes()), Envelope.signatures(envelope));
        }
        if (statement.type() == PredicateType.KEY_EVENT) {
            keys = keys.apply(KeyEvent.fromBody(statement.body()), statement.sequence(), checker);
        }
        System.out.println(next + " " + statement.stream().value() + " " + statement.type().uri());
        last = statement.entryHash();
        next++;
    }

    /** Every signature is by a key that is in force at this entry, and holds. */
    private void requireSigned(Bytes signed, List<DsseSignature> signatures) throws Exception {
        require(!signatures.isEmpty(), "entry " + next + " carries no signature");
        for (DsseSignature line : signatures) {
            DeclaredKey key = keys.inForce(KeyUse.ATTEST, line.keyid(), new SequenceNumber(next))
                    .orElseThrow(() -> new IOException("entry " + next + " is signed by a key that is not in force"));
            require(checker.verify(key, signed, line.sig()), "the signature of entry " + next + " does not hold");
        }
    }

    private void requireInBatch(Statement statement, Json.Obj envelope) throws Exception {
        if (newestBatch == null || Batch.parse(newestBatch.payload()).first().value() != envelope.number("batch")) {
            newestBatch = Envelope.parse(Bytes.wrap(get("/v1/batches/" + envelope.number("batch"))));
        }
        require(newestBatch.payloadType().equals(Dsse.BATCH), "what entry " + next + " names is no batch");
        requireSigned(newestBatch.signedBytes(), newestBatch.signatures());
        Batch batch = Batch.parse(newestBatch.payload());
        require(
                batch.log().equals(log.origin())
                        && batch.genesis().equals(log.genesis())
                        && batch.covers(statement.sequence()),
                "the batch that entry " + next + " names is not one of it");
        InclusionProof.verify(
                next - batch.first().value(),
                batch.count(),
                Merkle.leafHash(statement.entryHash()),
                envelope.array("path").base64Digests(),
                batch.root());
    }

    private byte[] get(String path) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server + path));
        String token = System.getenv("TERRASEAL_TOKEN");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<InputStream> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream body = answer.body()) {
            byte[] bytes = body.readAllBytes();
            require(answer.statusCode() == 200, path + ": " + answer.statusCode() + " " + new String(bytes, StandardCharsets.UTF_8));
            return bytes;
        }
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }
}
