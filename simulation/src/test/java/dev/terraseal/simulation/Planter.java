package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.simulation.store.Objects;
import java.util.List;

/** Somebody who may write to the bucket and may not break locks. */
final class Planter {
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
