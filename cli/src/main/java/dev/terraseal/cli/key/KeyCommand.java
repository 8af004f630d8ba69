package dev.terraseal.cli.key;

import picocli.CommandLine.Command;

/** {@code terraseal key}. */
@Command(
        name = "key",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = {
            "Minds a log's keys. Every change is signed by the log's authority, whose key is kept offline; the change itself",
            "becomes an entry of the log, so that a reader with the genesis knows which key was in force where."
        },
        footer = {
            "%nWith the authority key at hand:",
            "  terraseal key rotate --authority /media/usb/authority-7d1f….pem --reason yearly",
            "With the authority key on another machine:",
            "  terraseal key rotate --out change.json --reason yearly      here",
            "  terraseal key sign change.json --authority PLACE            there; it needs no network",
            "  terraseal key submit change.json                            here"
        },
        subcommands = {
            KeyListCommand.class,
            KeyAddCommand.class,
            KeyRotateCommand.class,
            KeyRevokeCommand.class,
            KeySignCommand.class,
            KeySubmitCommand.class
        })
public final class KeyCommand {
    private KeyCommand() {}
}
