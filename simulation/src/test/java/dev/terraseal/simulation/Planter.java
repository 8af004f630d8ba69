package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.store.Objects;
import java.util.List;

/** Somebody who may write to the bucket and may not break locks. */
final class Planter {
    private static final long FAR = 1L << 50;

    private final Chance chance;
    private final Objects objects;
    private final NaiveArchive archive;

    Planter(Chance chance, Objects objects, NaiveArchive archive) {
        this.chance = chance;
        this.objects = objects;
        this.archive = archive;
    }

    void plant() {
        archive.read();
        int next = archive.statements().size();
        String name = switch (chance.below(7)) {
            case 0 -> "segments/%020d.jsonl".formatted(next);
            case 1 -> "segments/%020d.jsonl".formatted(next + 1 + chance.below(9));
            case 2 -> "checkpoints/" + (next + chance.below(4));
            case 3 -> "heads/%020d.json".formatted(next + chance.below(3));
            case 4 -> "batches/%020d.json".formatted(next + chance.below(9));
            case 5 -> "segments/%020d.jsonl".formatted(0);
            default -> "log.json";
        };
        objects.add(name, content(), false);
        farAbove(next);
    }

    /** What once made readers begin in the wrong place: true heads files where nothing is, and names that nobody asks for. */
    private void farAbove(int next) {
        List<Objects.Written> written = objects.journal();
        for (int i = written.size() - 1; i >= 0; i--) {
            if (written.get(i).name().startsWith("heads/")) {
                objects.add(
                        "heads/%020d.json".formatted(FAR + next), written.get(i).content(), false);
                break;
            }
        }
        objects.add("segments/%020d.jsonl".formatted(FAR + next), Bytes.utf8("x\n"), false);
        objects.add("cosignatures/" + next + "/0-00000000", Bytes.utf8("x\n"), false);
        objects.add("timestamps/" + Math.max(1, next) + "/a-20260101T000000Z.tsr", Bytes.utf8("x\n"), false);
    }

    private Bytes content() {
        List<Objects.Written> written = objects.journal();
        Bytes other = written.get(chance.below(written.size())).content();
        return switch (chance.below(4)) {
            case 0 -> Bytes.utf8("{\"payload\":\"\"}\n");
            case 1 -> other;
            case 2 -> other.slice(0, other.length() / 2);
            default -> null;
        };
    }
}
