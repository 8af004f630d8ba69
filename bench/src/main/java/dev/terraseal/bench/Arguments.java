package dev.terraseal.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The options of a bench: {@code --name value}, and {@code --json}. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    /** @throws IllegalArgumentException naming the option that is unknown or lacks its value */
    Arguments(List<String> arguments, Set<String> known) {
        for (int i = 0; i < arguments.size(); i++) {
            String name = arguments.get(i);
            if (name.equals("--json")) {
                values.put(name, "");
            } else if (!known.contains(name)) {
                throw new IllegalArgumentException("unknown option " + name);
            } else if (++i == arguments.size()) {
                throw new IllegalArgumentException(name + " needs a value");
            } else {
                values.put(name, arguments.get(i));
            }
        }
    }

    boolean json() {
        return values.containsKey("--json");
    }

    int number(String name, int otherwise) {
        String text = values.getOrDefault(name, Integer.toString(otherwise));
        if (!text.matches("[1-9][0-9]{0,7}")) {
            throw new IllegalArgumentException(name + " needs a number from 1 to 99999999");
        }
        return Integer.parseInt(text);
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }
}
