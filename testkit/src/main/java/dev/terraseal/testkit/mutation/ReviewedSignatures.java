package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.EventId;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.envelope.Dsse;
import dev.terraseal.core.statement.Event;
import dev.terraseal.core.statement.PredicateType;
import dev.terraseal.core.statement.Statement;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches nobody names, paths no batch has, and identities of odd forms, in both places where signatures lie. */
final class ReviewedSignatures {
    private static final Expected HOLDS = Expected.unproven("");

    private final long seed;
    private final List<Draft> drafts = new ArrayList<>();

    private ReviewedSignatures(long seed) {
        this.seed = seed;
    }

    static List<Draft> drafts(long seed) {
        ReviewedSignatures reviewed = new ReviewedSignatures(seed);
        reviewed.batches();
        reviewed.words();
        reviewed.keyEvents();
        return reviewed.drafts;
    }

    private Draft draft(String name, LogFixture log, BundleBytes bundle) {
        Draft draft = TwoReadings.draftOf(name, log, bundle);
        drafts.add(draft);
        return draft;
    }

    private LogFixture begun() {
        return LogFixture.seeded("terraseal.local/signed", seed);
    }

    private void batches() {
        LogFixture log = begun().apply(Logs.PROD, 1, 2).batch(Logs.DEV, 2).heads();
        BundleBytes whole = FixtureExport.of(log).whole();
        Draft draft = draft("a batch", log, whole);
        draft.resealed(
                "a batch of the artifacts among the key events, which do not name it",
                whole.with("key-events/batches.jsonl", whole.get("batches.jsonl")),
                Expected.refused("key-events", "stranger"));
        for (int hashes : new int[] {17, 64, 65}) {
            String longer = "\"path\":[" + ("\"" + Digest.of(Bytes.EMPTY).base64() + "\",").repeat(hashes - 1);
            draft.resealed(
                    hashes + " hashes in the path of an entry of a batch of two",
                    whole.with(
                            "signatures.jsonl", whole.text("signatures.jsonl").replaceFirst("\"path\":\\[", longer)),
                    Expected.refused("signatures", hashes > 64 ? "malformed" : "bad-batch"));
        }
    }

    /** Bodies and identities that a pipeline may submit and ingest would not write: a log that has them is whole. */
    private void words() {
        LogFixture log = begun();
        Json.Obj nothing = Json.obj().put("outcome", "").build();
        log.append(PredicateType.TERRAFORM_APPLY, Logs.PROD, "nothing", nothing).heads();
        BundleBytes whole = FixtureExport.of(log).withDerivedFiles().whole();
        draft("an empty outcome", log, whole).resealed("as the log signed it", whole, HOLDS);
        for (Json issuer : List.of(new Json.Num(1), Json.arr(List.of()))) {
            LogFixture identified = begun().apply(Logs.PROD, 1, 2);
            Statement first = Statement.parse(identified.entries().get(0).statement());
            Bytes payload = Json.obj()
                    .put("contentSha256", event(first, null).contentDigest())
                    .put("genesis", identified.log().genesis())
                    .put("verified", Json.obj().put("issuer", issuer).build())
                    .build()
                    .bytes();
            Json.Obj verified = Json.obj().put("issuer", issuer).build();
            identified
                    .append(event(first, identity(identified, payload, verified)))
                    .heads();
            BundleBytes bundle = FixtureExport.of(identified).whole();
            draft("an identity of issuer " + issuer.bytes().utf8(), identified, bundle)
                    .resealed("as the log signed it", bundle, HOLDS);
        }
    }

    /** A key event that a verified identity came with, in a selection that shows it among the key events alone. */
    private void keyEvents() {
        keyEvent("verified for nobody", null, HOLDS);
        Json.Obj verified = Json.obj().put("issuer", "https://ci.example").build();
        Expected refused = Expected.refused("key-events", "bad-signature");
        keyEvent("verified by nobody", source(verified, Json.obj().build()), refused);
        LogFixture log = begun();
        keyEvent("verified for other content", identity(log, Bytes.EMPTY, verified), refused);
    }

    private void keyEvent(String what, Json.@Nullable Obj source, Expected expected) {
        LogFixture plain = begun().apply(Logs.PROD, 1, 2);
        plain.addLogKey();
        Statement added = Statement.parse(plain.entries().get(1).statement());
        LogFixture log = begun().apply(Logs.PROD, 1, 2);
        log.append(event(added, source)).heads();
        BundleBytes filter = FixtureExport.of(log).filter(List.of(0));
        draft("a key event " + what, log, filter).resealed("as the log signed it", filter, expected);
    }

    private static Event event(Statement like, Json.@Nullable Obj source) {
        return new Event(
                like.type(),
                like.stream(),
                new EventId("with-identity"),
                LogFixture.BEGIN,
                like.subjects().bytes(),
                like.body().bytes(),
                source == null ? null : source.bytes(),
                null,
                null,
                null);
    }

    private static Json.Obj source(Json.Obj verified, Json.Obj by) {
        return Json.obj().put("verified", verified).put("verifiedBy", by).build();
    }

    private static Json.Obj identity(LogFixture log, Bytes payload, Json.Obj verified) {
        Bytes signature = log.ingestKey().signOrFail(Dsse.pae(Dsse.IDENTITY, payload));
        return source(
                verified,
                Json.obj()
                        .put("keyid", log.ingestKey().key().keyid().hex())
                        .put("sig", signature.base64())
                        .build());
    }
}
