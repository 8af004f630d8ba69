package dev.terraseal.testkit.tools;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assertions;

/**
 * A PKCS#11 token by SoftHSM. Whoever loads its library needs {@code SOFTHSM2_CONF} in the environment of the process, set
 * to {@link #configuration()}.
 */
public final class SoftToken {
    private static final String PIN = "20261122";
    private static final List<Path> LIBRARIES = List.of(
            Path.of("/usr/lib/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
            Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"));
    private static final Pattern SLOT = Pattern.compile("reassigned to slot ([0-9]+)");

    private final Path configuration;
    private final Path library;
    private final Path pin;
    private final String slot;

    private SoftToken(Path configuration, Path library, Path pin, String slot) {
        this.configuration = configuration;
        this.library = library;
        this.pin = pin;
        this.slot = slot;
    }

    /** A new token below {@code directory}. Skips or fails the calling test where there is no SoftHSM. */
    public static SoftToken create(Path directory, Path configuration) throws IOException, InterruptedException {
        Path tool = Tool.require("softhsm2-util");
        Path library = LIBRARIES.stream().filter(Files::exists).findFirst().orElse(null);
        if (library == null) {
            Tool.absent("softhsm2-util");
            throw new IllegalStateException("not reached: the test was skipped or failed");
        }
        Path tokens = Files.createDirectories(directory.resolve("tokens"));
        Files.createDirectories(configuration.toAbsolutePath().getParent());
        Files.writeString(
                configuration,
                "directories.tokendir = " + tokens + "\nobjectstore.backend = file\nlog.level = ERROR\n");
        Path pin = Files.writeString(directory.resolve("pin"), PIN + "\n");
        Files.setPosixFilePermissions(pin, PosixFilePermissions.fromString("rw-------"));
        String out = run(
                configuration,
                List.of(
                        tool.toString(),
                        "--init-token",
                        "--free",
                        "--label",
                        "terraseal",
                        "--pin",
                        PIN,
                        "--so-pin",
                        PIN));
        Matcher slot = SLOT.matcher(out);
        Assertions.assertTrue(slot.find(), out);
        return new SoftToken(configuration, library, pin, slot.group(1));
    }

    /** A P-256 key with a certificate beside it, as keytool makes both. */
    public void makeP256(String label) throws IOException, InterruptedException {
        make(label, "EC", "-groupname", "secp256r1");
    }

    /** An RSA key of 2,048 bits with a certificate beside it. */
    public void makeRsa(String label) throws IOException, InterruptedException {
        make(label, "RSA", "-keysize", "2048");
    }

    private void make(String label, String algorithm, String option, String value)
            throws IOException, InterruptedException {
        Path provider = Files.writeString(
                pin.resolveSibling("keytool-" + slot + ".cfg"),
                "name = keytool\nlibrary = " + library + "\nslot = " + slot + "\n");
        run(
                configuration,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keystore",
                        "NONE",
                        "-storetype",
                        "PKCS11",
                        "-providerClass",
                        "sun.security.pkcs11.SunPKCS11",
                        "-providerArg",
                        provider.toString(),
                        "-storepass",
                        PIN,
                        "-alias",
                        label,
                        "-keyalg",
                        algorithm,
                        option,
                        value,
                        "-dname",
                        "CN=" + label,
                        "-validity",
                        "3650"));
    }

    private static String run(Path configuration, List<String> command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("SOFTHSM2_CONF", configuration.toString());
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Assertions.assertTrue(process.waitFor(180, TimeUnit.SECONDS), () -> command + " did not end: " + out);
        Assertions.assertEquals(0, process.exitValue(), () -> command + ": " + out);
        return out;
    }

    /** What {@code SOFTHSM2_CONF} must be. */
    public Path configuration() {
        return configuration;
    }

    public String slot() {
        return slot;
    }

    /** The URI of a key, its PIN in a file. */
    public String uri(String label) {
        return "pkcs11:slot-id=" + slot + ";object=" + label + "?module-path=" + library + "&pin-source=file:" + pin;
    }
}
