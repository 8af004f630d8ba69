package dev.terraseal.simulation.kafka;

import dev.terraseal.kafka.KafkaClients;
import dev.terraseal.kafka.KafkaConnection;
import dev.terraseal.simulation.Chance;
import dev.terraseal.simulation.Life;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Kafka's clients as one process has them: they die with it. */
public final class SimulatedKafka implements KafkaClients {
    private final Broker broker;
    private final Calls calls;
    private final StageCalls names;
    private final Life life;
    private final Chance chance;

    public SimulatedKafka(Broker broker, Calls calls, StageCalls names, Life life, Chance chance) {
        this.broker = broker;
        this.calls = calls;
        this.names = names;
        this.life = life;
        this.chance = chance;
    }

    /** The connection that production code is given. */
    public static KafkaConnection connection(KafkaClients clients) {
        return new KafkaConnection("simulated:0", Map.of(), clients);
    }

    @Override
    public Admin admin(Map<String, Object> settings) {
        return proxy(
                Admin.class,
                new SimulatedAdmin(broker, calls, names, life, "stable".equals(settings.get("simulated.ends"))));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return proxy(Consumer.class, new SimulatedConsumer(broker, calls, names, life, chance, settings));
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        return proxy(Producer.class, new SimulatedProducer(broker, calls, names, life, settings));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
