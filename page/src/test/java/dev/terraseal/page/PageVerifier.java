package dev.terraseal.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.page.browser.Tab;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Expected;
import dev.terraseal.testkit.mutation.Mutation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Asks the page's own verify function about many bundles; what a bundle shares with its base travels once. */
final class PageVerifier {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Only what the page offers to its own form is called: {@code verifyGiven}. */
    private static final String BULK = """
            globalThis.bases = new Map();
            globalThis.unpack = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
            globalThis.answerOne = async ({ base, files, without, zip, asked }) => {
              const options = { genesis: asked.genesis, atLeast: asked.atLeast ?? null, coversUntil: asked.coversUntil ?? null };
              options.trust = asked.trust ? unpack(asked.trust) : null;
              options.fromCheckpoint = asked.fromCheckpoint ? unpack(asked.fromCheckpoint) : null;
              let content;
              if (zip) {
                content = { zip: new Blob([unpack(zip)]) };
              } else {
                const all = new Map(bases.get(base));
                without.forEach((name) => all.delete(name));
                Object.entries(files).forEach(([name, bytes]) => all.set(name, unpack(bytes)));
                content = { files: all };
              }
              const { code, findings, proven, notProven, intervals } = await verifyGiven(content, options);
              const world = findings.filter((finding) => !finding.failure).map(({ layer, name, message }) => layer + ' ' + name + ' ' + message);
              const first = findings.find((finding) => finding.failure);
              return { answer: code + (first ? ' ' + first.layer + ' ' + first.name : ''), message: first ? first.message : '', proven, notProven, intervals: intervals || [], world };
            };
            globalThis.answerAll = async (questions) => {
              const out = [];
              for (const question of questions) {
                out.push(await answerOne(question));
              }
              return out;
            };
            0
            """;

    private final Tab tab;
    private final Map<String, Map<String, Bytes>> bases = new HashMap<>();

    PageVerifier(Tab tab, List<Base> known) {
        this.tab = tab;
        tab.evaluate(BULK);
        for (Base base : known) {
            ObjectNode files = JSON.createObjectNode();
            base.bundle().files().forEach((name, content) -> files.put(name, content.base64()));
            tab.evaluate("bases.set(" + JSON.getNodeFactory().textNode(base.name()) + ", Object.entries(" + files
                    + ").map(([name, bytes]) => [name, unpack(bytes)])); 0");
            bases.put(base.name(), base.bundle().files());
        }
    }

    /**
     * What the page says to one bundle: {@code code layer finding}, the message of the first failure, what is proven and
     * what is not, the intervals, and findings that fail nothing.
     */
    record Answer(
            String text,
            String message,
            List<String> proven,
            String notProven,
            List<String> intervals,
            List<String> world) {}

    /** Whether an answer of either verifier is the one a bundle deserves. */
    static boolean isAsExpected(String answer, Expected expected) {
        if (expected.code() == 0) {
            return answer.equals("0");
        }
        String[] words = answer.split(" ", -1);
        return words.length == 3
                && words[0].equals(String.valueOf(expected.code()))
                && words[1].equals(expected.layer())
                && expected.findings().contains(words[2]);
    }

    List<Answer> to(List<Mutation> mutations) {
        ArrayNode questions = JSON.createArrayNode();
        mutations.forEach(mutation -> questions.add(question(mutation)));
        List<Answer> out = new ArrayList<>();
        for (JsonNode answer : tab.evaluate("answerAll(" + questions + ")")) {
            out.add(new Answer(
                    answer.get("answer").asText(),
                    answer.get("message").asText(),
                    texts(answer.get("proven")),
                    answer.get("notProven").toString(),
                    texts(answer.get("intervals")),
                    texts(answer.get("world"))));
        }
        return out;
    }

    private static List<String> texts(JsonNode list) {
        List<String> out = new ArrayList<>();
        list.forEach(text -> out.add(text.asText()));
        return out;
    }

    private ObjectNode question(Mutation mutation) {
        ObjectNode question = JSON.createObjectNode().put("base", mutation.base());
        question.set("asked", tree(mutation.asked().json().bytes().utf8()));
        if (mutation.content() instanceof Mutation.Zip zip) {
            return question.put("zip", zip.bytes().base64());
        }
        BundleBytes bundle = ((Mutation.Files) mutation.content()).bundle();
        Map<String, Bytes> base = bases.get(mutation.base());
        ObjectNode files = question.putObject("files");
        bundle.files().forEach((name, content) -> {
            if (!content.equals(base.get(name))) {
                files.put(name, content.base64());
            }
        });
        ArrayNode without = question.putArray("without");
        base.keySet().stream().filter(name -> !bundle.has(name)).forEach(without::add);
        return question;
    }

    private static JsonNode tree(String json) {
        try {
            return JSON.readTree(json);
        } catch (com.fasterxml.jackson.core.JsonProcessingException broken) {
            throw new IllegalStateException(broken);
        }
    }
}
