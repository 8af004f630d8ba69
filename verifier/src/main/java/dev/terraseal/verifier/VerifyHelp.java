package dev.terraseal.verifier;

/** What {@code verify --help} prints. */
final class VerifyHelp {
    static final String TEXT = """
        Usage: terraseal verify PATH [options]

        Checks a bundle (a directory or a zip), a receipt, or an archive directory. Nothing is sent
        anywhere and nothing is asked of any server.

          --genesis HEX           the log you trust: the SHA-256 of its log.json, 64 hex digits, which
                                  you got another way than this file
          --trust FILE            a trust file instead: genesis, origin and what else you require
          --log-key VKEY          the head must be signed by exactly this key (no trust by itself)
          --from-checkpoint FILE  the log must continue this older checkpoint
          --at-least SIZE         the head must have at least so many entries
          --covers-until TIME     entries must reach to one received at TIME or later, with none left
                                  out before it (2026-11-22T01:02:03Z)
          --max-head-age D        witnesses of the trust file must have seen the head within D (90s, 15m,
                                  36h, 7d)
          --all                   list every failure instead of stopping at the first
          --integrity-only        exit 0 instead of 5 when all is consistent and no genesis was given
          --report FILE           also write a work paper: a page (.html) or one JSON object (.json) with
                                  the digests of what was checked and of the files named here, genesis,
                                  options, findings, proven and not proven
          --split-view            PATH is a witness's proof that the log signed two histories: 0 if it is
                                  one, by the key of --genesis or --log-key; takes --json and no other
          --json                  one JSON object on standard output instead of text

        Nothing asked is passed over: options that mean nothing together are wrong usage.

        Exit codes: 0 everything asked for holds · 2 wrong usage · 3 could not be evaluated
                    4 verification failed · 5 intact, but no genesis was given to trust it by, or a
                    receipt that no checkpoint covers yet

        Examples:
          terraseal verify acme-2026q3.zip --genesis 6b1f…
          terraseal verify ./bundle --trust acme.trust.json --from-checkpoint last-quarter.checkpoint
          terraseal verify 00000000000000000042.receipt.json --genesis 6b1f… --json
          terraseal verify acme-2026q3.zip --trust acme.trust.json --report work-paper.html
          terraseal verify .terraseal/archive --all
          terraseal verify --split-view 1f2e-9a8b.json --log-key acme.example/log+1a2b3c4d+AY…
        """;

    private VerifyHelp() {}
}
