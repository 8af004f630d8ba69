package dev.terraseal.testkit.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.merkle.ConsistencyProof;
import dev.terraseal.core.merkle.InclusionProof;
import dev.terraseal.core.merkle.ProofException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds core's proofs to vectors of other people. It lies here and not in core, which has no {@link Tool} to skip by. */
class PublishedVectorsTest {
    private static final Pattern MEMBER = Pattern.compile("\"(\\w+)\":\\s*(\"[^\"]*\"|\\[[^\\]]*\\]|[\\w-]+)");
    private static final Pattern TEXT = Pattern.compile("\"([^\"]*)\"");

    @Test
    void everyInclusionVectorGetsItsVerdict() throws IOException {
        check(
                "inclusion",
                vector -> InclusionProof.verify(
                        vector.number("leafIdx"),
                        vector.number("treeSize"),
                        vector.hash("leafHash"),
                        vector.hashes("proof"),
                        vector.root("root")));
    }

    @Test
    void everyConsistencyVectorGetsItsVerdict() throws IOException {
        check(
                "consistency",
                vector -> ConsistencyProof.verify(
                        vector.number("size1"),
                        vector.number("size2"),
                        vector.root("root1"),
                        vector.root("root2"),
                        vector.hashes("proof")));
    }

    private interface Verification {
        void verify(Vector vector) throws ProofException;
    }

    private static void check(String kind, Verification verification) throws IOException {
        List<Path> files = PublishedVectors.of(kind);
        List<String> wrong = new ArrayList<>();
        for (Path file : files) {
            Vector vector = new Vector(Files.readString(file));
            if (accepts(verification, vector) == vector.isRefused()) {
                wrong.add(file.toString());
            }
        }
        assertThat(wrong).as("vectors with another verdict than published").isEmpty();
        assertThat(files).as("vectors of %s", kind).hasSize(PublishedVectors.OF_A_KIND);
    }

    private static boolean accepts(Verification verification, Vector vector) {
        try {
            verification.verify(vector);
            return true;
        } catch (ProofException refused) {
            return false;
        } catch (IllegalArgumentException notThirtyTwoBytes) {
            return false;
        }
    }

    /** The flat objects of these files; the product's own reader takes canonical JSON only, and these are indented. */
    private record Vector(String json) {
        String member(String name) {
            Matcher matcher = MEMBER.matcher(json);
            while (matcher.find()) {
                if (matcher.group(1).equals(name)) {
                    return matcher.group(2);
                }
            }
            throw new AssertionError("no member " + name + " in " + json);
        }

        long number(String name) {
            return Long.parseUnsignedLong(member(name));
        }

        boolean isRefused() {
            String stated = member("wantErr");
            assertThat(stated).isIn("true", "false");
            return stated.equals("true");
        }

        Digest hash(String name) {
            String value = member(name);
            return Digest.fromBase64(value.equals("null") ? "" : value.substring(1, value.length() - 1));
        }

        /**
         * A root as the vectors have it: any bytes, which their verifier only compares. Here a root is a digest by its type,
         * so bytes of another length are stood for by their own digest: equal ones stay equal, and none is a tree's root.
         */
        Digest root(String name) {
            String value = member(name);
            Bytes bytes = Bytes.fromBase64(value.equals("null") ? "" : value.substring(1, value.length() - 1));
            return bytes.length() == Digest.LENGTH ? Digest.fromBytes(bytes) : Digest.of(bytes);
        }

        List<Digest> hashes(String name) {
            List<Digest> hashes = new ArrayList<>();
            Matcher matcher = TEXT.matcher(member(name));
            while (matcher.find()) {
                hashes.add(Digest.fromBase64(matcher.group(1)));
            }
            return hashes;
        }
    }
}
