package dev.terraseal.simulation;

/**
 * An event of which ingest said, without asking anybody, that its stream and id are in the log already.
 *
 * @param outcome what the event says of itself, by which its two contents are told apart
 * @param sequence of the entry that ingest named
 * @param same whether it said that the content is the same as well
 */
public record Known(String stream, String id, String outcome, long sequence, boolean same) {}
