/** An archive in a directory: durable and never overwritten by us, yet not immutable against whoever owns the disk. */
@NullMarked
package dev.terraseal.store.directory;

import org.jspecify.annotations.NullMarked;
