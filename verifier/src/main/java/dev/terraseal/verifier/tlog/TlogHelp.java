package dev.terraseal.verifier.tlog;

import java.util.List;

/** What {@code --help} prints. */
final class TlogHelp {
    static final String COMMANDS = "verify-checkpoint, verify-proof, verify-consistency and fsck";

    private static final String TRUST = """
              --key VKEY        the log's verifier key: name+key id+base64; Ed25519 or ECDSA
              --witness VKEY    a witness that must have cosigned; may be repeated
              --policy FILE     a tlog-policy file: known logs, witnesses, and a quorum that must be met
              --origin TEXT     the origin the checkpoint must have
              --json            one JSON object on standard output
            """;
    private static final String CODES = """

            Exit codes: 0 everything asked for holds, under the keys given
                        2 wrong usage   3 could not be evaluated   4 verification failed
            """;

    private TlogHelp() {}

    static boolean isCommand(String command) {
        return List.of("verify-checkpoint", "verify-proof", "verify-consistency", "fsck")
                .contains(command);
    }

    static String text(String command) {
        return switch (command) {
            case "verify-checkpoint" -> """
                Usage: terraseal tlog verify-checkpoint FILE --key VKEY [options]
                Checks who signed a checkpoint (C2SP tlog-checkpoint), and what it says.

                """ + TRUST + """

                        Example:
                          terraseal tlog verify-checkpoint checkpoint \\
                              --key sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8
                        """ + CODES;
            case "verify-proof" -> """
                Usage: terraseal tlog verify-proof FILE --key VKEY (--record FILE | --statement FILE | --leaf-hash HEX)
                Checks that a record is in a log, by a proof file that stands alone (C2SP tlog-proof).

                  --record FILE     the entry: exactly the bytes that were logged
                  --statement FILE  a statement of a Terraseal log, whose entry is the SHA-256 of it
                  --leaf-hash HEX   SHA-256(0x00 || entry)
                """ + TRUST + """

                        Example:
                          terraseal tlog verify-proof go.sum.tlog-proof --record go.sum.lines \\
                              --key sum.golang.org+033de0ae+Ac4zctda0e5eza+HJyk9SxEdh+s3Ux18htTTAD8OuAn8
                        """ + CODES;
            case "verify-consistency" -> """
                Usage: terraseal tlog verify-consistency OLD NEW PROOF --key VKEY [options]
                Checks that the log only grew between two checkpoints. PROOF has one base64 hash a line;
                for two heads of one size it is an empty file.

                """ + TRUST + """

                        Example:
                          terraseal tlog verify-consistency last-year.checkpoint checkpoint proofs/consistency/1200 \\
                              --key "$LOG_KEY"
                        """ + CODES;
            case "fsck" -> """
                Usage: terraseal tlog fsck DIR --key VKEY [options]
                Derives every tile and the root of a tiled log (C2SP tlog-tiles) again from its entries, and
                compares all of them with the files and with the signed checkpoint.

                  --checkpoint FILE the head to check against, if not DIR/checkpoint
                """ + TRUST + """

                        Example:
                          terraseal tlog fsck /srv/log --key "$LOG_KEY" --json
                        """ + CODES;
            default -> """
                Usage: terraseal tlog verify-checkpoint|verify-proof|verify-consistency|fsck … [--help]
                Checks any log that follows C2SP, offline, from files alone.

                  verify-checkpoint FILE           who signed a head of a log
                  verify-proof FILE                that a record is in a log
                  verify-consistency OLD NEW PROOF that a log only grew between two heads
                  fsck DIR                         that every tile and the root follow from the entries
                """ + CODES;
        };
    }
}
