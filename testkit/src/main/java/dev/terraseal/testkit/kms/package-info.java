/**
 * A stand-in for AWS KMS that refuses what KMS refuses. Each rule names the AWS page it comes from; no real account was
 * asked, so quotas, latencies and IAM here are settings and not measurements.
 */
@NullMarked
package dev.terraseal.testkit.kms;

import org.jspecify.annotations.NullMarked;
