package dev.terraseal.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Creates topics, and looks for what could lose evidence in those that exist. Never changes an existing topic. */
public final class TopicAdmin {
    private static final Duration LIMIT = Duration.ofSeconds(30);
    private static final List<String> INTERNAL = List.of("__consumer_offsets", "__transaction_state");

    /** Kafka lists nobody's topics to who may not describe them. */
    private static final String ABSENT = "terraseal topics create; if it is there, this principal may not describe it:"
            + " give it DESCRIBE and DESCRIBE_CONFIGS on the topic";

    private final Admin admin;

    public TopicAdmin(Admin admin) {
        this.admin = admin;
    }

    /** Creates what is missing and returns its names. What exists is left as it is, for {@link #check(Topics)} to judge. */
    public List<String> create(Collection<TopicSpec> specs) {
        Set<String> existing = names();
        List<String> created = new ArrayList<>();
        for (TopicSpec spec : specs) {
            if (!existing.contains(spec.name()) && createOne(spec)) {
                created.add(spec.name());
            }
        }
        awaitVisible(created);
        return created;
    }

    /** A broker learns of a new topic a little after the controller made it; until then it calls it unknown. */
    private void awaitVisible(List<String> created) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!visible(created)) {
            if (System.nanoTime() - deadline > 0) {
                throw new KafkaUnavailableException("Kafka created " + created + " but found no leader for them within "
                        + LIMIT.toSeconds() + " s; are enough brokers running?");
            }
        }
    }

    private boolean visible(List<String> created) {
        try {
            return describe(created).values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .allMatch(partition ->
                            partition.leader() != null && !partition.leader().isEmpty());
        } catch (KafkaUnavailableException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return false;
            }
            throw e;
        }
    }

    private boolean createOne(TopicSpec spec) {
        NewTopic topic =
                new NewTopic(spec.name(), spec.partitions(), (short) spec.replication()).configs(spec.settings());
        try {
            get(admin.createTopics(List.of(topic)).all(), "create topic " + spec.name());
            return true;
        } catch (KafkaUnavailableException e) {
            if (e.getCause() instanceof TopicExistsException) {
                return false;
            }
            throw e;
        }
    }

    /** Everything that could lose evidence, also in Kafka's own topics that transactions rest on. */
    public List<TopicFinding> check(Topics wanted) {
        List<TopicFinding> findings = check(wanted.specs());
        List<String> internals =
                names().stream().filter(INTERNAL::contains).sorted().toList();
        Map<String, TopicDescription> topics = describe(internals);
        Map<String, Config> settings = settings(internals);
        for (String internal : internals) {
            findings.addAll(internal(internal, wanted, described(topics, internal), described(settings, internal)));
        }
        return findings;
    }

    /** The same for single topics. */
    public List<TopicFinding> check(Collection<TopicSpec> specs) {
        Set<String> existing = names();
        List<TopicFinding> findings = new ArrayList<>();
        List<TopicSpec> present = new ArrayList<>();
        for (TopicSpec spec : specs) {
            if (existing.contains(spec.name())) {
                present.add(spec);
            } else {
                findings.add(new TopicFinding(spec.name(), "topic", "absent", "there", "nothing can be kept", ABSENT));
            }
        }
        List<String> described = present.stream().map(TopicSpec::name).toList();
        Map<String, TopicDescription> topics = describe(described);
        Map<String, Config> settings = settings(described);
        for (TopicSpec spec : present) {
            findings.addAll(shape(spec, described(topics, spec.name())));
            findings.addAll(demands(spec.name(), spec.demands(), described(settings, spec.name())));
        }
        return findings;
    }

    private static <T> T described(Map<String, T> answers, String topic) {
        T answer = answers.get(topic);
        if (answer == null) {
            throw new KafkaUnavailableException("Kafka did not describe topic " + topic + "; ask again");
        }
        return answer;
    }

    private Map<String, TopicDescription> describe(List<String> topics) {
        return get(admin.describeTopics(topics).allTopicNames(), "describe the topics");
    }

    /** Throws unless {@link #check(Topics)} finds nothing. */
    public void requireSafe(Topics wanted) {
        List<TopicFinding> findings = check(wanted);
        if (!findings.isEmpty()) {
            throw new UnsafeTopicsException(findings);
        }
    }

    /** Throws unless each of our topics that exists has one partition for each of {@code logs} logs. */
    public void requireLogs(int logs) {
        Set<String> existing = names();
        List<TopicSpec> present = new Topics(logs, 1, 1, false)
                .specs().stream().filter(spec -> existing.contains(spec.name())).toList();
        Map<String, TopicDescription> topics =
                describe(present.stream().map(TopicSpec::name).toList());
        List<TopicFinding> findings = new ArrayList<>();
        present.forEach(spec -> partitions(spec, described(topics, spec.name()), findings));
        if (!findings.isEmpty()) {
            throw new UnsafeTopicsException(findings);
        }
    }

    private static List<TopicFinding> shape(TopicSpec spec, TopicDescription topic) {
        List<TopicFinding> findings = new ArrayList<>();
        partitions(spec, topic, findings);
        copies(spec.name(), spec.replication(), topic, findings);
        return findings;
    }

    private static void partitions(TopicSpec spec, TopicDescription topic, List<TopicFinding> findings) {
        int partitions = topic.partitions().size();
        if (partitions != spec.partitions()) {
            findings.add(new TopicFinding(
                    spec.name(),
                    "the number of partitions",
                    Integer.toString(partitions),
                    Integer.toString(spec.partitions()),
                    "a partition is a log: what is sent to one nobody configured is in no log",
                    partitions < spec.partitions()
                            ? "add the partitions, or configure fewer logs"
                            : "Kafka removes no partition: configure a log for each (kafka.logs, log.files), or copy"
                                    + " the topics anew"));
        }
    }

    private static void copies(String name, int wanted, TopicDescription topic, List<TopicFinding> findings) {
        int fewest = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(0);
        if (fewest < wanted) {
            findings.add(new TopicFinding(
                    name,
                    "the replication factor",
                    Integer.toString(fewest),
                    "at least " + wanted,
                    "the loss of a machine is the loss of what it held",
                    "kafka-reassign-partitions.sh, with " + wanted + " replicas for each partition"));
        }
    }

    private static List<TopicFinding> demands(String name, List<SettingDemand> demands, Config config) {
        List<TopicFinding> findings = new ArrayList<>();
        for (SettingDemand demand : demands) {
            String found = config.get(demand.setting()).value();
            if (!demand.met(found)) {
                findings.add(new TopicFinding(
                        name,
                        demand.setting(),
                        found,
                        demand.atLeast() ? "at least " + demand.wanted() : demand.wanted(),
                        demand.otherwise(),
                        "kafka-configs.sh --alter --topic " + name + " --add-config " + demand.setting() + "="
                                + demand.wanted()));
            }
        }
        return findings;
    }

    private static List<TopicFinding> internal(String name, Topics wanted, TopicDescription topic, Config config) {
        List<TopicFinding> findings = new ArrayList<>();
        copies(name, wanted.replication(), topic, findings);
        SettingDemand inSync = SettingDemand.atLeast(
                "min.insync.replicas", wanted.minInsync(), "a committed transaction may be on one machine only");
        findings.addAll(demands(name, List.of(inSync), config));
        return findings;
    }

    private Map<String, Config> settings(List<String> topics) {
        List<ConfigResource> resources = topics.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Config> settings = new HashMap<>();
        get(admin.describeConfigs(resources).all(), "read the topics' settings")
                .forEach((resource, config) -> settings.put(resource.name(), config));
        return settings;
    }

    private Set<String> names() {
        return get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names(), "list the topics");
    }

    /** The answer, or {@link KafkaUnavailableException} saying what was asked. */
    public static <T> T get(KafkaFuture<T> future, String asked) {
        try {
            return future.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new KafkaUnavailableException("Kafka did not " + asked, cause);
        } catch (TimeoutException e) {
            throw new KafkaUnavailableException(
                    "Kafka did not " + asked + " within " + LIMIT.toSeconds()
                            + " s; is it running, and is kafka.bootstrap right?",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailableException("interrupted before Kafka could " + asked, e);
        }
    }
}
