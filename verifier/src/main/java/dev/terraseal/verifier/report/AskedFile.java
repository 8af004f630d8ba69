package dev.terraseal.verifier.report;

import dev.terraseal.core.bytes.Digest;

/**
 * A file that said what is asked, told by its bytes: a path names whatever lies there later.
 *
 * @param option which named it, such as {@code --trust}
 * @param path as it was typed
 */
public record AskedFile(String option, String path, Digest sha256) {}
