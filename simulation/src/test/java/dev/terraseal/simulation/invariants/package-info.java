/** The invariants of ARCHITECTURE.md, each an object of its own. */
package dev.terraseal.simulation.invariants;
