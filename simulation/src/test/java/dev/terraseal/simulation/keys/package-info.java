/** Keys whose signatures cost a hash: made and checked for real, but by nobody who must be kept from forging them. */
package dev.terraseal.simulation.keys;
