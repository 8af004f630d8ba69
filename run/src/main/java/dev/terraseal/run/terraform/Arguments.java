package dev.terraseal.run.terraform;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The words after {@code apply} or {@code destroy}, read as Go's flag package reads them: {@code -name}, {@code --name},
 * {@code -name=value}, {@code -name value} for the options that take one, and nothing is an option after the first
 * word that is none.
 */
public record Arguments(List<Option> options, List<String> positional) {
    private static final Set<String> WITH_VALUE = Set.of(
            "backup",
            "exclude",
            "exclude-file",
            "json-into",
            "lock-timeout",
            "parallelism",
            "replace",
            "state",
            "state-out",
            "target",
            "target-file",
            "var",
            "var-file");
    private static final Set<String> NOT_FOR_PLAN = Set.of("auto-approve", "backup", "state-out");
    private static final Set<String> FOR_SAVED_PLAN =
            Set.of("backup", "compact-warnings", "lock", "lock-timeout", "parallelism", "state", "state-out");
    private static final Set<String> VARIABLES = Set.of("var", "var-file");
    private static final Set<String> WRITTEN_BY_US = Set.of("auto-approve", "input", "json");

    public Arguments {
        options = List.copyOf(options);
        positional = List.copyOf(positional);
    }

    public static Arguments parse(List<String> words) {
        List<Option> options = new ArrayList<>();
        int at = 0;
        while (at < words.size()) {
            String word = words.get(at);
            if (word.length() < 2 || word.charAt(0) != '-') {
                break;
            }
            at++;
            if (word.equals("--")) {
                break;
            }
            String plain = word.startsWith("--") ? word.substring(2) : word.substring(1);
            int equals = plain.indexOf('=');
            if (equals >= 0) {
                options.add(new Option(plain.substring(0, equals), plain.substring(equals + 1), List.of(word)));
            } else if (WITH_VALUE.contains(plain) && at < words.size()) {
                options.add(new Option(plain, words.get(at), List.of(word, words.get(at))));
                at++;
            } else {
                options.add(new Option(plain, null, List.of(word)));
            }
        }
        return new Arguments(options, words.subList(at, words.size()));
    }

    /** The last value of a yes-or-no option; what Go does not read as a boolean counts as yes and terraform refuses it. */
    public boolean flag(String name, boolean absent) {
        boolean result = absent;
        for (Option option : options) {
            if (option.name().equals(name)) {
                String value = option.value();
                result = value == null || !Set.of("false", "f", "0").contains(value.toLowerCase(Locale.ROOT));
            }
        }
        return result;
    }

    public boolean has(String name) {
        return options.stream().anyMatch(option -> option.name().equals(name));
    }

    /** The last value written for an option, or empty text where it was not written. */
    public String value(String name) {
        String result = "";
        for (Option option : options) {
            String value = option.value();
            if (option.name().equals(name) && value != null) {
                result = value;
            }
        }
        return result;
    }

    /**
     * What {@code terraform plan} takes of these: all but what only an apply knows. An {@code -auto-approve=maybe} stays,
     * so that the plan refuses what the apply would have refused.
     */
    public List<String> forPlan() {
        return written(option ->
                !NOT_FOR_PLAN.contains(option.name()) || (option.name().equals("auto-approve") && !option.isBoolean()));
    }

    /**
     * What {@code terraform apply PLANFILE} takes of these. Variables are in the plan already; engines that know
     * ephemeral variables want them again and check that the others are the same, older ones refuse them.
     */
    public List<String> forSavedPlan(boolean variables) {
        return written(
                option -> FOR_SAVED_PLAN.contains(option.name()) || (variables && VARIABLES.contains(option.name())));
    }

    /**
     * What goes beside a plan the user brought: every word, known here or not, so that terraform refuses what it would
     * have refused without us. Only what we write ourselves is left out, and only where it is well written.
     */
    public List<String> besideBroughtPlan() {
        return written(option -> !WRITTEN_BY_US.contains(option.name()) || !option.isBoolean());
    }

    private List<String> written(java.util.function.Predicate<Option> wanted) {
        List<String> out = new ArrayList<>();
        for (Option option : options) {
            if (wanted.test(option)) {
                out.addAll(option.written());
            }
        }
        return out;
    }
}
