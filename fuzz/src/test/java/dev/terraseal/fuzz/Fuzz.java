package dev.terraseal.fuzz;

/** Where Jazzer comes in ({@code build/fuzz.sh}); {@code -Dterraseal.fuzz=TARGET} says which reader it feeds. */
public final class Fuzz {
    private static final Target TARGET = Target.valueOf(System.getProperty("terraseal.fuzz", "JSON"));

    private Fuzz() {}

    /** The name and the form Jazzer looks for. */
    public static void fuzzerTestOneInput(byte[] input) {
        boolean unused = TARGET.takes(input);
    }
}
