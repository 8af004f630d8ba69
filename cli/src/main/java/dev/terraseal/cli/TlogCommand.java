package dev.terraseal.cli;

import picocli.CommandLine.Command;

/** Listed here for the help, as {@link VerifyCommand} is. */
@Command(
        name = "tlog",
        description = "Check checkpoints, proofs and directories of any C2SP log. (terraseal tlog --help)")
final class TlogCommand {}
