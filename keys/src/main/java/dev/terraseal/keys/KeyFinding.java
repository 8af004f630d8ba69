package dev.terraseal.keys;

/**
 * Something about the keys of a log on this machine that a person should know.
 *
 * @param serious whether a signature could be made by someone who must not, or not be made at all
 * @param what the thing and what is wrong with it
 * @param mend what to do, a line to run where there is one; empty where nothing is to be done
 */
public record KeyFinding(boolean serious, String what, String mend) {}
