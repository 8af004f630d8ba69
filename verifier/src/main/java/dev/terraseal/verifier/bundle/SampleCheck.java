package dev.terraseal.verifier.bundle;

import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import org.jspecify.annotations.Nullable;

/** Draws a sample again: nobody chose which entries are shown. */
final class SampleCheck {
    private final Draw draw;
    private long shown;
    private long ordinary;
    private boolean outside;
    private @Nullable Digest last;
    private boolean lastIsOrdinary;

    private SampleCheck(Draw draw) {
        this.draw = draw;
    }

    /** Null if the artifacts are no sample that can be drawn again. */
    static @Nullable SampleCheck of(Manifest manifest) {
        String text = manifest.query().text();
        if (manifest.query().kind() != Manifest.Kind.FILTER || text == null) {
            return null;
        }
        return Draw.named(text).map(SampleCheck::new).orElse(null);
    }

    Draw draw() {
        return draw;
    }

    void see(Statement statement) {
        long sequence = statement.sequence().value();
        shown++;
        boolean isOrdinary = !statement.stream().isReserved();
        ordinary += isOrdinary ? 1 : 0;
        outside |= sequence < draw.first() || sequence >= draw.end();
        Digest rank = draw.rank(sequence);
        if (last == null || rank.compareTo(last) > 0) {
            last = rank;
            lastIsOrdinary = isOrdinary;
        }
    }

    void conclude(Findings findings) {
        String wrong = wrong();
        if (!wrong.isEmpty()) {
            findings.add(
                    Layer.DERIVED,
                    FindingName.OTHER_SAMPLE,
                    BundleNames.MANIFEST,
                    "manifest.json says '" + draw.text() + "', and that draw gives other entries: " + wrong);
        }
    }

    private String wrong() {
        Digest cut = last;
        if (cut == null || ordinary != draw.count()) {
            return ordinary + " entries of ordinary streams are here";
        }
        if (outside) {
            return "one that is here lies outside of it";
        }
        if (!lastIsOrdinary) {
            return "the last one drawn is an entry of the log's own";
        }
        long drawn = 0;
        for (long sequence = draw.first(); sequence < draw.end(); sequence++) {
            drawn += draw.rank(sequence).compareTo(cut) <= 0 ? 1 : 0;
        }
        return drawn == shown ? "" : drawn + " have a rank as small as the last one here, and " + shown + " are here";
    }
}
