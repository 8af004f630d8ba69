package dev.terraseal.export;

import static org.assertj.core.api.Assertions.assertThat;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.StreamId;
import dev.terraseal.core.checkpoint.NoteException;
import dev.terraseal.core.checkpoint.SignatureLine;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.testkit.log.BundleBytes;
import dev.terraseal.testkit.log.FixtureArchive;
import dev.terraseal.testkit.log.FixtureExport;
import dev.terraseal.testkit.log.LogFixture;
import dev.terraseal.testkit.mutation.Base;
import dev.terraseal.testkit.mutation.Catalogue;
import dev.terraseal.verifier.verdict.Finding;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The bundles that the catalogue breaks are made by a second writer. Each is byte for byte what the exporter writes of the
 * same log, or what is refused there would say nothing about real exports.
 */
class CatalogueBasesTest {
    private static final long SEED = 20261122;
    private static final String PROD = "acme/infra/prod";

    /** Written for people, who find other words in each writer's; the seal over them follows. */
    private static final Set<String> OWN_WORDS = Set.of("README.txt", "SHA256SUMS", "SHA256SUMS.sig");
    /** In every real bundle. The second writer has the two derived ones in the base that is named after them alone. */
    private static final Set<String> EXPORTER_ONLY = Set.of("population.csv", "report.html", "verify.html");

    /**
     * Only the exporter has the keys that came by key events once more beside log.json's: they are broken here. Only it
     * connects the checkpoints that entries quote where nobody asked: where nothing else in the bundle gives the older root,
     * what is wrong there is a finding about the producer, and refuses nothing.
     */
    private static final Pattern EXPORTER_ADDS = Pattern.compile("keys/[0-9a-f]{64}\\.pem|proofs/consistency/4");

    /** What the exporter is asked for, for each base. */
    private static final Map<String, Asked> ASKED = Map.ofEntries(
            Map.entry("whole", new Asked(new Selection.All(), 4L, 12L)),
            Map.entry("range", new Asked(new Selection.Range(4, 13), 4L)),
            Map.entry("derived files", new Asked(new Selection.Range(8, 13))),
            Map.entry("filter", new Asked(new Selection.Sample(new Selection.All(), 5, "4711"), 4L)),
            Map.entry("stream", new Asked(stream(PROD), 2L)),
            Map.entry("stream in a batch", new Asked(stream("acme/infra/dev"))),
            Map.entry("absent stream", new Asked(stream("acme/infra/nothing"))),
            Map.entry("absent stream after all", new Asked(stream("zeta"))),
            Map.entry("absent stream before all", new Asked(stream("Alpha"))),
            Map.entry("small", new Asked(new Selection.All())),
            Map.entry("cosigned", new Asked(new Selection.All())),
            Map.entry("signed twice", new Asked(new Selection.All())),
            Map.entry("stamped", new Asked(new Selection.All())),
            Map.entry("stamped stream", new Asked(stream(PROD))),
            Map.entry("rotated", new Asked(new Selection.All())),
            Map.entry("rotated stream", new Asked(stream(PROD))));

    private record Asked(Selection selection, List<Long> from) {
        Asked(Selection selection, Long... from) {
            this(selection, List.of(from));
        }
    }

    @TempDir
    private Path temp;

    private static Selection stream(String name) {
        return new Selection.Stream(new StreamId(name));
    }

    @Test
    void theExporterWritesWhatIsBroken() throws Exception {
        List<Base> bases = Catalogue.of(SEED, 1).bases();
        assertThat(bases).extracting(Base::name).containsExactlyInAnyOrderElementsOf(ASKED.keySet());
        List<String> differing = new ArrayList<>();
        for (Base base : bases) {
            BundleBytes real = exported(base);
            BundleBytes second = base.name().equals("filter") ? sampled(base, real) : base.bundle();
            differences(second, real).forEach(what -> differing.add(base.name() + ": " + what));
            refusesOtherKeys(base, second, real);
        }
        assertThat(differing).isEmpty();
    }

    private BundleBytes exported(Base base) throws Exception {
        Path place = Files.createDirectories(temp.resolve(base.name()));
        Path archive = place.resolve("archive");
        FixtureArchive.write(base.fixture(), archive, 1);
        for (String name : base.bundle().names("timestamps/")) {
            if (name.endsWith(".tsr")) {
                put(archive.resolve(name), base.bundle().get(name));
            }
        }
        cosign(base, archive);
        Asked asked = ASKED.get(base.name());
        new Auditor(base.fixture(), place)
                .receives(new ExportRequest(
                        place.resolve("bundle"), asked.selection(), List.of(), asked.from(), false, List.of()));
        return BundleBytes.read(place.resolve("bundle"));
    }

    /** The lines that the head has beside the log's own, as others' come into an archive. */
    private static void cosign(Base base, Path archive) throws IOException, NoteException {
        List<SignatureLine> lines =
                SignedNote.parse(base.bundle().get("checkpoint")).lines();
        for (int i = 1; i < lines.size(); i++) {
            SignatureLine line = lines.get(i);
            String name = (1795309380L + i) + "-" + line.keyId().hex();
            put(archive.resolve("cosignatures/" + base.fixture().size() + "/" + name), Bytes.utf8(line.text() + "\n"));
        }
    }

    private static void put(Path file, Bytes content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, content.toByteArray());
    }

    /** Nobody can ask the exporter for entries by hand, as that base has them: what it drew is written a second time. */
    private static BundleBytes sampled(Base base, BundleBytes real) {
        LogFixture log = base.fixture();
        List<Integer> drawn = real.names("artifacts/").stream()
                .map(name -> Integer.valueOf(name.replaceAll("\\D", "")))
                .toList();
        assertThat(drawn).hasSizeBetween(2, log.size() - 1);
        BundleBytes second = FixtureExport.of(log).from(4).filter(drawn);
        String text = real.text("manifest.json").replaceAll(".*\"text\":\"([^\"]*)\".*", "$1");
        return second.with("manifest.json", second.text("manifest.json").replace("by hand", text));
    }

    private void refusesOtherKeys(Base base, BundleBytes second, BundleBytes real) throws IOException {
        Auditor auditor = new Auditor(base.fixture(), temp.resolve(base.name()));
        auditor.trusts(temp.resolve(base.name()).resolve("bundle"));
        for (String name : real.names()) {
            if (!second.has(name) && name.startsWith("keys/")) {
                byte[] content = real.get(name).toByteArray();
                content[content.length / 2] ^= 1;
                Path broken = temp.resolve(base.name()).resolve("without " + name.replace('/', ' '));
                real.with(name, Bytes.wrap(content)).write(broken);
                Finding found = auditor.refusesResealed(broken);
                assertThat(found.layer()).as("%s: %s", base.name(), found).isEqualTo(Layer.DERIVED);
            }
        }
    }

    private static List<String> differences(BundleBytes second, BundleBytes real) {
        Set<String> names = new TreeSet<>(real.names());
        names.addAll(second.names());
        List<String> out = new ArrayList<>();
        for (String name : names) {
            if (!real.has(name)) {
                out.add(name + " is in no real export");
            } else if (!second.has(name)) {
                if (!EXPORTER_ONLY.contains(name)
                        && !EXPORTER_ADDS.matcher(name).matches()) {
                    out.add(name + " is missing in what is broken");
                }
            } else if (name.equals("report.html")) {
                if (!data(real.text(name)).equals(data(second.text(name)))) {
                    out.add("the data of " + name);
                }
            } else if (!OWN_WORDS.contains(name) && !real.get(name).equals(second.get(name))) {
                out.add(name + ": " + real.text(name) + " and not " + second.text(name));
            }
        }
        return out;
    }

    /** The page around it is each writer's own. */
    private static String data(String report) {
        int from = report.indexOf("id=\"data\">");
        return report.substring(from, report.indexOf("</script>", from));
    }
}
