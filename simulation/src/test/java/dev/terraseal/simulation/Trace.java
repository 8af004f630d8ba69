package dev.terraseal.simulation;

import java.util.zip.CRC32C;

/** What happened in a run, as one number: every step, time, failure, record and object. Equal for equal runs. */
public final class Trace {
    private final CRC32C crc = new CRC32C();
    private long value;

    public void add(long what) {
        value = value * 31 + what;
    }

    /** Null is not the same as no bytes. */
    public void add(byte[] bytes) {
        if (bytes == null) {
            add(-1);
            return;
        }
        crc.reset();
        crc.update(bytes);
        add(bytes.length);
        add(crc.getValue());
    }

    public void add(String text) {
        add(text.hashCode());
    }

    long value() {
        return value;
    }
}
