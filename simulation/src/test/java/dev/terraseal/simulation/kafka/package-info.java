/**
 * A Kafka in memory that keeps Kafka's rules: offsets, epochs, transactions whose markers reach each partition when they
 * will, read_committed up to the last stable offset, groups with generations, and what a loss of power leaves. Reached
 * through Kafka's own client interfaces, whose settings it honours.
 */
package dev.terraseal.simulation.kafka;
