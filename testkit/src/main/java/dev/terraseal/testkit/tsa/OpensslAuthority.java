package dev.terraseal.testkit.tsa;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An authority made and run by the openssl command: nothing of it is ours. RSA and P-384, directly under its root. */
public final class OpensslAuthority {
    public static final String POLICY = "1.3.6.1.4.1.99999.7";

    private final Path directory;

    private OpensslAuthority(Path directory) {
        this.directory = directory;
    }

    /** What its signing key is. */
    public enum Kind {
        RSA,
        EC
    }

    /** Makes the certificates in a directory. */
    public static OpensslAuthority begin(Path directory) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        OpensslAuthority made = new OpensslAuthority(directory);
        Files.writeString(directory.resolve("tsa.cnf"), """
                [tsa]
                default_tsa = one
                [one]
                serial = serial
                default_policy = %s
                digests = sha256
                signer_digest = sha256
                accuracy = secs:1
                ordering = yes
                tsa_name = yes
                ess_cert_id_chain = no
                [leaf]
                extendedKeyUsage = critical,timeStamping
                keyUsage = critical,digitalSignature
                [req]
                distinguished_name = dn
                [dn]
                """.formatted(POLICY));
        Files.writeString(directory.resolve("serial"), "01");
        made.openssl(
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-keyout",
                "root.key",
                "-out",
                "root.pem",
                "-days",
                "3650",
                "-subj",
                "/CN=openssl root",
                "-addext",
                "basicConstraints=critical,CA:true",
                "-addext",
                "keyUsage=critical,keyCertSign",
                "-config",
                "tsa.cnf");
        made.leaf(Kind.RSA, List.of("rsa:2048"));
        made.leaf(Kind.EC, List.of("ec", "-pkeyopt", "ec_paramgen_curve:P-384"));
        return made;
    }

    private void leaf(Kind kind, List<String> key) throws IOException, InterruptedException {
        List<String> request = new ArrayList<>(List.of("req", "-nodes", "-newkey"));
        request.addAll(key);
        request.addAll(List.of(
                "-keyout", kind + ".key", "-out", kind + ".csr", "-subj", "/CN=openssl " + kind, "-config", "tsa.cnf"));
        openssl(request.toArray(new String[0]));
        openssl(
                "x509",
                "-req",
                "-in",
                kind + ".csr",
                "-CA",
                "root.pem",
                "-CAkey",
                "root.key",
                "-CAcreateserial",
                "-days",
                "3650",
                "-extfile",
                "tsa.cnf",
                "-extensions",
                "leaf",
                "-out",
                kind + ".pem");
    }

    public String rootPem() throws IOException {
        return Files.readString(directory.resolve("root.pem"));
    }

    /** A response over {@code data}, now. */
    public Bytes stamp(Bytes data, Kind kind) throws IOException, InterruptedException {
        Files.write(directory.resolve("data"), data.toByteArray());
        openssl("ts", "-query", "-data", "data", "-sha256", "-cert", "-out", "query.tsq");
        return reply("query.tsq", kind);
    }

    /** The answer to a question of somebody else's. */
    public Bytes answer(Bytes query, Kind kind) throws IOException, InterruptedException {
        Files.write(directory.resolve("asked.tsq"), query.toByteArray());
        return reply("asked.tsq", kind);
    }

    private Bytes reply(String query, Kind kind) throws IOException, InterruptedException {
        openssl(
                "ts",
                "-reply",
                "-config",
                "tsa.cnf",
                "-queryfile",
                query,
                "-signer",
                kind + ".pem",
                "-inkey",
                kind + ".key",
                "-out",
                "reply.tsr");
        return Bytes.wrap(Files.readAllBytes(directory.resolve("reply.tsr")));
    }

    private void openssl(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(command + " failed: " + said);
        }
    }
}
