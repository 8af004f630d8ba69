package dev.terraseal.export;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.testkit.log.LogFixture;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What somebody who may write to a bucket, reads its log and holds none of its keys can put there. Each is a way in by itself. */
final class Plants {
    private static final Bytes GARBAGE = Bytes.utf8("x\n");
    private static final long FAR = (1L << 50) + 7;

    private final LogFixture log;
    private final TreeMap<String, Bytes> archived;
    private final TreeMap<String, Map<String, Bytes>> all = new TreeMap<>();

    private Plants(LogFixture log, TreeMap<String, Bytes> archived) {
        this.log = log;
        this.archived = archived;
    }

    /** Each by what it is. */
    static Map<String, Map<String, Bytes>> of(LogFixture log, TreeMap<String, Bytes> archived) {
        Plants plants = new Plants(log, archived);
        plants.garbage();
        plants.heads();
        plants.segments();
        plants.besides();
        plants.notes();
        plants.tokens();
        return plants.all;
    }

    private void add(String what, String name, Bytes content) {
        all.computeIfAbsent(what, any -> new TreeMap<>()).put(name, content);
    }

    private static String numbered(String prefix, long number, String suffix) {
        return prefix + new SequenceNumber(number).padded() + suffix;
    }

    private void garbage() {
        for (String name : archived.keySet()) {
            add("garbage: under every name", name, GARBAGE);
            add("garbage: another object of the same kind under every name", name, other(name));
        }
    }

    /** Another object of the same kind: it parses, and belongs elsewhere. */
    private Bytes other(String name) {
        String kind = name.substring(0, name.lastIndexOf('/') + 1);
        if (kind.isEmpty()) {
            return name.equals("checkpoint") ? archived.getOrDefault("checkpoints/3", GARBAGE) : GARBAGE;
        }
        String next = archived.tailMap(kind).keySet().stream()
                .filter(each -> each.startsWith(kind) && !each.equals(name))
                .findFirst()
                .orElse("");
        return archived.getOrDefault(next, GARBAGE);
    }

    private void heads() {
        TreeMap<Long, Bytes> files = new TreeMap<>(log.headsFiles());
        Bytes newest = files.lastEntry().getValue();
        Bytes oldest = files.firstEntry().getValue();
        for (long at : new long[] {0, log.size() - 1L, log.size(), FAR, (1L << 53) - 1}) {
            add("heads: true leaves where there is no heads entry", numbered("heads/", at, ".json"), newest);
            add("heads: older leaves where there is no heads entry", numbered("heads/", at, ".json"), oldest);
            add("heads: no leaves where there is no heads entry", numbered("heads/", at, ".json"), GARBAGE);
        }
    }

    private void segments() {
        List<String> lines = new ArrayList<>();
        log.entries().forEach(entry -> lines.add(entry.segmentLine().utf8()));
        for (int first = 0; first < lines.size(); first++) {
            String name = numbered("segments/", first, ".jsonl");
            List<String> some = lines.subList(first, Math.min(first + 2, lines.size()));
            add("segments: cut elsewhere", name, text(some));
            add(
                    "segments: unsigned, of true statements",
                    name,
                    text(some.stream().map(Plants::unsigned).toList()));
            add("segments: forged, and chained", name, text(List.of(forged(some.get(0)))));
            add("segments: forged, of no entries", name, GARBAGE);
            add("segments: forged, by half", name, Bytes.utf8(some.get(0).substring(0, 40)));
        }
        String last = lines.get(lines.size() - 1);
        for (long at : new long[] {log.size(), log.size() + 1L, FAR, (1L << 53) - 1}) {
            add("segments: above the end", numbered("segments/", at, ".jsonl"), text(List.of(forged(last))));
            add("segments: above the end", "checkpoints/" + (at + 1), archived.get("checkpoints/" + log.size()));
            add("segments: above the end, of no entries", numbered("segments/", at, ".jsonl"), GARBAGE);
            add("segments: above the end, of no entries", "checkpoints/" + (at + 1), GARBAGE);
        }
    }

    private static Bytes text(List<String> lines) {
        return Bytes.utf8(String.join("\n", lines) + "\n");
    }

    /** The same statement under a signature that is none, or with a path that leads nowhere. */
    private static String unsigned(String line) {
        return line.replaceAll("\"sig\":\"....", "\"sig\":\"AAAA").replaceAll("\"path\":\\[\"....", "\"path\":[\"AAAA");
    }

    private static String forged(String line) {
        String payload = line.replaceAll(".*\"payload\":\"([^\"]*)\".*", "$1");
        String statement = Bytes.fromBase64(payload).utf8();
        String other = statement.replace("2026-11", "2027-11");
        return line.replace(payload, Bytes.utf8(other).base64());
    }

    private void besides() {
        add("besides: docs", "docs/evil.html", Bytes.utf8("<script>evil</script>"));
        add("besides: docs", "docs/formats.md", Bytes.utf8("anything goes"));
        for (Map.Entry<Long, ?> batch : log.batches().entrySet()) {
            String name = numbered("batches/", batch.getKey(), ".json");
            String envelope = archived.get(name).utf8();
            add(
                    "besides: envelopes that are not signed",
                    name,
                    Bytes.utf8(envelope.replaceAll("\"sig\":\"....", "\"sig\":\"AAAA")));
            add(
                    "besides: envelopes of nothing",
                    name,
                    Bytes.utf8(envelope.replaceAll("\"payload\":\"[^\"]*\"", "\"payload\":\"e30=\"")));
        }
        for (String name : archived.keySet()) {
            if (name.startsWith("tile/") && !name.contains(".p/")) {
                byte[] other = archived.get(name).toByteArray();
                Arrays.fill(other, 2, Math.min(other.length, 34), (byte) 7);
                add("besides: other tiles", name, Bytes.wrap(other));
            } else if (name.startsWith("tile/")) {
                add(
                        "besides: other partial tiles",
                        name,
                        Bytes.wrap(new byte[archived.get(name).length()]));
            }
        }
        add("besides: names outside of the form", "docs/a b", GARBAGE);
        add("besides: names outside of the form", "cosignatures/" + log.size() + "/a b", GARBAGE);
        add("besides: names outside of the form", "segments/a b", GARBAGE);
        add("besides: names outside of the form", "timestamps/3/a b", GARBAGE);
    }

    private void notes() {
        add("notes: an older note as the newest", "checkpoint", archived.get("checkpoints/3"));
        add("notes: a note that is none", "checkpoint", GARBAGE);
        add("notes: a note that is none", "checkpoints/999999", GARBAGE);
        String second = archived.keySet().stream()
                .filter(name -> name.startsWith("cosignatures/"))
                .findFirst()
                .orElseThrow();
        String key = second.substring(second.lastIndexOf('-'));
        for (int i = 0; i < 3; i++) {
            byte[] line = archived.get(second).toByteArray();
            line[line.length - 20 - i] ^= 1;
            add("notes: lines that do not hold", "cosignatures/" + log.size() + "/" + i + key, Bytes.wrap(line));
        }
        String own = archived.get("checkpoints/" + log.size()).utf8();
        add(
                "notes: the log's own line once more",
                "cosignatures/" + log.size() + "/0-00000000",
                Bytes.utf8(own.substring(own.indexOf('—'))));
    }

    private void tokens() {
        Bytes token = archived.get(archived.keySet().stream()
                .filter(name -> name.matches("timestamps/3/.*\\.tsr"))
                .findFirst()
                .orElseThrow());
        for (long size = 1; size <= log.size(); size++) {
            add("tokens: junk", "timestamps/" + size + "/tsa-20200101T000000Z.tsr", GARBAGE);
            add("tokens: true under another time", "timestamps/" + size + "/tsa-20200102T000000Z.tsr", token);
            add("tokens: true under another size", "timestamps/" + size + "/tsa-20261122T020300Z.tsr", token);
        }
        String list = archived.keySet().stream()
                .filter(name -> name.endsWith("/list"))
                .findFirst()
                .orElseThrow();
        try {
            Map<String, Digest> named = TokenList.parse(archived.get(list));
            named.replaceAll((name, digest) -> Digest.of(Bytes.utf8(name)));
            add("tokens: other lists", list, TokenList.of(named));
            add("tokens: other lists", list.replace("2028", "2027"), TokenList.of(named));
            add(
                    "tokens: other lists",
                    list.replace("2028", "2027").replace("/list", "/tsa-20270101T000000Z.tsr"),
                    token);
        } catch (dev.terraseal.core.timestamp.TokenException own) {
            throw new AssertionError(new String(archived.get(list).toByteArray(), StandardCharsets.UTF_8), own);
        }
    }
}
