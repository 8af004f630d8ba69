package dev.terraseal.store.s3;

import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ObjectHistory;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Version;
import dev.terraseal.store.VersionedStore;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * Listings by version and never by "what is there now": a delete marker on top of a locked object, which anyone who may
 * delete can put there, must not hide it.
 */
final class S3Versions {
    static final int PAGE = 1000;
    /** An object has one version; the exceptions have few. */
    private static final int FEW = 10;

    private final S3Client client;
    private final S3Location location;

    /** A version or delete marker and the key it belongs to. */
    private record Entry(String key, Version version) {}

    private record Page(
            List<Entry> entries,
            @Nullable String nextKey,
            @Nullable String nextVersion) {}

    S3Versions(S3Client client, S3Location location) {
        this.client = client;
        this.location = location;
    }

    /** The history of one name, oldest first. S3 lists a key's versions newest first, and keys in byte order. */
    List<Version> of(String name) throws StoreException {
        String key = location.key(name);
        List<Version> versions = new ArrayList<>();
        String nextKey = null;
        String nextVersion = null;
        int size = FEW;
        do {
            Page page = page(key, nextKey, nextVersion, size);
            size = PAGE;
            for (Entry entry : page.entries()) {
                if (!entry.key().equals(key)) {
                    Collections.reverse(versions);
                    return versions;
                }
                versions.add(entry.version());
            }
            nextKey = page.nextKey();
            nextVersion = page.nextVersion();
        } while (nextKey != null);
        Collections.reverse(versions);
        return versions;
    }

    /** Whether a name has a version. */
    boolean exists(String name) throws StoreException {
        return of(name).stream().anyMatch(version -> !version.deleteMarker());
    }

    /**
     * Names in byte order after {@code after}, at most {@code limit}, of which at least one version is there; without those
     * that no object of an archive can have.
     */
    List<String> names(String prefix, String after, int limit) throws StoreException {
        List<String> names = new ArrayList<>();
        String nextKey = after.isEmpty() ? null : location.key(after);
        String nextVersion = null;
        do {
            Page page = page(location.key(prefix), nextKey, nextVersion, PAGE);
            for (Entry entry : page.entries()) {
                String name = location.name(entry.key());
                boolean known = !names.isEmpty() && names.get(names.size() - 1).equals(name);
                if (known
                        || entry.version().deleteMarker()
                        || name.compareTo(after) <= 0
                        || !ArchiveNames.isName(name)) {
                    continue;
                }
                if (names.size() == limit) {
                    return names;
                }
                names.add(name);
            }
            nextKey = page.nextKey();
            nextVersion = page.nextVersion();
        } while (nextKey != null && names.size() < limit);
        return names;
    }

    /** Every name's history, from however many pages it came. */
    void histories(String prefix, VersionedStore.Visitor visitor) throws StoreException {
        List<Version> versions = new ArrayList<>();
        String key = "";
        String nextKey = null;
        String nextVersion = null;
        do {
            Page page = page(location.key(prefix), nextKey, nextVersion, PAGE);
            for (Entry entry : page.entries()) {
                if (!entry.key().equals(key)) {
                    show(key, versions, visitor);
                    key = entry.key();
                    versions.clear();
                }
                versions.add(entry.version());
            }
            nextKey = page.nextKey();
            nextVersion = page.nextVersion();
        } while (nextKey != null);
        show(key, versions, visitor);
    }

    private void show(String key, List<Version> newestFirst, VersionedStore.Visitor visitor) throws StoreException {
        if (!newestFirst.isEmpty()) {
            List<Version> versions = new ArrayList<>(newestFirst);
            Collections.reverse(versions);
            visitor.see(new ObjectHistory(location.name(key), versions));
        }
    }

    private Page page(String prefix, @Nullable String key, @Nullable String version, int size) throws StoreException {
        ListObjectVersionsRequest request = ListObjectVersionsRequest.builder()
                .bucket(location.bucket())
                .prefix(prefix)
                .keyMarker(key)
                .versionIdMarker(version)
                .maxKeys(size)
                // A key may hold what XML cannot: one such object, put there by anybody, would make every answer
                // unreadable.
                .encodingType(EncodingType.URL)
                .build();
        ListObjectVersionsResponse answer;
        try {
            answer = client.listObjectVersions(request);
        } catch (SdkException | UncheckedIOException failed) {
            throw S3Failures.of("list", "s3://" + location.bucket() + "/" + prefix, failed);
        }
        boolean more = Boolean.TRUE.equals(answer.isTruncated());
        return new Page(
                merged(answer), more ? answer.nextKeyMarker() : null, more ? answer.nextVersionIdMarker() : null);
    }

    /**
     * Versions and delete markers come in two lists, each in order. Among those of one key the store says which is the
     * latest; below it the store's clock decides, which counts in seconds, and within a second the marker is taken to be
     * the newer, so that nothing valid is overlooked.
     */
    private static List<Entry> merged(ListObjectVersionsResponse answer) {
        List<Entry> out = new ArrayList<>();
        int at = 0;
        List<DeleteMarkerEntry> markers = answer.deleteMarkers();
        for (ObjectVersion version : answer.versions()) {
            while (at < markers.size() && before(markers.get(at), version)) {
                out.add(entry(markers.get(at++)));
            }
            out.add(new Entry(
                    version.key(), new Version(version.versionId(), false, version.size(), version.lastModified())));
        }
        while (at < markers.size()) {
            out.add(entry(markers.get(at++)));
        }
        return out;
    }

    private static boolean before(DeleteMarkerEntry marker, ObjectVersion version) {
        int keys = marker.key().compareTo(version.key());
        if (keys == 0 && Boolean.TRUE.equals(version.isLatest())) {
            return false;
        }
        return keys < 0 || keys == 0 && !marker.lastModified().isBefore(version.lastModified());
    }

    private static Entry entry(DeleteMarkerEntry marker) {
        return new Entry(marker.key(), new Version(marker.versionId(), true, 0, marker.lastModified()));
    }
}
