package dev.terraseal.testkit.s3;

/** Where a service was seen to differ from Amazon S3. Writers must be right on both. */
public enum Quirk {
    /** Ceph RGW 16.2: {@code If-None-Match} is ignored in a versioned bucket, a second put makes a second version. */
    IGNORES_IF_NONE_MATCH,
    /** Ceph RGW 16.2: {@code If-Match} in a versioned bucket is compared with the version to come, and never holds. */
    REFUSES_IF_MATCH,
    /** Ceph RGW 16.2: GOVERNANCE becomes COMPLIANCE only for who may bypass it, and with the header that says so. */
    REFUSES_ANOTHER_MODE,
    /** Ceph RGW 16.2: a wrong {@code x-amz-checksum-sha256} is accepted and the checksum is not kept. */
    IGNORES_CHECKSUM,
    /**
     * Adobe S3Mock 5.2.0 deletes what is locked, moto 5.2.4 shortens, downgrades and removes retention: what an archive
     * would go through if a provider's Object Lock were no more than a header.
     */
    IGNORES_LOCK
}
