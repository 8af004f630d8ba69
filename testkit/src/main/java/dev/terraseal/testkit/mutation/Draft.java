package dev.terraseal.testkit.mutation;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.testkit.log.BundleBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The mutations of one bundle in the making. */
final class Draft {
    private final Base base;
    private final Random random;
    private final long seed;
    private final int weight;
    private final List<Mutation> mutations = new ArrayList<>();

    /** @param weight how many random places of each file are tried */
    Draft(Base base, long seed, int weight) {
        this.base = base;
        this.seed = seed;
        this.random = new Random(seed ^ base.name().hashCode());
        this.weight = weight;
    }

    Base base() {
        return base;
    }

    BundleBytes bundle() {
        return base.bundle();
    }

    long seed() {
        return seed;
    }

    Random random() {
        return random;
    }

    int weight() {
        return weight;
    }

    List<Mutation> mutations() {
        return mutations;
    }

    /** A change nobody sealed. A change that changes nothing is left out. */
    void asIs(String name, BundleBytes broken, Expected expected) {
        if (!broken.files().equals(bundle().files())) {
            add(name, false, new Mutation.Files(broken), base.asked(), expected);
        }
    }

    /** A change sealed anew with the real export key. */
    void resealed(String name, BundleBytes broken, Expected expected) {
        resealed(name, broken, base.asked(), expected);
    }

    void resealed(String name, BundleBytes broken, Asked asked, Expected expected) {
        BundleBytes sealed = broken.sealedBy(base.fixture().exportKey());
        add(name, true, new Mutation.Files(sealed), asked, expected);
    }

    /** A change of SHA256SUMS itself, signed with the real export key. */
    void signedSums(String name, Bytes sums, Expected expected) {
        BundleBytes broken = bundle().with("SHA256SUMS", sums)
                .with("SHA256SUMS.sig", base.fixture().exportKey().signOrFail(sums));
        add(name, true, new Mutation.Files(broken), base.asked(), expected);
    }

    void zip(String name, Bytes zip, Expected expected) {
        add(name, false, new Mutation.Zip(zip), base.asked(), expected);
    }

    void add(String name, boolean resealed, Mutation.Content content, Asked asked, Expected expected) {
        mutations.add(new Mutation(name, base.name(), resealed, content, asked, expected));
    }

    /** {@code count} places in {@code content}, its first and last bytes among them. */
    List<Integer> places(Bytes content, int count) {
        List<Integer> places = new ArrayList<>();
        for (int i = 0; i < count && content.length() > 0; i++) {
            places.add(i == 0 ? 0 : i == 1 ? content.length() - 1 : random.nextInt(content.length()));
        }
        return places.stream().distinct().toList();
    }

    Bytes flipped(Bytes content, int at) {
        return flipped(content, at, random.nextInt(8));
    }

    static Bytes flipped(Bytes content, int at, int bit) {
        byte[] bytes = content.toByteArray();
        bytes[at] ^= (byte) (1 << bit);
        return Bytes.wrap(bytes);
    }
}
