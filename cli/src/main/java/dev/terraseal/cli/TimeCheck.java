package dev.terraseal.cli;

import dev.terraseal.archiver.time.HttpQuestions;
import dev.terraseal.archiver.time.TimeSettings;
import dev.terraseal.archiver.time.TokenRequest;
import dev.terraseal.core.bytes.Bytes;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** Asks every time authority for a token over random bytes, and says how far this machine's clock is away. */
final class TimeCheck {
    private static final String NAME = "time";
    private static final Duration SKEW_MAX = Duration.ofSeconds(30);

    private final TimeSettings settings;
    private final Well well;
    private final Wrong wrong;

    /** Who is told what is as it should be. */
    interface Well {
        void said(String check, String message);
    }

    /** Who is told what is to be mended. */
    interface Wrong {
        void said(String check, int code, String message);
    }

    TimeCheck(TimeSettings settings, Well well, Wrong wrong) {
        this.settings = settings;
        this.well = well;
        this.wrong = wrong;
    }

    void look() {
        for (TimeSettings.Authority authority : settings.authorities()) {
            SecureRandom random = new SecureRandom();
            byte[] data = new byte[32];
            random.nextBytes(data);
            try {
                TokenRequest.Answer answer = new TokenRequest(
                                authority, settings, new HttpQuestions(), random, InstantSource.system())
                        .over(Bytes.wrap(data));
                say(authority, answer);
            } catch (IOException no) {
                wrong.said(NAME, ExitCode.UNAVAILABLE, String.valueOf(no.getMessage()));
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
        if (answer.skew().abs().compareTo(SKEW_MAX) > 0) {
            wrong.said(NAME, ExitCode.USAGE, what + "; set it (NTP)");
        } else {
            well.said(NAME, what + (settings.roots().isEmpty() ? "; its root was not checked (time.roots)" : ""));
        }
    }
}
