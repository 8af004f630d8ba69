package dev.terraseal.store.s3;

import java.net.URI;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where an archive lies in S3 and how the service is reached.
 *
 * @param prefix what precedes every name: empty, or ending in {@code /}
 * @param endpoint another service than AWS's own, null for AWS
 * @param region null for the SDK's own chain (environment, profile, instance)
 * @param pathStyle the bucket in the path and not in the host name, as many other services want it
 */
public record S3Location(
        String bucket,
        String prefix,
        @Nullable URI endpoint,
        @Nullable String region,
        boolean pathStyle) {
    private static final Pattern ADDRESS =
            Pattern.compile("s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9._/-]*))?");
    private static final int PREFIX_MAX = 100;

    public S3Location {
        if (!prefix.isEmpty() && (!prefix.endsWith("/") || prefix.startsWith("/") || prefix.contains("//"))) {
            throw new IllegalArgumentException("'" + prefix + "' is no prefix of names in a bucket");
        }
        if (prefix.length() > PREFIX_MAX) {
            throw new IllegalArgumentException("the prefix in the bucket has more than " + PREFIX_MAX + " characters");
        }
    }

    /** Reads {@code s3://bucket/prefix}; anything else is an {@link IllegalArgumentException} with an example. */
    public static S3Location parse(String address, @Nullable URI endpoint, @Nullable String region, boolean pathStyle) {
        Matcher matcher = ADDRESS.matcher(address);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + address + "' is not of the form s3://bucket/prefix (example: s3://acme-evidence/prod)");
        }
        String path = matcher.group(2) == null ? "" : matcher.group(2);
        String prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        return new S3Location(matcher.group(1), prefix, endpoint, region, pathStyle);
    }

    String key(String name) {
        return prefix + name;
    }

    String name(String key) {
        return key.substring(prefix.length());
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
