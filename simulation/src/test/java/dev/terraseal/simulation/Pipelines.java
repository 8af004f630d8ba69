package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.kafka.Topics;
import dev.terraseal.simulation.kafka.Broker;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Who sends events: new ones, old ones again, an id with other content; and what gets onto the topic past ingest. */
final class Pipelines {
    private final EventPool pool;
    private final Chance chance;
    private int next;

    /** An event that is to be sent. */
    record Wanted(EventIntake.Ready ready, int content) {}

    Pipelines(EventPool pool, Chance chance, int next) {
        this.pool = pool;
        this.chance = chance;
        this.next = next;
    }

    int next() {
        return next;
    }

    List<Wanted> next(boolean burst, Defect defect) {
        List<Wanted> wanted = new ArrayList<>();
        String actor = defect.actor(EventPool.token());
        for (int left = 1 + chance.below(burst ? 9 : 2); left > 0; left--) {
            int what = chance.below(10);
            int salt = chance.below(2);
            if (what < 6 || next == 0) {
                int id = next++;
                wanted.add(new Wanted(pool.event(id, id, 0, salt, actor), 0));
            } else {
                int id = Math.max(0, next - 1 - chance.below(20));
                int content = what == 9 ? 1 : 0;
                wanted.add(new Wanted(pool.event(id, id, content, salt, actor), content));
            }
        }
        return wanted;
    }

    /** Somebody who may write to the topic does so: no event, an identity of another log, a schema nobody knows. */
    void pastIngest(Broker broker) {
        int id = next == 0 ? 0 : chance.below(next);
        byte[] value = switch (chance.below(4)) {
            case 0 -> new byte[] {0, 0, 0, 0, EventPool.SCHEMA, 1, 2, 3};
            case 1 -> new byte[0];
            case 2 -> pool.replayed(id).framed().toByteArray();
            default -> foreign(pool.event(id, id, 0, 0, "anna").framed());
        };
        broker.write(Topics.EVENTS, null, value);
    }

    private static byte[] foreign(Bytes framed) {
        byte[] value = framed.toByteArray();
        ByteBuffer.wrap(value).putInt(1, EventPool.FOREIGN_SCHEMA);
        return value;
    }
}
