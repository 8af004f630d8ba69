package dev.terraseal.verifier;

/**
 * What to say where the verifier itself broke down. An error that nobody caught would end the JVM with 1, which is a
 * policy's no; a program that cannot tell says 3.
 */
public final class Broken {
    private Broken() {}

    /** One sentence for the last line. */
    public static String told(Throwable broken) {
        if (cause(broken) instanceof OutOfMemoryError) {
            return "this Java has too little memory for it ("
                    + Runtime.getRuntime().maxMemory() / (1 << 20)
                    + " MiB); nothing is known of the file: try again with more, as java -Xmx2g";
        }
        StackTraceElement[] trace = broken.getStackTrace();
        return "an error in the verifier itself: " + broken + (trace.length == 0 ? "" : " at " + trace[0])
                + "; please report it with the file, if you can";
    }

    /** The last cause, which a worker's thread wraps. */
    private static Throwable cause(Throwable broken) {
        Throwable at = broken;
        for (int depth = 0; depth < 8 && at.getCause() != null; depth++) {
            at = at.getCause();
        }
        return at;
    }
}
