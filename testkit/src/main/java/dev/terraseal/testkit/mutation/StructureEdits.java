package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.SequenceNumber;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Random changes by somebody who knows the format: a file of a known name too many, lines twice or gone, members and numbers
 * at their limits. Flipped bytes hardly ever come where a form is what two readers may see in two ways.
 */
final class StructureEdits {
    private static final Pattern NUMBER = Pattern.compile("(?<=[:,\\[])-?[0-9]+(?=[,}\\]])");
    private static final Pattern TEXT = Pattern.compile("(?<=:)\"[^\"\\\\]*\"(?=[,}])");
    private static final List<String> NUMBERS = List.of(
            "0",
            "1",
            "-1",
            "2",
            "99",
            "10000",
            "65536",
            "4294967296",
            "9007199254740991",
            "9007199254740992",
            "-9007199254740991",
            "01",
            "1.0",
            "1e3",
            "-0");
    private static final List<String> TEXTS = List.of(
            "\"\"",
            "\"0\"",
            "\"x\"",
            "0",
            "{}",
            "[]",
            "true",
            "null",
            "\"\ufeff\"",
            "\"\\u0000\"",
            "\"0000-11-22T01:02:03.000Z\"",
            "\"2026-02-30T01:02:03.000Z\"",
            "\"2026-11-22T24:00:00.000Z\"",
            "\"_log\"",
            "\"heads\"",
            "\"--from 0 --to 2 --sample 1 --seed x\"",
            "\"--from 0 --to 99 --sample 1 --seed x\"");
    private static final List<String> NAMES = List.of(
            "x.example",
            "x",
            "x+y",
            "x\u0085y",
            "x\ufeffy",
            "x\u2003y",
            "x\u007fy",
            "x".repeat(255),
            "x".repeat(256),
            "\u00e9".repeat(128));

    private final Random random;
    private final StringBuilder name;

    private StructureEdits(Random random, StringBuilder name) {
        this.random = random;
        this.name = name;
    }

    /**
     * One change of {@code bundle}.
     *
     * @param other another export of the same log
     * @param name what was done is written behind it
     */
    static BundleBytes broken(BundleBytes bundle, BundleBytes other, Random random, StringBuilder name) {
        StructureEdits edits = new StructureEdits(random, name);
        return switch (random.nextInt(8)) {
            case 0 -> edits.junk(bundle);
            case 1 -> edits.fileOf(bundle, other);
            case 2 -> edits.note(bundle);
            case 3 -> edits.line(bundle);
            case 4 -> edits.replaced(bundle, TEXT, TEXTS);
            default -> edits.replaced(bundle, NUMBER, NUMBERS);
        };
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    /** A file whose name a bundle may hold, and what it holds is nothing, junk or a file that is there. */
    private BundleBytes junk(BundleBytes bundle) {
        String content = any(List.of("", "junk", "junk\n", "{}", "{}\n", "[]\n"));
        String number = String.valueOf(random.nextInt(12));
        String padded = new SequenceNumber(random.nextInt(12)).padded();
        String file = any(List.of(
                "proofs/entries.jsonl",
                "proofs/range.json",
                "proofs/stream.json",
                "proofs/consistency/" + number,
                "proofs/consistency/9007199254740992",
                "batches.jsonl",
                "key-events/batches.jsonl",
                "key-events/proofs/range.json",
                "artifacts/" + padded + ".json",
                "artifacts/" + padded + ".jsonl",
                "key-events/artifacts/" + padded + ".json",
                "timestamps/" + number + "/note",
                "timestamps/" + number + "/x-20261122T000000Z.tsr",
                "timestamps/renewed/20261122T000000Z/list",
                "keys/" + "ab".repeat(32) + ".pem",
                "attachments/sha256/" + Digest.of(Bytes.utf8(content)).hex(),
                "docs/x",
                "docs/",
                "population.csv",
                "report.html",
                "verify.html",
                "attestations.intoto.jsonl",
                "x"));
        if (file.endsWith("/")) {
            file += "x/".repeat(random.nextInt(300)) + "x";
        }
        name.append(", '").append(content.trim()).append("' as ").append(file);
        return bundle.with(file, content);
    }

    private BundleBytes fileOf(BundleBytes bundle, BundleBytes other) {
        String file = any(other.names());
        name.append(", ").append(file).append(" of another export");
        return bundle.with(file, other.get(file));
    }

    /** Lines beside the log's own. */
    private BundleBytes note(BundleBytes bundle) {
        if (!bundle.has("checkpoint")) {
            return bundle;
        }
        int more = any(List.of(1, 2, 63, 64, 100));
        String called = any(NAMES);
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < more; i++) {
            int number = random.nextInt(4) == 0 ? 0 : i;
            byte[] signature = new byte[random.nextInt(8) == 0 ? 4 : 76];
            signature[0] = (byte) number;
            lines.append("\u2014 ")
                    .append(called)
                    .append(' ')
                    .append(Bytes.wrap(signature).base64())
                    .append('\n');
        }
        name.append(", ")
                .append(more)
                .append(" lines of ")
                .append(called.length())
                .append(" letters and ");
        name.append(called.codePointAt(called.length() / 2)).append(" on the head");
        return bundle.with("checkpoint", Bytes.concat(bundle.get("checkpoint"), Bytes.utf8(lines.toString())));
    }

    /** A line of some file gone, twice, or in another place. */
    private BundleBytes line(BundleBytes bundle) {
        List<String> files = bundle.names().stream()
                .filter(file -> bundle.get(file).length() > 0 && !file.endsWith("SHA256SUMS.sig"))
                .toList();
        String file = any(files);
        List<String> lines = new ArrayList<>(bundle.lines(file));
        int at = random.nextInt(lines.size());
        String line = lines.remove(at);
        int times = random.nextInt(3);
        for (int i = 0; i < times; i++) {
            lines.add(random.nextInt(lines.size() + 1), line);
        }
        name.append(", line ")
                .append(at)
                .append(" of ")
                .append(file)
                .append(' ')
                .append(times)
                .append(" times");
        return bundle.withLines(file, lines);
    }

    /** One value of a file that is JSON, or lines of it. */
    private BundleBytes replaced(BundleBytes bundle, Pattern what, List<String> values) {
        List<String> files = bundle.names().stream()
                .filter(file -> file.matches(".*\\.jsonl?") && !file.equals("log.json"))
                .toList();
        if (files.isEmpty()) {
            return bundle;
        }
        String file = random.nextInt(3) == 0 && bundle.has("manifest.json") ? "manifest.json" : any(files);
        String text = bundle.text(file);
        List<Integer> places = new ArrayList<>();
        Matcher matcher = what.matcher(text);
        while (matcher.find()) {
            places.add(matcher.start());
        }
        if (places.isEmpty()) {
            return bundle;
        }
        int at = any(places);
        matcher.find(at);
        String value = any(values);
        name.append(", ")
                .append(matcher.group())
                .append(" at ")
                .append(at)
                .append(" of ")
                .append(file)
                .append(" is ");
        name.append(value);
        return bundle.with(file, text.substring(0, at) + value + text.substring(matcher.end()));
    }
}
