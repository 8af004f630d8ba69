package dev.terraseal.run.screen;

import java.io.PrintStream;

/**
 * Terraform's question before an apply, in its words. Only {@code yes} approves.
 *
 * @param engine {@code Terraform} or {@code OpenTofu}
 * @param workspace named in the question unless it is {@code default}
 */
public record Approval(String engine, Mode mode, String workspace, Style style) {
    /** What is asked for. */
    public enum Mode {
        APPLY,
        DESTROY,
        REFRESH
    }

    public void ask(PrintStream out) {
        out.print(style.reset() + style.bold() + "\n" + question() + style.reset() + "\n");
        for (String line : explanation()) {
            out.print("  " + line + "\n");
        }
        out.print("\n  " + style.bold() + "Enter a value:" + style.reset() + " " + style.reset());
        out.flush();
    }

    /** Trailing blanks do not count, leading ones do. */
    public static boolean approves(String answer) {
        return answer.stripTrailing().equals("yes");
    }

    public String cancelled() {
        return mode == Mode.DESTROY ? "Destroy cancelled." : "Apply cancelled.";
    }

    private String question() {
        boolean named = !workspace.equals("default");
        String in = named ? " in workspace \"" + workspace + "\"" : "";
        return switch (mode) {
            case DESTROY -> "Do you really want to destroy all resources" + in + "?";
            case REFRESH ->
                "Would you like to update the " + engine + " state" + (named ? " for \"" + workspace + "\"" : "")
                        + " to reflect these detected changes?";
            case APPLY -> "Do you want to perform these actions" + in + "?";
        };
    }

    private String[] explanation() {
        return switch (mode) {
            case DESTROY ->
                new String[] {
                    engine + " will destroy all your managed infrastructure, as shown above.",
                    "There is no undo. Only 'yes' will be accepted to confirm."
                };
            case REFRESH ->
                new String[] {
                    engine + " will write these changes to the state without modifying any real infrastructure.",
                    "There is no undo. Only 'yes' will be accepted to confirm."
                };
            case APPLY ->
                new String[] {
                    engine + " will perform the actions described above.", "Only 'yes' will be accepted to approve."
                };
        };
    }
}
