package dev.terraseal.simulation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.ingest.EventIntake;
import dev.terraseal.kafka.Topics;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Who sends events: new ones, old ones again, an id with other content; and what gets onto the topic past ingest. */
final class Pipelines {
    private final Site site;
    private final Chance chance;
    private int next;

    /** An event that is to be sent. */
    record Wanted(int id, int content, int salt) {
        String outcome() {
            return content == 0 ? "succeeded" : "failed";
        }
    }

    Pipelines(Site site, int next) {
        this.site = site;
        this.chance = site.chance();
        this.next = next;
    }

    int next() {
        return next;
    }

    void submit(Processes processes) {
        if (chance.perMille(100)) {
            pastIngest();
            return;
        }
        List<Wanted> wanted = wanted();
        String token = chance.perMille(20) ? EventPool.STRANGERS_TOKEN : EventPool.TOKEN;
        processes.ingest(process -> {
            List<EventIntake.Ready> ready = process.prepare(token, wanted);
            if (site.defect().answersEarly()) {
                long offset = site.broker().partition(Topics.EVENTS).end();
                for (int i = 0; i < ready.size(); i++) {
                    acknowledged(wanted.get(i), ready.get(i), offset++);
                }
            }
            List<IngestProcess.Answered> answers = process.send(ready);
            for (int i = 0; i < answers.size(); i++) {
                answered(wanted.get(i), ready.get(i), answers.get(i));
            }
        });
    }

    private List<Wanted> wanted() {
        List<Wanted> wanted = new ArrayList<>();
        for (int left = 1 + chance.below(site.temper().burst() ? 9 : 2); left > 0; left--) {
            int what = chance.below(10);
            int salt = chance.below(2);
            if (what < 6 || next == 0) {
                wanted.add(new Wanted(next++, 0, salt));
            } else {
                int id = Math.max(0, next - 1 - chance.below(20));
                wanted.add(new Wanted(id, what == 9 ? 1 : 0, salt));
            }
        }
        return wanted;
    }

    private void answered(Wanted wanted, EventIntake.Ready ready, IngestProcess.Answered answer) {
        if (answer.offset() >= 0) {
            acknowledged(wanted, ready, answer.offset());
        } else {
            site.evidence()
                    .known()
                    .add(new Known(
                            ready.event().stream().value(),
                            ready.event().id().value(),
                            wanted.outcome(),
                            answer.entry(),
                            !answer.conflict()));
        }
    }

    private void acknowledged(Wanted wanted, EventIntake.Ready ready, long offset) {
        site.evidence()
                .acknowledged()
                .add(new Sent(
                        ready.event().stream().value(),
                        ready.event().id().value(),
                        wanted.outcome(),
                        ready.framed(),
                        offset));
    }

    /** Somebody who may write to the topic does so: no event, an identity of another log, a schema nobody knows. */
    private void pastIngest() {
        int id = next == 0 ? 0 : chance.below(next);
        byte[] value = switch (chance.below(4)) {
            case 0 -> new byte[] {0, 0, 0, 0, EventPool.SCHEMA, 1, 2, 3};
            case 1 -> new byte[0];
            case 2 -> site.pool().replayed(id).framed().toByteArray();
            default ->
                foreign(site.pool()
                        .event(new Wanted(id, 0, 0), EventPool.CALLER)
                        .framed());
        };
        site.broker().write(Topics.EVENTS, null, value);
    }

    private static byte[] foreign(Bytes framed) {
        byte[] value = framed.toByteArray();
        ByteBuffer.wrap(value).putInt(1, EventPool.FOREIGN_SCHEMA);
        return value;
    }
}
