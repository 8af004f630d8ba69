package dev.terraseal.simulation;

/** A process of its own that prints what came of each seed it is given, a line each. */
final class TraceOf {
    private TraceOf() {}

    public static void main(String[] seeds) {
        Runs runs = new Runs();
        for (String seed : seeds) {
            World world = runs.world(Long.parseLong(seed));
            world.run();
            System.out.println(seed + " " + world.trace());
        }
    }
}
