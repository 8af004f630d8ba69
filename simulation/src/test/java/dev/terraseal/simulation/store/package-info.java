/** An object store with versions and locks, in memory. */
package dev.terraseal.simulation.store;
