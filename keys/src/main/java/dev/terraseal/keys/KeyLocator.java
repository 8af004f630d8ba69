package dev.terraseal.keys;

import dev.terraseal.keys.pkcs11.Pkcs11Uri;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where a configuration says a private key is: {@code local}, the path of a file, or {@code awskms://ARN}. */
public sealed interface KeyLocator {
    /** The forms this reads, for help texts and messages. */
    String FORMS = "local, a path or file: URI of a PKCS#8 PEM file, awskms://ARN (example:"
            + " awskms://arn:aws:kms:eu-central-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab), or "
            + Pkcs11Uri.FORM;

    /** The data directory's own keys. */
    record Local() implements KeyLocator {
        @Override
        public String toString() {
            return "local";
        }
    }

    /** One file. */
    record File(Path path) implements KeyLocator {
        @Override
        public String toString() {
            return path.toString();
        }
    }

    /**
     * A key of AWS KMS by its key ARN. Aliases are refused: an alias can be moved to another key, and then the signer
     * would stop at a moment someone else chooses.
     */
    record AwsKms(String arn, String region) implements KeyLocator {
        @Override
        public String toString() {
            return "awskms://" + arn;
        }
    }

    /** A key of a PKCS#11 token. */
    record Pkcs11(Pkcs11Uri uri) implements KeyLocator {
        @Override
        public String toString() {
            return uri.toString();
        }
    }

    /** Reads places separated by commas, of which around a rotation there are two. */
    static List<KeyLocator> parseAll(String text) {
        List<KeyLocator> places = new ArrayList<>();
        for (String each : text.split(",", -1)) {
            places.add(parse(each.trim()));
        }
        return List.copyOf(places);
    }

    /**
     * Reads the text of a setting.
     *
     * @throws IllegalArgumentException for anything else than the {@link #FORMS}
     */
    static KeyLocator parse(String text) {
        if (text.equals("local")) {
            return new Local();
        }
        if (text.startsWith("awskms:")) {
            return kms(text);
        }
        if (text.startsWith("pkcs11:")) {
            return new Pkcs11(Pkcs11Uri.parse(text));
        }
        if (text.startsWith("file:")) {
            try {
                return new File(Path.of(new URI(text)));
            } catch (URISyntaxException | IllegalArgumentException notAPath) {
                throw new IllegalArgumentException(
                        "'" + text + "' is no file URI (" + notAPath.getMessage() + "); use " + FORMS, notAPath);
            }
        }
        // A bare word is more likely a slip of the pen than a key file in the working directory.
        if (text.contains("://") || (!text.contains("/") && !text.endsWith(".pem"))) {
            throw new IllegalArgumentException("'" + text + "' names no key; use " + FORMS);
        }
        return new File(Path.of(text));
    }

    private static KeyLocator kms(String text) {
        Matcher arn = ArnForm.PATTERN.matcher(text);
        if (!arn.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' names no KMS key: give the key's own ARN and not an alias; use " + FORMS);
        }
        return new AwsKms(arn.group("arn"), arn.group("region"));
    }

    /** Kept out of the interface's own constants. */
    final class ArnForm {
        // The third slash is what cosign and Terraform users write.
        private static final Pattern PATTERN = Pattern.compile(
                "awskms:///?(?<arn>arn:aws[a-z-]*:kms:(?<region>[a-z0-9-]+):[0-9]{12}:key/[A-Za-z0-9-]+)");

        private ArnForm() {}
    }
}
