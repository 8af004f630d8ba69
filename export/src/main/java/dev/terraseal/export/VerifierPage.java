package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** verify.html, the verifier for a browser: one constant file per release, on the class path where the build has it. */
final class VerifierPage {
    private static final String RESOURCE = "/dev/terraseal/page/verify.html";

    private VerifierPage() {}

    static Optional<Bytes> bytes() throws IOException {
        try (InputStream in = VerifierPage.class.getResourceAsStream(RESOURCE)) {
            return in == null ? Optional.empty() : Optional.of(Bytes.wrap(in.readAllBytes()));
        }
    }
}
