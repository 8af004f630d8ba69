package dev.terraseal.archiver.time;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.timestamp.TimeAuthority;
import dev.terraseal.core.timestamp.TimeStampToken;
import dev.terraseal.core.timestamp.TokenException;
import dev.terraseal.core.timestamp.UncheckableTokenException;
import java.io.IOException;
import java.math.BigInteger;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.bouncycastle.tsp.TSPAlgorithms;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampRequest;
import org.bouncycastle.tsp.TimeStampRequestGenerator;
import org.bouncycastle.tsp.TimeStampResponse;

/** One question to one authority, and its answer checked twice: against the question, and as an auditor will. */
public final class TokenRequest {
    private final TimeSettings.Authority authority;
    private final List<TimeAuthority> roots;
    private final Duration timeout;
    private final Questions questions;
    private final SecureRandom random;
    private final InstantSource clock;

    public TokenRequest(
            TimeSettings.Authority authority,
            TimeSettings settings,
            Questions questions,
            SecureRandom random,
            InstantSource clock) {
        this.authority = authority;
        this.roots = settings.roots();
        this.timeout = settings.timeout();
        this.questions = questions;
        this.random = random;
        this.clock = clock;
    }

    /**
     * An answer that holds.
     *
     * @param skew how far the clock here is ahead of the authority's, to within half of the time the answer took
     */
    public record Answer(Bytes response, TimeStampToken token, Duration skew) {}

    /** @throws IOException if no token came that an auditor would accept; the message says from whom and why */
    public Answer over(Bytes data) throws IOException, InterruptedException {
        TimeStampRequestGenerator generator = new TimeStampRequestGenerator();
        // Without its certificates nobody can check a token in ten years.
        generator.setCertReq(true);
        TimeStampRequest request =
                generator.generate(TSPAlgorithms.SHA256, Digest.of(data).toByteArray(), new BigInteger(64, random));
        Instant before = clock.instant();
        try {
            byte[] answer = questions.ask(authority.address(), request.getEncoded(), timeout);
            Instant after = clock.instant();
            new TimeStampResponse(answer).validate(request);
            Bytes response = Bytes.wrap(answer);
            TimeStampToken token = TimeStampToken.open(response, data);
            if (!roots.isEmpty() && token.under(roots) == null) {
                throw new TokenException(token.signer() + " signed it, which leads to none of time.roots");
            }
            Instant middle = before.plus(Duration.between(before, after).dividedBy(2));
            return new Answer(response, token, Duration.between(token.time(), middle));
        } catch (IOException | TSPException | TokenException | UncheckableTokenException no) {
            throw new IOException("time authority " + authority.name() + ": " + no.getMessage(), no);
        }
    }
}
