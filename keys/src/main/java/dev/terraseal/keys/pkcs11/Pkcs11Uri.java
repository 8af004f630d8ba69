package dev.terraseal.keys.pkcs11;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A key of a token by its PKCS#11 URI (RFC 7512), of which these attributes are read.
 *
 * @param slot {@code slot-id}: SunPKCS11 finds a token by its slot and by nothing else
 * @param object label of the private key and of the certificate beside it
 * @param module {@code module-path}: the token's library
 * @param pinSource {@code pin-source}: a file with the user PIN; null takes {@code TERRASEAL_PKCS11_PIN}
 */
public record Pkcs11Uri(
        long slot, String object, Path module, @Nullable Path pinSource) {
    /** For messages. */
    public static final String FORM =
            "pkcs11:slot-id=N;object=LABEL?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/etc/terraseal/pin";

    private static final String SCHEME = "pkcs11:";

    public Pkcs11Uri {
        // The path goes into a configuration text of the JDK's, where other characters mean something.
        if (!module.toString().matches("/[A-Za-z0-9/._+-]+")) {
            throw new IllegalArgumentException(
                    "module-path '" + module + "' is no plain absolute path of a library; use " + FORM);
        }
    }

    /** @throws IllegalArgumentException for what is no such URI, with what is missing */
    public static Pkcs11Uri parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("'" + text + "' is no PKCS#11 URI; use " + FORM);
        }
        String[] halves = text.substring(SCHEME.length()).split("\\?", 2);
        Map<String, String> path = attributes(halves[0], ";");
        Map<String, String> query = halves.length == 2 ? attributes(halves[1], "&") : Map.of();
        if (query.containsKey("pin-value")) {
            // Settings are printed at start, and command lines are seen by everybody on the machine.
            throw new IllegalArgumentException(
                    "a PKCS#11 URI carries no pin-value: put the PIN into a file and give pin-source=file:/…");
        }
        String slot = path.get("slot-id");
        if (slot == null || !slot.matches("[0-9]{1,18}")) {
            throw new IllegalArgumentException(
                    "the PKCS#11 URI names no slot-id (a decimal number; pkcs11-tool --list-slots and softhsm2-util"
                            + " --show-slots show it); use " + FORM);
        }
        return new Pkcs11Uri(
                Long.parseLong(slot), required(path, "object"), Path.of(required(query, "module-path")), pin(query));
    }

    private static @Nullable Path pin(Map<String, String> query) {
        String source = query.get("pin-source");
        return source == null ? null : Path.of(source.startsWith("file:") ? source.substring(5) : source);
    }

    private static String required(Map<String, String> attributes, String name) {
        String value = attributes.get(name);
        if (value == null || value.isEmpty()) {
            throw new IllegalArgumentException("the PKCS#11 URI names no " + name + "; use " + FORM);
        }
        return value;
    }

    private static Map<String, String> attributes(String text, String separator) {
        Map<String, String> out = new TreeMap<>();
        for (String part : text.split(separator)) {
            int equals = part.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + part + "' is no attribute of a PKCS#11 URI; use " + FORM);
            }
            // RFC 7512 has percent-encoding only; a plus is a plus.
            String value = URLDecoder.decode(part.substring(equals + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (out.put(part.substring(0, equals), value) != null) {
                throw new IllegalArgumentException(
                        "the PKCS#11 URI names " + part.substring(0, equals) + " twice; use " + FORM);
            }
        }
        return out;
    }

    /** Without the PIN, which is not in it. */
    @Override
    public String toString() {
        return SCHEME + "slot-id=" + slot + ";object=" + object + "?module-path=" + module
                + (pinSource == null ? "" : "&pin-source=file:" + pinSource);
    }
}
