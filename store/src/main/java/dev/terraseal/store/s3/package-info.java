/** An archive in an S3 bucket with Object Lock, where nobody can delete or change what is kept before its time. */
@NullMarked
package dev.terraseal.store.s3;

import org.jspecify.annotations.NullMarked;
