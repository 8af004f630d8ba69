package dev.terraseal.kafka;

import java.util.Optional;

/**
 * What one topic setting must be so that no evidence is lost, and what happens otherwise.
 *
 * @param atLeast whether a larger number, or -1 for "without limit", is as good
 */
public record SettingDemand(String setting, String wanted, boolean atLeast, String otherwise) {

    static SettingDemand exactly(String setting, String wanted, String otherwise) {
        return new SettingDemand(setting, wanted, false, otherwise);
    }

    static SettingDemand atLeast(String setting, long wanted, String otherwise) {
        return new SettingDemand(setting, Long.toString(wanted), true, otherwise);
    }

    boolean met(String found) {
        if (found.equals(wanted)) {
            return true;
        }
        return atLeast && number(found).map(this::enough).orElse(false);
    }

    private boolean enough(long found) {
        return found == -1 || (Long.parseLong(wanted) != -1 && found >= Long.parseLong(wanted));
    }

    private static Optional<Long> number(String text) {
        try {
            return Optional.of(Long.parseLong(text));
        } catch (NumberFormatException notANumber) {
            return Optional.empty();
        }
    }
}
