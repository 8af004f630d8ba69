/** The embedded stack: broker, registry, ingest, sequencer, signer and archiver in one process and one directory. */
@NullMarked
package dev.terraseal.cli.up;

import org.jspecify.annotations.NullMarked;
