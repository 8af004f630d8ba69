package dev.terraseal.bench.archive;

import dev.terraseal.store.ArchiveStore;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.directory.DirectoryStore;
import dev.terraseal.store.s3.S3Location;
import dev.terraseal.store.s3.S3Store;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;

/** Makes empty archives, one after the other, in one store. */
final class BenchArchive {
    private final Path directory;
    private final @Nullable S3Location s3;
    private final String run;
    private final Requests requests = new Requests();
    private int made;

    /**
     * @param directory where they lie unless {@code s3} is given
     * @param s3 a bucket and a prefix, under which this run takes names of its own
     * @param run what tells this run from others: what it locks stays there
     */
    BenchArchive(Path directory, @Nullable S3Location s3, String run) {
        this.directory = directory;
        this.s3 = s3;
        this.run = run;
    }

    Requests requests() {
        return requests;
    }

    String unit() {
        return s3 == null ? "files" : "PUT";
    }

    ObservedStore next() throws StoreException {
        String name = run + "-" + ++made;
        if (s3 == null) {
            return new ObservedStore(DirectoryStore.open(directory.resolve(name)), requests);
        }
        S3Location place =
                new S3Location(s3.bucket(), s3.prefix() + name + "/", s3.endpoint(), s3.region(), s3.pathStyle());
        ArchiveStore store =
                S3Store.open(place, DefaultCredentialsProvider.builder().build(), requests);
        return new ObservedStore(store, ignored -> {});
    }
}
