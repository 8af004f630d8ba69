package dev.terraseal.archiver;

/**
 * Another valid segment is where one was to be written: by an archiver that was slower or faster, or by this one before a
 * crash, cut elsewhere or signed again. It counts; the archive is to be read anew before anything else is written.
 */
final class OtherSegmentException extends Exception {
    private static final long serialVersionUID = 1L;

    OtherSegmentException(String name) {
        super(name + " is in the archive already, with other entries or signatures");
    }
}
