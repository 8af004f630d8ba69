/** Bugs put in on purpose. A check that does not find its own is no check. */
package dev.terraseal.simulation.planted;
