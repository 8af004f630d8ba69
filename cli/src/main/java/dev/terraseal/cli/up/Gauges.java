package dev.terraseal.cli.up;

import dev.terraseal.archiver.ArchiverProgress;
import dev.terraseal.archiver.ArchiverService;
import dev.terraseal.archiver.time.TimeProgress;
import dev.terraseal.ingest.Metrics;
import dev.terraseal.sequencer.SequencerProgress;
import dev.terraseal.sequencer.SequencerService;
import dev.terraseal.signer.SignerService;

/** What each service says of itself, under the same names in one process and alone (docs/operations.md). */
public final class Gauges {
    private Gauges() {}

    public static void of(ArchiverService service, Metrics metrics) {
        ArchiverProgress archiver = service.progress();
        TimeProgress stamps = service.timeProgress();
        metrics.gauge("terraseal_archiver_checkpoint_size", archiver::checkpointSize);
        metrics.gauge("terraseal_archiver_next", archiver::next);
        metrics.gauge("terraseal_archiver_behind", archiver::behind);
        metrics.gauge("terraseal_archiver_in_check", archiver::inCheck);
        metrics.gauge("terraseal_archiver_witnessed_size", archiver::witnessedSize);
        metrics.gauge("terraseal_archiver_witnesses_troubled", archiver::witnessesTroubled);
        metrics.gauge("terraseal_archiver_stamped_size", stamps::stampedSize);
        metrics.gauge("terraseal_archiver_clock_ahead_millis", stamps::skewMillis);
        metrics.gauge("terraseal_archiver_stamps_failed", stamps::failures);
    }

    public static void of(SignerService service, Metrics metrics) {
        metrics.gauge("terraseal_signer_next", () -> service.status().next());
        metrics.gauge("terraseal_signer_behind", () -> service.status().behind());
        metrics.gauge("terraseal_signer_in_batches", () -> service.status().inBatches() ? 1 : 0);
    }

    public static void of(SequencerService service, Metrics metrics) {
        SequencerProgress sequencer = service.progress();
        metrics.gauge("terraseal_sequencer_behind", service::behind);
        metrics.gauge("terraseal_sequencer_accepted", sequencer::accepted);
        metrics.gauge("terraseal_sequencer_duplicates", sequencer::duplicates);
        metrics.gauge("terraseal_sequencer_rejected", sequencer::rejected);
        metrics.gauge("terraseal_sequencer_ids", sequencer::ids);
        metrics.gauge("terraseal_sequencer_ids_bytes", sequencer::idBytes);
        metrics.gauge("terraseal_sequencer_streams", sequencer::streams);
    }
}
