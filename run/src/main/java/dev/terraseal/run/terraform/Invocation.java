package dev.terraseal.run.terraform;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A terraform command as somebody wrote it after {@code terraseal run --}.
 *
 * @param binary the program as written, found on PATH where it is a bare name
 * @param globals options before the subcommand, {@code -chdir=…} among them
 * @param subcommand empty where none was written
 * @param arguments of the subcommand, those of TF_CLI_ARGS and TF_CLI_ARGS_apply first as terraform puts them
 * @param words everything as written, for commands that are only passed through
 */
public record Invocation(
        String binary, List<String> globals, String subcommand, Arguments arguments, List<String> words) {
    private static final Set<String> HELP = Set.of("h", "help", "version", "v");
    private static final Set<String> CHANGES_STATE = Set.of(
            "import",
            "test",
            "taint",
            "untaint",
            "force-unlock",
            "refresh",
            "state mv",
            "state rm",
            "state push",
            "state replace-provider",
            "workspace delete",
            "env delete");
    private static final Set<String> MOVES_STATE = Set.of("migrate-state", "force-copy");

    public Invocation {
        globals = List.copyOf(globals);
        words = List.copyOf(words);
    }

    /** @throws IllegalArgumentException naming what is wrong with the command */
    public static Invocation parse(List<String> words, Map<String, String> environment) {
        if (words.isEmpty()) {
            throw new IllegalArgumentException(
                    "no command given: write `terraseal run -- terraform apply`, with terraform's own arguments after it");
        }
        String binary = words.get(0);
        requireEngine(binary);
        int at = 1;
        // Terraform looks past empty words for its subcommand.
        while (at < words.size() && (words.get(at).isEmpty() || words.get(at).startsWith("-"))) {
            at++;
        }
        List<String> globals = words.subList(1, at);
        String subcommand = at < words.size() ? words.get(at) : "";
        List<String> rest = new ArrayList<>();
        if (subcommand.equals("apply") || subcommand.equals("destroy")) {
            rest.addAll(ShellWords.split(environment.getOrDefault("TF_CLI_ARGS_" + subcommand, "")));
            rest.addAll(ShellWords.split(environment.getOrDefault("TF_CLI_ARGS", "")));
        }
        if (at < words.size()) {
            rest.addAll(words.subList(at + 1, words.size()));
        }
        return new Invocation(binary, globals, subcommand, Arguments.parse(rest), words);
    }

    private static void requireEngine(String binary) {
        String name = name(binary);
        if (!name.startsWith("terraform") && !name.startsWith("tofu") && !name.startsWith("opentofu")) {
            throw new IllegalArgumentException(
                    "`" + name
                            + "` is neither terraform nor tofu: terraseal run starts those two. For a tool that starts terraform itself, make it start `terraseal run -- terraform`");
        }
    }

    private static String name(String binary) {
        Path file = Path.of(binary).getFileName();
        return file == null ? binary : file.toString();
    }

    /** The command without its folder. */
    public String binaryName() {
        return name(binary);
    }

    /** What the program's name says it is; one that was installed under another name says so only when it runs. */
    public boolean isNamedTofu() {
        return binaryName().contains("tofu");
    }

    /** Whether this changes infrastructure and is recorded. {@code destroy} is {@code apply -destroy} by another name. */
    public boolean isApply() {
        boolean help = arguments.options().stream().anyMatch(option -> HELP.contains(option.name()))
                || globals.stream().anyMatch(word -> HELP.contains(word.replace("-", "")));
        return !help && (subcommand.equals("apply") || subcommand.equals("destroy"));
    }

    public boolean isDestroy() {
        return subcommand.equals("destroy") || arguments.flag("destroy", false);
    }

    /** Whether a command that is not recorded can change the state; for a warning. */
    public boolean changesStateUnrecorded() {
        String second = arguments.positional().isEmpty()
                ? ""
                : " " + arguments.positional().get(0);
        return CHANGES_STATE.contains(subcommand)
                || CHANGES_STATE.contains(subcommand + second)
                || (subcommand.equals("init") && words.stream().anyMatch(Invocation::movesState));
    }

    private static boolean movesState(String word) {
        String name = word.startsWith("--") ? word.substring(2) : word.startsWith("-") ? word.substring(1) : "";
        int equals = name.indexOf('=');
        return MOVES_STATE.contains(equals < 0 ? name : name.substring(0, equals));
    }

    /**
     * Whether terraform refuses this apply for its words alone: it takes one plan file at most, and none to destroy.
     * Whoever left a word out to make it run would apply what nobody asked for.
     */
    public boolean isRefusedByTerraform() {
        return isApply()
                && (arguments.positional().size() > 1
                        || (subcommand.equals("destroy") && !planFile().isEmpty()));
    }

    /** The plan file somebody gave to {@code apply}, or empty text. */
    public String planFile() {
        return arguments.positional().isEmpty() ? "" : arguments.positional().get(0);
    }

    /** The directory terraform works in. */
    public Path directory(Path current) {
        Path result = current;
        for (String global : globals) {
            if (global.startsWith("-chdir=")) {
                result = current.resolve(global.substring("-chdir=".length()));
            }
        }
        return result.normalize();
    }

    /**
     * The command as it is recorded: values of variables and of options nobody here knows are left out, keys in
     * addresses too, and words after the plan file: they may be options that somebody wrote too late.
     */
    public List<String> recorded(InstanceKeys keys) {
        List<String> out = new ArrayList<>();
        out.add(binaryName());
        globals.stream().filter(word -> !word.isEmpty()).forEach(out::add);
        out.add(subcommand);
        for (Option option : arguments.options()) {
            out.add(recorded(option, keys));
        }
        for (int i = 0; i < arguments.positional().size(); i++) {
            out.add(i == 0 ? arguments.positional().get(0) : "[removed]");
        }
        return out;
    }

    private static String recorded(Option option, InstanceKeys keys) {
        String value = option.value();
        String name = "-" + option.name();
        if (value == null) {
            return name;
        }
        return switch (option.name()) {
            case "var" -> name + "=" + value.substring(0, value.indexOf('=') + 1) + "[removed]";
            case "target", "replace", "exclude" -> name + "=" + keys.redact(value);
            case "auto-approve",
                    "destroy",
                    "refresh",
                    "refresh-only",
                    "input",
                    "lock",
                    "lock-timeout",
                    "parallelism",
                    "compact-warnings",
                    "json",
                    "no-color",
                    "state",
                    "state-out",
                    "backup",
                    "var-file",
                    "target-file",
                    "exclude-file" -> name + "=" + value;
            default -> name + "=[removed]";
        };
    }
}
