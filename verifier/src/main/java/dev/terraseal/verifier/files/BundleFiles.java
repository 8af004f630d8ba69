package dev.terraseal.verifier.files;

import dev.terraseal.core.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Named files, wherever they lie. Names use {@code /} and the alphabet {@code [A-Za-z0-9._/-]}. */
public interface BundleFiles extends Closeable {
    /** Every file with a name of that form, ascending by bytes. */
    List<String> names();

    /** What else lies there: links, devices, names of another form. Shown as found; never opened. */
    List<String> oddities();

    boolean has(String name);

    /** Bytes of a file that {@link #has} a name. */
    long size(String name) throws IOException;

    /** The stream of one file. Reading to its end checks whatever the container promises about it. */
    InputStream open(String name) throws IOException;

    /** A whole file of at most {@code limit} bytes; a larger or absent one is malformed. */
    default Bytes read(String name, int limit) throws IOException {
        if (!has(name)) {
            throw new MalformedException(name, "is missing");
        }
        if (size(name) > limit) {
            throw new MalformedException(
                    name, "has " + size(name) + " bytes; no file of this kind has more than " + limit);
        }
        try (InputStream in = open(name)) {
            // Whoever writes to a directory meanwhile makes a file no longer than this either.
            byte[] bytes = in.readNBytes((int) Math.min(limit + 1L, Integer.MAX_VALUE));
            if (bytes.length > limit) {
                throw new MalformedException(name, "grew beyond " + limit + " bytes while it was read");
            }
            return Bytes.wrap(bytes);
        }
    }

    @Override
    void close() throws IOException;
}
