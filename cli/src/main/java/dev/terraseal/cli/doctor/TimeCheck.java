package dev.terraseal.cli.doctor;

import dev.terraseal.archiver.time.HttpQuestions;
import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.time.TokenRequest;
import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.InstantSource;

/** Asks every time authority for a token over random bytes, and says how far this machine's clock is away. */
public final class TimeCheck {
    private static final String NAME = "time";

    private final TimeSettings settings;
    private final Report report;
    private final InstantSource clock;

    public TimeCheck(TimeSettings settings, Report report, InstantSource clock) {
        this.settings = settings;
        this.report = report;
        this.clock = clock;
    }

    public void look() {
        for (TimeSettings.Authority authority : settings.authorities()) {
            SecureRandom random = new SecureRandom();
            byte[] data = new byte[32];
            random.nextBytes(data);
            try {
                TokenRequest.Answer answer = new TokenRequest(authority, settings, new HttpQuestions(), random, clock)
                        .over(Bytes.wrap(data));
                say(authority, answer);
            } catch (IOException no) {
                report.silent(NAME, String.valueOf(no.getMessage()));
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void say(TimeSettings.Authority authority, TokenRequest.Answer answer) {
        String what = authority.name() + " (" + answer.token().signer() + ", policy "
                + answer.token().policy() + "): this machine's clock is "
                + answer.skew().abs().toMillis() + " ms " + (answer.skew().isNegative() ? "behind" : "ahead");
        if (answer.skew().abs().compareTo(ClockDifference.MOST) > 0) {
            report.mend(NAME, what + "; set it (NTP)");
        } else {
            report.well(NAME, what + (settings.roots().isEmpty() ? "; its root was not checked (time.roots)" : ""));
        }
    }
}
