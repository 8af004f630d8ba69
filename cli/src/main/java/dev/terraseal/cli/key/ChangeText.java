package dev.terraseal.cli.key;

import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.log.KeyEvent;
import dev.terraseal.keys.change.PendingChange;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** What a change does, in words: before the authority signs it, and after the log took it. */
final class ChangeText {
    private final PendingChange change;
    private final KeyEvent event;

    ChangeText(PendingChange change) {
        this.change = change;
        this.event = change.contents();
    }

    /** A line for each thing whoever signs should compare. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add("log       genesis " + event.genesis());
        lines.add("after     " + event.previous());
        lines.add("action    " + event.action().text() + ": " + printable(event.reason()));
        for (KeyEvent.NewKey each : event.keys()) {
            lines.add("new key   " + each.key().use().text() + " " + each.key().algorithm() + " "
                    + each.key().keyid() + ", from entry " + each.from() + " at the earliest");
        }
        for (KeyEvent.Revoked each : event.revoked()) {
            lines.add("revokes   " + each.keyid()
                    + (each.compromisedFrom() == null ? "" : ", compromised from entry " + each.compromisedFrom())
                    + ": " + printable(each.reason()));
        }
        if (event.provenance() != null) {
            lines.add("where     " + printable(event.provenance().json().bytes().utf8()));
        }
        change.signatures().forEach(each -> lines.add("signed    " + each.keyid()));
        return lines;
    }

    void print(long entry, boolean json, PrintWriter out) {
        if (json) {
            out.println(Json.obj()
                    .put("entry", entry)
                    .put(
                            "keys",
                            Json.texts(event.keys().stream()
                                    .map(each -> each.key().keyid().hex())
                                    .toList()))
                    .put(
                            "revoked",
                            Json.texts(event.revoked().stream()
                                    .map(each -> each.keyid().hex())
                                    .toList()))
                    .build()
                    .bytes()
                    .utf8());
        } else {
            out.println("entry " + entry + ": " + event.action().text());
            for (KeyEvent.NewKey each : event.keys()) {
                long from = Math.max(each.from().value(), entry + 1);
                out.println("  " + each.key().use().text() + " key "
                        + each.key().keyid() + " is in force from entry " + from);
            }
            for (KeyEvent.Revoked each : event.revoked()) {
                out.println("  key " + each.keyid() + " is in force up to entry " + entry
                        + (each.compromisedFrom() == null
                                ? ""
                                : "; what it signed from entry " + each.compromisedFrom() + " on is suspect"));
            }
        }
        out.flush();
    }

    private static String printable(String text) {
        return text.replaceAll("\\p{Cntrl}", "?");
    }
}
