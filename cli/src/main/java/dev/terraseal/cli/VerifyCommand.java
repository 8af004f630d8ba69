package dev.terraseal.cli;

import picocli.CommandLine.Command;

/** Listed here for the help; {@link Terraseal} hands the call to the verifier before anything is parsed. */
@Command(name = "verify", description = "Check a bundle, a receipt or an archive, offline. (terraseal verify --help)")
final class VerifyCommand {}
