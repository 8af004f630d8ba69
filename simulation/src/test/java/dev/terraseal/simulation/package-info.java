/**
 * The services' own classes in one thread, over stand-ins for Kafka, a KMS and a store that fail in every way they can,
 * each run from one number. {@link dev.terraseal.simulation.World} is one run; docs/simulation.md says what is in it.
 */
package dev.terraseal.simulation;
