package dev.terraseal.run.apply;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.bytes.Timestamp;
import dev.terraseal.run.screen.Screen;
import dev.terraseal.run.terraform.ApplyLog;
import dev.terraseal.run.terraform.Forwarding;
import dev.terraseal.run.terraform.Interrupts;
import dev.terraseal.run.terraform.LogTail;
import dev.terraseal.run.terraform.UiMessage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;

/** Terraform while it applies. Whatever fails on our side from here on, it runs to its end and its exit code counts. */
final class RunningApply {
    private final Process process;
    private final Path raw;
    private final Screen screen;
    private final Interrupts interrupts;
    private final Supplier<Timestamp> clock;
    private final ApplyLog log = new ApplyLog();

    /** @param raw where {@code process} writes its stream */
    RunningApply(Process process, Path raw, Screen screen, Interrupts interrupts, Supplier<Timestamp> clock) {
        this.process = process;
        this.raw = raw;
        this.screen = screen;
        this.interrupts = interrupts;
        this.clock = clock;
    }

    Screen screen() {
        return screen;
    }

    /** Shows it as it goes, until it has ended. */
    Applied toItsEnd() throws InterruptedException, UnseenApplyException {
        Forwarding forwarding = Forwarding.heard(interrupts, process, log::wasInterrupted);
        try {
            Digest digest = follow();
            return new Applied(process.waitFor(), log, digest, clock.get(), interrupts.any());
        } catch (IOException | RuntimeException failure) {
            throw new UnseenApplyException(process.waitFor(), failure);
        } finally {
            forwarding.close();
        }
    }

    private Digest follow() throws IOException, InterruptedException {
        try (LogTail tail = LogTail.of(raw)) {
            tail.follow(process, this::show);
            screen.end();
            return tail.digest();
        }
    }

    private void show(Bytes line) throws IOException {
        Optional<UiMessage> message = UiMessage.parse(line);
        message.ifPresentOrElse(log::add, log::other);
        if (message.isEmpty() || screen.isRaw()) {
            screen.line(line);
        } else {
            screen.message(message.get());
        }
    }
}
