package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The published vectors: some of the catalogue, at most a few of each layer and kind, as JSON files named after the
 * tampering. {@code build/vectors.sh} writes them.
 */
public final class VectorPack {
    private static final long SEED = 20261122L;
    private static final int OF_A_LAYER = 4;

    private VectorPack() {}

    /** Writes the files into the directory given. */
    public static void main(String[] arguments) throws IOException {
        Path directory = Files.createDirectories(Path.of(arguments[0]));
        for (Map.Entry<String, Bytes> vector : files().entrySet()) {
            Files.write(directory.resolve(vector.getKey()), vector.getValue().toByteArray());
        }
    }

    /** Every vector by its file name. */
    public static TreeMap<String, Bytes> files() {
        TreeMap<String, Bytes> files = new TreeMap<>();
        Catalogue catalogue = Catalogue.of(SEED, 1).only("small", "stream", "absent stream", "cosigned");
        for (Base base : catalogue.bases()) {
            Mutation whole = new Mutation(
                    "whole", base.name(), true, new Mutation.Files(base.bundle()), base.asked(), Expected.unproven(""));
            files.put(name(whole), vector(whole));
        }
        Map<String, Integer> taken = new HashMap<>();
        Map<String, Integer> seen = new HashMap<>();
        List<Mutation> all = new ArrayList<>();
        catalogue.stream().forEach(all::add);
        Map<String, Integer> ofLayer = new HashMap<>();
        all.forEach(mutation -> ofLayer.merge(layer(mutation), 1, Integer::sum));
        for (Mutation mutation : all) {
            String layer = layer(mutation);
            int nth = seen.merge(layer, 1, Integer::sum);
            int of = ofLayer.getOrDefault(layer, 1);
            // Spread over the layer's mutations, so that kinds differ.
            boolean drawn = nth % Math.max(1, of / OF_A_LAYER) == 1 % Math.max(1, of / OF_A_LAYER);
            if (drawn && taken.merge(layer, 1, Integer::sum) <= OF_A_LAYER) {
                files.put(name(mutation), vector(mutation));
            }
        }
        addRotations(files);
        addSecondSignatures(files);
        addStamps(files);
        addHidden(files);
        addKinds(files);
        all.stream()
                .filter(SignatureForms::isPublished)
                .forEach(mutation -> files.put(name(mutation), vector(mutation)));
        all.stream().filter(WitnessEdits::isPublished).forEach(mutation -> files.put(name(mutation), vector(mutation)));
        return files;
    }

    private static String layer(Mutation mutation) {
        return mutation.expected().layer() + mutation.expected().code();
    }

    /** All that is about keys out of their time: two verifiers that disagree here disagree about who may sign. */
    private static void addRotations(TreeMap<String, Bytes> files) {
        Catalogue rotations = Catalogue.of(SEED, 1).only("rotated");
        for (Base base : rotations.bases()) {
            Mutation whole = new Mutation(
                    "whole", base.name(), true, new Mutation.Files(base.bundle()), base.asked(), Expected.unproven(""));
            files.put(name(whole), vector(whole));
        }
        for (Mutation mutation : rotations) {
            boolean one = mutation.name().matches("key events \\[[0-9]+] left out");
            if (one || mutation.name().startsWith(WrongLogs.NAME)) {
                files.put(name(mutation), vector(mutation));
            }
        }
    }

    /** Of one entry: the second signature left out, asked for and not, and in forms that only a lenient reader takes. */
    private static void addSecondSignatures(TreeMap<String, Bytes> files) {
        Catalogue twice = Catalogue.of(SEED, 1).only("signed twice");
        for (Base base : twice.bases()) {
            Mutation whole = new Mutation(
                    "whole", base.name(), true, new Mutation.Files(base.bundle()), base.asked(), Expected.unproven(""));
            files.put(name(whole), vector(whole));
        }
        for (Mutation mutation : twice) {
            if (mutation.name()
                    .matches(
                            "(signature 1 of entry (2,|6 in key-events, asked)"
                                    + "|a second signature (with a hint|whose hints|with too long).* entry 2$"
                                    + "|no second line on the head, (not )?asked for$|a second line on the head of another time).*")) {
                files.put(name(mutation), vector(mutation));
            }
        }
    }

    /** What only shows to a verifier that asks up to where it knows, and one that counts more than it keeps. */
    private static void addHidden(TreeMap<String, Bytes> files) {
        LeftOut.behindAnOlderHeads(SEED).forEach(mutation -> files.put(name(mutation), vector(mutation)));
        for (Mutation mutation : Buried.all(SEED)) {
            if (mutation.name().endsWith("the checkpoint of another history")) {
                files.put(name(mutation), vector(mutation));
            }
        }
    }

    /** One whole bundle with tokens and one with renewed ones, and what most likely is not looked at. */
    private static void addStamps(TreeMap<String, Bytes> files) {
        Catalogue stamped = Catalogue.of(SEED, 1).only(TokenEdits.BASE);
        RenewedStamps renewed = RenewedStamps.of(SEED);
        List<Mutation> all = new ArrayList<>();
        for (Base base : List.of(stamped.bases().get(0), renewed.base())) {
            all.add(new Mutation(
                    "whole",
                    base.name(),
                    true,
                    new Mutation.Files(base.bundle()),
                    base.asked(),
                    Expected.unproven("")));
        }
        for (Mutation mutation : stamped) {
            if (mutation.name().matches("(flaw (EXPIRED|NO_USAGE|OTHER_KEY) in timestamps/4/|no time stamps$).*")) {
                all.add(mutation);
            }
        }
        for (Mutation mutation : renewed.mutations()) {
            if (mutation.name().equals("a renewal too late")) {
                all.add(mutation);
            }
        }
        all.forEach(mutation -> files.put(name(mutation), vector(mutation)));
    }

    /** Every kind of export, derived files, samples, and what two readers of the format most likely take in two ways. */
    private static void addKinds(TreeMap<String, Bytes> files) {
        List<Mutation> all = new ArrayList<>(TwoReadings.of(SEED).published());
        for (Mutation mutation : Catalogue.of(SEED, 1).only("derived files")) {
            if (PopulationEdits.isPublished(mutation)) {
                all.add(mutation);
            }
        }
        all.forEach(mutation -> files.put(name(mutation), vector(mutation)));
    }

    private static String name(Mutation mutation) {
        String layer = mutation.expected().layer().isEmpty()
                ? "holds"
                : mutation.expected().layer();
        String text = layer + "-" + mutation.base() + "-" + mutation.name();
        String plain =
                text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("-$", "");
        return plain.substring(0, Math.min(110, plain.length())) + ".json";
    }

    private static Bytes vector(Mutation mutation) {
        Json.Builder expected = Json.obj().put("code", mutation.expected().code());
        if (mutation.expected().code() == 0) {
            expected.put("notProven", mutation.expected().notProven());
        } else {
            expected.put("layer", mutation.expected().layer())
                    .put(
                            "findings",
                            Json.texts(mutation.expected().findings().stream()
                                    .sorted()
                                    .toList()));
        }
        return Json.obj()
                .put("bundle", mutation.content().zip().base64())
                .put("expected", expected.build())
                .put("name", mutation.toString())
                .put("options", mutation.asked().json())
                .build()
                .bytes();
    }
}
