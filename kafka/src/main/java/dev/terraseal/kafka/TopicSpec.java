package dev.terraseal.kafka;

import java.util.List;
import java.util.Map;

/**
 * One topic as it must be.
 *
 * @param partitions one for each log; partition k of every topic belongs to the same log
 * @param settings what the topic is created with
 * @param demands what an existing topic is held to: less than {@code settings}, because a larger limit or a longer
 *     retention loses nothing
 */
public record TopicSpec(
        String name, int partitions, int replication, Map<String, String> settings, List<SettingDemand> demands) {
    public TopicSpec {
        settings = Map.copyOf(settings);
        demands = List.copyOf(demands);
        if (partitions < 1 || replication < 1) {
            throw new IllegalArgumentException("topic " + name + " needs at least one partition and one replica");
        }
    }
}
