/**
 * Amazon S3 with Object Lock as its documentation describes it, on loopback, stricter than kind: what it does not know it
 * answers with 501. Each rule names the page of the Amazon S3 documentation it is from; what Ceph RGW 16.2 was seen to do
 * differently can be switched on.
 */
@NullMarked
package dev.terraseal.testkit.s3;

import org.jspecify.annotations.NullMarked;
