package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.checkpoint.VerifierKey;
import dev.terraseal.testkit.log.LogFixture;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Trust files as people write them, and as no two readers must read them. One that is taken has one meaning. */
public final class TrustFiles {
    /** A trust file and whether a verifier takes it; one that it does not take is wrong usage (2). */
    public record Case(String name, Bytes file, boolean taken) {
        @Override
        public String toString() {
            return name;
        }
    }

    /** The SPKI of a P-256 key, as other logs sign their checkpoints with it. */
    private static final String ECDSA = "3059301306072a8648ce3d020106082a8648ce3d030107034200"
            + "046b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
            + "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5";

    private final LogFixture log;
    private final List<Case> all = new ArrayList<>();

    private TrustFiles(LogFixture log) {
        this.log = log;
    }

    public static List<Case> all(long seed) {
        TrustFiles out = new TrustFiles(Logs.small(seed, 0));
        out.forms();
        out.members();
        out.policies();
        out.keys();
        return List.copyOf(out.all);
    }

    private String head() {
        return "\"format\":1,\"origin\":\"" + log.log().origin() + "\",\"genesis\":\""
                + log.log().genesis() + "\"";
    }

    private void text(String name, String text, boolean taken) {
        all.add(new Case(name, Bytes.utf8(text), taken));
    }

    private void member(String name, String member, boolean taken) {
        text(name, "{" + head() + "," + member + "}", taken);
    }

    private void policy(String name, boolean taken, String... lines) {
        lines(name, taken, String.join("\n", lines) + "\n");
    }

    private void lines(String name, boolean taken, String policy) {
        member(name, "\"witnesses\":" + new Json.Str(policy).bytes().utf8(), taken);
    }

    private void forms() {
        text("nothing more", "{" + head() + "}", true);
        text("white space", "\r\n {\t" + head().replace(",", " ,\n ").replace(":1", " : 1 ") + " }\n", true);
        text("a byte order mark", "\ufeff{" + head() + "}", false);
        text("another space", "{\u00a0" + head() + "}", false);
        text("something behind it", "{" + head() + "}x", false);
        text("a comma at the end", "{" + head() + ",}", false);
        text("no comma", "{" + head().replace(",\"origin", " \"origin") + "}", false);
        text("a comment", "{" + head() + "/* */}", false);
        text("an array", "[" + head().replace(':', ',') + "]", false);
        text("half of it", "{" + head(), false);
        text("more than a megabyte", "{" + head() + " ".repeat(1 << 20) + "}", false);
        Bytes latin =
                Bytes.concat(Bytes.utf8("{" + head() + ",\"witnesses\":\"# "), Bytes.fromHex("ff"), Bytes.utf8("\"}"));
        all.add(new Case("not UTF-8", latin, false));
    }

    private void members() {
        member("a member twice", "\"format\":1", false);
        member("a member twice, spelled otherwise", "\"\\u0066ormat\":1", false);
        member("an unknown member", "\"witness\":\"\"", false);
        member("null", "\"identityIssuers\":null", false);
        member("one issuer", "\"identityIssuers\":[\"https://ci.example\"]", true);
        member("a slash that is escaped", "\"identityIssuers\":[\"https:\\/\\/ci.example\"]", false);
        member("a letter that is escaped", "\"identityIssuers\":[\"\\u0061\"]", false);
        member("half a surrogate", "\"identityIssuers\":[\"\\ud800\"]", false);
        String root = log.checkpoint(2).text().split("\n")[2];
        member("a head seen", "\"lastSeen\":{\"size\":2,\"root\":\"" + root + "\"}", true);
        for (String size : List.of("2.0", "2e0", "02", "+2", "-2", "-0", "0x2", "9007199254740992", "\"2\"")) {
            member(
                    "a head seen of size " + size,
                    "\"lastSeen\":{\"size\":" + size + ",\"root\":\"" + root + "\"}",
                    false);
        }
        member("a head seen with a short root", "\"lastSeen\":{\"size\":2,\"root\":\"AAAA\"}", false);
        member("an hour", "\"maxHeadAgeSeconds\":3600", true);
        member("an hour ago", "\"maxHeadAgeSeconds\":-3600", false);
        member("an hour in another form", "\"maxHeadAgeSeconds\":3.6e3", false);
        member("a number that is none", "\"maxHeadAgeSeconds\":1e999", false);
        String required = "\"require\":[{\"from\":0,\"use\":\"attest\",\"algorithms\":[\"ML_DSA_65\"]}]";
        member("a requirement", required, true);
        member("a requirement before the first entry", required.replace(":0", ":-1"), false);
        member("a requirement of keys that sign no entry", required.replace("attest", "export"), false);
        member("a requirement of an unknown use", required.replace("attest", "both"), false);
        member("a requirement of an unknown algorithm", required.replace("ML_DSA_65", "ML_DSA_87"), false);
        member("an index without witnesses", "\"witnessesFrom\":3", false);
        member("no witnesses", "\"witnesses\":\" \\n\"", true);
        member("no witnesses, by another space", "\"witnesses\":\"\u00a0\\n\"", false);
    }

    private static String witness(int number) {
        return "witness w" + number + " "
                + VerifierKey.ofCosigner(
                                Bases.witnessName(number), Bases.witness(number).key())
                        .text();
    }

    private void policies() {
        String one = witness(1);
        String two = witness(2);
        VerifierKey renamed =
                VerifierKey.ofCosigner("other.example", Bases.witness(1).key());
        policy("two of two", true, one, two, "group g 2 w1 w2", "quorum g");
        policy("comments, tabs and places", true, "# \u00e9", "\t" + one + "  https://w.example ", "", "quorum\tw1");
        policy("nobody", true, "quorum none");
        policy("groups of groups", true, one, two, "group a any w1", "group b any w2", "group c all a b", "quorum c");
        policy(
                "one key under two names",
                false,
                one,
                one.replace("witness w1", "witness w2"),
                "group g all w1 w2",
                "quorum g");
        policy("one key as two witnesses", false, one, "witness w2 " + renamed.text(), "group g all w1 w2", "quorum g");
        policy("one name for two keys", false, one, two.replace("witness w2", "witness w1"), "quorum w1");
        policy("a member of two groups", false, one, two, "group a all w1 w2", "group b any w1", "quorum a");
        policy("a member twice", false, one, "group a 2 w1 w1", "quorum a");
        for (String threshold : List.of("0", "3", "02", "0x2", "2.0", "2e0", "+2", "some")) {
            policy("a threshold of " + threshold, false, one, two, "group g " + threshold + " w1 w2", "quorum g");
        }
        policy("a group of nobody", false, one, "group g all", "quorum g");
        policy("a group of what comes later", false, one, "group g all w1 w2", two, "quorum g");
        policy("a group of itself", false, one, "group g all g", "quorum g");
        policy("nobody as a member", false, one, "group g all none", "quorum g");
        policy("a witness called none", false, one.replace("witness w1", "witness none"), "quorum none");
        policy("no quorum", false, one);
        policy("two quorums", false, one, "quorum w1", "quorum w1");
        policy("a quorum of somebody else", false, one, "quorum w2");
        policy("a quorum before its witness", false, "quorum w1", one);
        policy("another word", false, "monitor x", "quorum none");
        policy("a word in capitals", false, "Quorum none");
        policy("a carriage return", false, one, "quorum w1\r");
        policy("a control character in a comment", false, "#\u0001", "quorum none");
        policy("the last control character", false, "#\u007f", "quorum none");
        policy("another space between words", false, one, "quorum\u00a0w1");
        lines("no line end", false, one + "\nquorum w1");
    }

    private void keys() {
        String one = witness(1);
        String own = VerifierKey.ofLog(log.log().origin(), log.logKey().key()).text();
        policy("this log", true, "log " + own + " https://log.example", one, "quorum w1");
        policy("this log twice", false, "log " + own, "log " + own, "quorum none");
        policy("this log as a witness", false, "witness w1 " + own, "quorum w1");
        String other = Bytes.concat(Bytes.fromHex("02"), Bytes.fromHex(ECDSA)).base64();
        String id = Digest.of(Bytes.fromHex(ECDSA)).hex().substring(0, 8);
        policy("a log with an ECDSA key", true, "log log.example+" + id + "+" + other, "quorum none");
        policy("a log with an ECDSA key, of another id", false, "log log.example+00000000+" + other, "quorum none");
        policy("a witness with an ECDSA key", false, "witness w1 log.example+" + id + "+" + other, "quorum w1");
        String id1 = one.substring(one.indexOf('+') + 1, one.indexOf('+') + 9);
        policy("a key of another id", false, one.replace("+" + id1 + "+", "+00000000+"), "quorum w1");
        policy(
                "a key in capitals",
                false,
                one.replace("+" + id1 + "+", "+" + id1.toUpperCase(Locale.ROOT) + "+"),
                "quorum w1");
        policy("a key without a name", false, one.replaceFirst("w1 [^+]*", "w1 "), "quorum w1");
        policy("no key", false, "witness w1 x+y+z", "quorum w1");
        Bytes stranger = Bytes.concat(Bytes.fromHex("05"), Bytes.fromHex("ab".repeat(32)));
        String unknown =
                Digest.of(Bytes.concat(Bytes.utf8("x\n"), stranger)).hex().substring(0, 8);
        policy("a key of an unknown type", false, "log x+" + unknown + "+" + stranger.base64(), "quorum none");
    }
}
