package dev.terraseal.testkit.s3;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * One answer of ListObjectVersions (AWS: API Reference, ListObjectVersions): keys in byte order, versions of a key newest
 * first. A key marker without version marker begins after all versions of that key.
 */
record VersionPage(List<Entry> entries, boolean truncated) {
    /** A version or marker; {@code latest} if it is what the key holds now. */
    record Entry(String key, ObjectVersion version, boolean latest) {}

    static VersionPage of(
            SortedMap<String, List<ObjectVersion>> keys,
            String prefix,
            String keyMarker,
            String versionMarker,
            int limit) {
        List<Entry> entries = new ArrayList<>();
        for (Map.Entry<String, List<ObjectVersion>> key : keys.entrySet()) {
            if (!key.getKey().startsWith(prefix)) {
                if (key.getKey().compareTo(prefix) > 0) {
                    break;
                }
                continue;
            }
            boolean marked = key.getKey().equals(keyMarker);
            boolean skipping = marked && !keyMarker.isEmpty();
            List<ObjectVersion> versions = key.getValue();
            for (int i = versions.size() - 1; i >= 0; i--) {
                ObjectVersion version = versions.get(i);
                if (skipping) {
                    skipping = versionMarker.isEmpty() || !version.id().equals(versionMarker);
                    continue;
                }
                if (entries.size() == limit) {
                    return new VersionPage(entries, true);
                }
                entries.add(new Entry(key.getKey(), version, i == versions.size() - 1));
            }
        }
        return new VersionPage(entries, false);
    }

    String xml(String bucket, String prefix, boolean urlEncoded) {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\" encoding=\"UTF-8\"?>")
                .append("<ListVersionsResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        element(xml, "Name", bucket);
        element(xml, "Prefix", key(prefix, urlEncoded));
        element(xml, "IsTruncated", Boolean.toString(truncated));
        if (urlEncoded) {
            element(xml, "EncodingType", "url");
        }
        if (truncated) {
            Entry last = entries.get(entries.size() - 1);
            element(xml, "NextKeyMarker", key(last.key(), urlEncoded));
            element(xml, "NextVersionIdMarker", last.version().id());
        }
        for (Entry entry : entries) {
            String kind = entry.version().isMarker() ? "DeleteMarker" : "Version";
            xml.append('<').append(kind).append('>');
            element(xml, "Key", key(entry.key(), urlEncoded));
            element(xml, "VersionId", entry.version().id());
            element(xml, "IsLatest", Boolean.toString(entry.latest()));
            element(xml, "LastModified", entry.version().modified().toString());
            if (!entry.version().isMarker()) {
                element(xml, "ETag", Bucket.etag(entry.version()).replace("\"", "&quot;"));
                element(
                        xml,
                        "Size",
                        Integer.toString(entry.version().requireContent().length()));
                element(xml, "StorageClass", "STANDARD");
            }
            xml.append("</").append(kind).append('>');
        }
        return xml.append("</ListVersionsResult>").toString();
    }

    /** AWS: API Reference, ListObjectVersions, encoding-type: without it a key goes as it is, also where XML 1.0 forbids that. */
    private static String key(String key, boolean urlEncoded) {
        if (urlEncoded) {
            return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
        }
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < key.length(); i++) {
            char c = key.charAt(i);
            if (c < ' ' || c == '&' || c == '<' || c == '>') {
                out.append("&#x").append(Integer.toHexString(c)).append(';');
            } else {
                out.append(c);
            }
        }
        return out.toString();
    }

    private static void element(StringBuilder xml, String name, String text) {
        xml.append('<')
                .append(name)
                .append('>')
                .append(text)
                .append("</")
                .append(name)
                .append('>');
    }
}
