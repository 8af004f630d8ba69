package dev.terraseal.store.s3;

/** What readers over HTTP are told an object is; C2SP tlog-tiles names the types of the read path. */
final class ContentTypes {
    private ContentTypes() {}

    static String of(String name) {
        if (name.startsWith("checkpoint") || name.startsWith("cosignatures/") || name.endsWith(".pem")) {
            return "text/plain; charset=utf-8";
        }
        if (name.endsWith(".json")) {
            return "application/json";
        }
        if (name.endsWith(".jsonl")) {
            return "application/jsonl";
        }
        return "application/octet-stream";
    }
}
