package dev.terraseal.settings;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The JDK's file exceptions hold a path and, some of them, a reason; what went wrong is their name. */
public final class FileFailure {
    private FileFailure() {}

    /** What went wrong, for a person. */
    public static String why(IOException failure) {
        String message = String.valueOf(failure.getMessage());
        if (failure instanceof NoSuchFileException) {
            return message + " is not there";
        }
        if (failure instanceof AccessDeniedException) {
            return message + ": permission denied";
        }
        if (failure instanceof CharacterCodingException) {
            return "it is no UTF-8";
        }
        return failure instanceof FileSystemException ? failure.getClass().getSimpleName() + ": " + message : message;
    }
}
