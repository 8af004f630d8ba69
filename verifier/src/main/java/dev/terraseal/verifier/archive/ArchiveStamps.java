package dev.terraseal.verifier.archive;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.checkpoint.SignedNote;
import dev.terraseal.core.timestamp.RenewalName;
import dev.terraseal.core.timestamp.StampName;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.TokenList;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import dev.terraseal.verifier.files.MalformedException;
import dev.terraseal.verifier.time.Stamped;
import dev.terraseal.verifier.time.TokenJudge;
import dev.terraseal.verifier.trust.Trust;
import dev.terraseal.verifier.verdict.FindingName;
import dev.terraseal.verifier.verdict.Findings;
import dev.terraseal.verifier.verdict.Layer;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tokens of an archive, each over the checkpoint of its size. That the checkpoints are one history is seen elsewhere. */
final class ArchiveStamps {
    private final ArchiveFiles archive;
    private final Findings findings;
    private final CheckpointsInStep checkpoints;

    /** @param checkpoints which of the versions of a checkpoint is the log's */
    ArchiveStamps(ArchiveFiles archive, Findings findings, CheckpointsInStep checkpoints) {
        this.archive = archive;
        this.findings = findings;
        this.checkpoints = checkpoints;
    }

    Stamped read(@Nullable Trust trust) throws IOException {
        TokenJudge judge = new TokenJudge(trust, this::refuse);
        for (String name : archive.under(ArchiveFiles.TIMESTAMPS)) {
            Optional<StampName> stamp = StampName.parse(name);
            Optional<RenewalName> renewal = RenewalName.parse(name);
            try {
                if (stamp.isPresent()) {
                    long size = stamp.get().size();
                    Bytes data = archive.read(
                            ArchiveFiles.CHECKPOINTS + size,
                            SignedNote.MAX_BYTES,
                            content -> checkpoints.signed(size, content).isPresent());
                    judge.take(stamp.get(), token(name, stamp.get().second(), data), data);
                } else if (renewal.isPresent()) {
                    takeRenewal(judge, renewal.get());
                } else if (!RenewalName.isList(name) && !ArchiveFiles.isHidden(name)) {
                    refuse(FindingName.STRANGER, name, "Stranger: " + name + " is no time stamp");
                }
            } catch (MalformedException missing) {
                refuse(FindingName.BAD_TOKEN, name, name + " is refused: " + missing.getMessage());
            }
        }
        return judge.finish();
    }

    private Bytes token(String name, String second, Bytes data) throws IOException {
        return archive.read(name, TimeStampToken.BYTES_MAX, content -> isToken(content, second, data));
    }

    private static boolean isToken(Bytes token, String second, Bytes data) {
        try {
            return StampName.second(TimeStampToken.open(token, data).time()).equals(second);
        } catch (TokenException | UncheckableTokenException notOne) {
            return false;
        }
    }

    /** Of a list that version counts which the token is over: others may have put one there before it. */
    private void takeRenewal(TokenJudge judge, RenewalName renewal) throws IOException {
        String name = renewal.text();
        archive.settle(
                renewal.list(),
                list -> isList(list) && archive.any(name, token -> isToken(token, renewal.second(), list)));
        Bytes list = archive.files().read(renewal.list(), TokenList.BYTES_MAX);
        judge.takeRenewal(renewal, token(name, renewal.second(), list), list);
    }

    private static boolean isList(Bytes content) {
        try {
            return !TokenList.parse(content).isEmpty();
        } catch (TokenException planted) {
            return false;
        }
    }

    private void refuse(FindingName finding, String name, String message) {
        if (finding == FindingName.NOT_CHECKABLE) {
            findings.add(Layer.TIME, finding, name, message);
        } else {
            archive.spare(findings, Layer.TIME, finding, name, message);
        }
    }
}
