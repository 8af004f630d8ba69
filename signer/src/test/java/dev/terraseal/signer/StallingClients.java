package dev.terraseal.signer;

import dev.terraseal.kafka.KafkaClients;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;

/** Kafka's clients in a process that stands still once, after the first record of a transaction of several is written. */
final class StallingClients implements KafkaClients {
    private final Duration stall;
    final AtomicBoolean stalled = new AtomicBoolean();

    StallingClients(Duration stall) {
        this.stall = stall;
    }

    @Override
    public Admin admin(Map<String, Object> settings) {
        return NETWORK.admin(settings);
    }

    @Override
    public Consumer<byte[], byte[]> consumer(Map<String, Object> settings) {
        return NETWORK.consumer(settings);
    }

    @Override
    @SuppressWarnings("unchecked")
    public Producer<byte[], byte[]> producer(Map<String, Object> settings) {
        Producer<byte[], byte[]> real = NETWORK.producer(settings);
        int[] sent = {0};
        return (Producer<byte[], byte[]>) Proxy.newProxyInstance(
                Producer.class.getClassLoader(), new Class<?>[] {Producer.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("beginTransaction")) {
                        sent[0] = 0;
                    }
                    if (method.getName().equals("send") && ++sent[0] == 2 && stalled.compareAndSet(false, true)) {
                        real.flush();
                        Thread.sleep(stall.toMillis());
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
