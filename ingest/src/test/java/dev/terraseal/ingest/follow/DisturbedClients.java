package dev.terraseal.ingest.follow;

import dev.terraseal.kafka.KafkaClients;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Real clients; before a poll of one something may happen, or be thrown instead of it. */
final class DisturbedClients implements KafkaClients {
    private final Map<String, Deque<Supplier<Throwable>>> before = new ConcurrentHashMap<>();

    /** The next poll of the client does this first, and throws what it returns. */
    void atPoll(String clientId, Supplier<Throwable> disturbance) {
        before.computeIfAbsent(clientId, any -> new ArrayDeque<>()).add(disturbance);
    }

    @Override
    public Admin admin(Map<String, Object> settings) {
        return NETWORK.admin(settings);
    }

    @Override
    public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        return NETWORK.producer(settings);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        Consumer<byte[], byte[]> real = NETWORK.consumer(settings);
        Deque<Supplier<Throwable>> disturbances =
                before.computeIfAbsent((String) settings.get("client.id"), any -> new ArrayDeque<>());
        return (Consumer<byte[], byte[]>) Proxy.newProxyInstance(
                Consumer.class.getClassLoader(), new Class<?>[] {Consumer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("poll") && !disturbances.isEmpty()) {
                        throw disturbances.poll().get();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
