package dev.terraseal.archiver.witness;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.Decimal;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.keys.SignatureChecker;
import dev.terraseal.core.keys.SignatureChecker.UncheckableException;
import dev.terraseal.core.witness.AddCheckpoint;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;

/** One request to one witness (C2SP tlog-witness). What it answers is checked before it is believed. */
public final class WitnessClient {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int ANSWER_MAX = 1 << 16;
    private static final int TOLD_MAX = 200;

    private final HttpClient http;
    private final SignatureChecker checker;

    public WitnessClient(SignatureChecker checker) {
        this.http = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
        this.checker = checker;
    }

    /** What a witness answered. */
    public sealed interface Reply {}

    /** Its line, which verifies. */
    public record Cosigned(SignatureLine line) implements Reply {}

    /** It knows the log at another size: ask again from there. */
    public record KnowsSize(long size) implements Reply {}

    /** @throws WitnessException if it did neither */
    public Reply ask(WitnessSettings.Witness witness, AddCheckpoint request)
            throws WitnessException, InterruptedException {
        HttpRequest post = HttpRequest.newBuilder(witness.at("add-checkpoint"))
                .timeout(PATIENCE)
                .header("Content-Type", "text/plain; charset=utf-8")
                .POST(BodyPublishers.ofByteArray(request.bytes().toByteArray()))
                .build();
        String who = witness.key().name() + " at " + witness.place();
        try {
            HttpResponse<InputStream> response = http.send(post, BodyHandlers.ofInputStream());
            Bytes body;
            try (InputStream in = response.body()) {
                body = Bytes.wrap(in.readNBytes(ANSWER_MAX));
            }
            return read(witness, request.note(), response.statusCode(), body, who);
        } catch (IOException silent) {
            throw WitnessException.notNow("the witness " + who + " did not answer: " + silent, silent);
        } catch (NoteException | UncheckableException | IllegalArgumentException wrong) {
            throw WitnessException.refused(
                    "the witness " + who + " answered what is no cosignature: " + wrong.getMessage());
        }
    }

    private Reply read(WitnessSettings.Witness witness, SignedNote note, int status, Bytes body, String who)
            throws WitnessException, NoteException, UncheckableException {
        if (status == 200) {
            return new Cosigned(own(witness, note, body));
        }
        if (status == 409) {
            return new KnowsSize(Decimal.parse(body.utf8().stripTrailing(), "the size it knows"));
        }
        String told = "the witness " + who + " answered " + status + ": " + firstLine(body);
        if (status == 429 || status >= 500) {
            throw WitnessException.notNow(told, new IOException("status " + status));
        }
        throw WitnessException.refused(told);
    }

    /** A witness may answer with lines by several keys; the one of the policy is kept. */
    private SignatureLine own(WitnessSettings.Witness witness, SignedNote note, Bytes body)
            throws NoteException, UncheckableException {
        for (String text : body.utf8().split("\n", -1)) {
            if (text.isEmpty()) {
                continue;
            }
            SignatureLine line = SignatureLine.parse(text);
            if (line.name().equals(witness.key().name())
                    && line.keyId().equals(witness.key().keyId())) {
                new SignedNote(note.text(), List.of(line)).verify(List.of(witness.key()), checker);
                return line;
            }
        }
        throw new NoteException(
                "no line by " + witness.key().name() + " (key " + witness.key().keyId() + "), the key of the policy");
    }

    private static String firstLine(Bytes body) {
        String text;
        try {
            text = body.utf8();
        } catch (IllegalArgumentException notText) {
            return "no text";
        }
        String line = text.lines().findFirst().orElse("");
        StringBuilder safe = new StringBuilder();
        line.codePoints()
                .limit(TOLD_MAX)
                .filter(each -> !Character.isISOControl(each))
                .forEach(safe::appendCodePoint);
        return safe.toString();
    }
}
