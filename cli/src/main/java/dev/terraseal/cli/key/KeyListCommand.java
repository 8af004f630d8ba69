package dev.terraseal.cli.key;

import dev.terraseal.cli.ArchiveOption;
import dev.terraseal.cli.CommandFailedException;
import dev.terraseal.cli.ExitCode;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.keys.KeyId;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.core.log.KeyHistory;
import dev.terraseal.core.log.KeyRing.Declaration;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code terraseal key list}. */
@Command(
        name = "list",
        mixinStandardHelpOptions = true,
        description =
                "Every key the log ever had: its use, where it is in force, and who lives where as the authority said.",
        footer = {
            "%nExamples:",
            "  terraseal key list --data /srv/terraseal",
            "  terraseal key list --archive s3://bucket/log --events > key-events.jsonl"
        })
final class KeyListCommand implements Callable<Integer> {
    @Mixin
    ArchiveOption archive = new ArchiveOption();

    @Option(names = "--json", description = "{events, genesis, keys[], size}")
    boolean json;

    @Option(
            names = "--events",
            description = "The key events themselves, a line each: the file of the setting log.key-events.")
    boolean events;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws CommandFailedException, IOException {
        KnownLog known = KnownLog.read(archive);
        PrintWriter out = spec.commandLine().getOut();
        if (events) {
            out.print(known.history().bytes().utf8());
        } else if (json) {
            List<Json> keys = new ArrayList<>();
            known.keys().declarations().forEach(each -> keys.add(json(known, each)));
            out.println(Json.obj()
                    .put("events", known.history().events().size())
                    .put("genesis", known.log().genesis())
                    .put("keys", Json.arr(keys))
                    .put("size", known.size())
                    .build()
                    .bytes()
                    .utf8());
        } else {
            table(known, out);
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void table(KnownLog known, PrintWriter out) {
        out.println(String.format("%-9s  %-25s  %-17s  %-17s  %s", "use", "algorithm", "key", "in force", ""));
        for (Declaration each : known.keys().declarations()) {
            String range = each.end() == Long.MAX_VALUE
                    ? each.from() + " –"
                    : each.end() <= each.from() ? "never" : each.from() + " – " + (each.end() - 1);
            out.println(String.format(
                    "%-9s  %-25s  %-17s  %-17s  %s",
                    each.key().use().text(),
                    each.key().algorithm(),
                    each.key().keyid().hex().substring(0, 16) + "…",
                    range,
                    story(known, each)));
        }
        out.println(known.history().events().size() + " key events in " + known.size()
                + " archived entries; later ones cannot be seen from here");
    }

    private static String story(KnownLog known, Declaration key) {
        StringBuilder text = new StringBuilder(state(known, key));
        KeyHistory.At by = introducing(known, key.key().keyid());
        text.append(
                by == null
                        ? "; by log.json"
                        : "; by entry " + by.index() + " (" + by.event().reason() + ")");
        if (by != null && by.event().provenance() != null) {
            text.append("; ").append(by.event().provenance().json().bytes().utf8());
        }
        KeyHistory.At revoking = revoking(known, key.key().keyid());
        if (revoking != null) {
            text.append("; revoked by entry ").append(revoking.index());
            revoking.event().revoked().stream()
                    .filter(each -> each.keyid().equals(key.key().keyid()))
                    .forEach(each -> text.append(" (").append(each.reason()).append(')'));
        }
        return printable(text.toString());
    }

    private static String state(KnownLog known, Declaration key) {
        if (key.compromisedFrom() >= 0) {
            return "compromised from " + key.compromisedFrom();
        }
        if (key.revoked()) {
            return "revoked";
        }
        if (key.from() > known.size()) {
            return "not yet";
        }
        return key.end() <= known.size() ? "retired" : "in force";
    }

    private static Json.Obj json(KnownLog known, Declaration key) {
        KeyHistory.At by = introducing(known, key.key().keyid());
        KeyHistory.At revoking = revoking(known, key.key().keyid());
        Json.Builder out = Json.obj()
                .put("algorithm", key.key().algorithm().name())
                .put("from", key.from())
                .put("keyid", key.key().keyid().hex())
                .put("state", state(known, key))
                .put("use", key.key().use().text())
                .putIfPresent("compromisedFrom", key.compromisedFrom() < 0 ? null : (Long) key.compromisedFrom())
                .putIfPresent("end", key.end() == Long.MAX_VALUE ? null : (Long) key.end())
                .putIfPresent(
                        "introducedBy", by == null ? null : (Long) by.index().value())
                .putIfPresent("reason", by == null ? null : by.event().reason())
                .putIfPresent(
                        "revokedBy",
                        revoking == null ? null : (Long) revoking.index().value());
        KeyEvent.Provenance provenance = by == null ? null : by.event().provenance();
        return provenance == null
                ? out.build()
                : out.put("provenance", provenance.json()).build();
    }

    private static KeyHistory.@Nullable At introducing(KnownLog known, KeyId id) {
        for (KeyHistory.At each : known.history().events()) {
            if (each.event().keys().stream().anyMatch(key -> key.key().keyid().equals(id))) {
                return each;
            }
        }
        return null;
    }

    private static KeyHistory.@Nullable At revoking(KnownLog known, KeyId id) {
        KeyHistory.At last = null;
        for (KeyHistory.At each : known.history().events()) {
            if (each.event().revoked().stream().anyMatch(key -> key.keyid().equals(id))) {
                last = each;
            }
        }
        return last;
    }

    /** A reason is somebody's text. */
    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
