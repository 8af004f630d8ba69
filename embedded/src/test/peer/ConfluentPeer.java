import io.confluent.kafka.schemaregistry.avro.AvroSchema;
import io.confluent.kafka.schemaregistry.client.CachedSchemaRegistryClient;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.serializers.KafkaAvroDeserializer;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.Encoder;
import org.apache.avro.io.EncoderFactory;

/**
 * Confluent's own serializer, deserializer and registry client, in a JVM without any class of ours. Started as one source
 * file; reads a command and base64 arguments from a line, answers with a line.
 */
public final class ConfluentPeer {
    private final CachedSchemaRegistryClient client;
    private final KafkaAvroSerializer serializer;
    private final KafkaAvroSerializer looksUp;
    private final KafkaAvroDeserializer deserializer;

    private ConfluentPeer(String url) {
        client = new CachedSchemaRegistryClient(url, 100);
        serializer = new KafkaAvroSerializer(client, Map.of("schema.registry.url", url));
        looksUp = new KafkaAvroSerializer(
                client, Map.of("schema.registry.url", url, "auto.register.schemas", "false"));
        deserializer = new KafkaAvroDeserializer(client, Map.of("schema.registry.url", url));
    }

    public static void main(String[] arguments) throws Exception {
        PrintStream answers = System.out;
        System.setOut(System.err);
        ConfluentPeer peer = new ConfluentPeer(arguments[0]);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            answers.println(peer.answer(line.split(" ")));
            answers.flush();
        }
    }

    private String answer(String[] words) {
        try {
            byte[][] arguments = new byte[words.length - 1][];
            for (int i = 1; i < words.length; i++) {
                arguments[i - 1] = Base64.getDecoder().decode(words[i]);
            }
            return "ok " + Base64.getEncoder().encodeToString(run(words[0], arguments));
        } catch (Throwable failure) {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof RestClientException) {
                    RestClientException rest = (RestClientException) cause;
                    return "refused " + rest.getStatus() + " " + rest.getErrorCode() + " " + encoded(rest.getMessage());
                }
            }
            return "failed " + encoded(failure.toString());
        }
    }

    private byte[] run(String command, byte[][] arguments) throws Exception {
        switch (command) {
            case "serialize":
                return serializer.serialize(text(arguments[0]), record(text(arguments[1]), text(arguments[2])));
            case "serialize-registered":
                return looksUp.serialize(text(arguments[0]), record(text(arguments[1]), text(arguments[2])));
            case "deserialize":
                return json((GenericRecord) deserializer.deserialize(text(arguments[0]), arguments[1]));
            case "register":
                return bytes(client.register(text(arguments[0]), new AvroSchema(text(arguments[1]))));
            case "compatible":
                return bytes(client.testCompatibility(text(arguments[0]), new AvroSchema(text(arguments[1]))));
            case "why-not":
                return bytes(client.testCompatibilityVerbose(text(arguments[0]), new AvroSchema(text(arguments[1]))));
            case "by-id":
                return bytes(client.getSchemaById(Integer.parseInt(text(arguments[0]))).canonicalString());
            case "latest":
                return bytes(client.getLatestSchemaMetadata(text(arguments[0])).getId());
            case "version-of":
                return bytes(client.getVersion(text(arguments[0]), new AvroSchema(text(arguments[1]))));
            case "versions":
                return bytes(client.getAllVersions(text(arguments[0])));
            case "subjects":
                return bytes(client.getAllSubjects());
            case "set-compatibility":
                return bytes(client.updateCompatibility(text(arguments[0]), text(arguments[1])));
            case "compatibility":
                return bytes(client.getCompatibility(text(arguments[0])));
            case "delete":
                return bytes(client.deleteSubject(text(arguments[0])));
            default:
                throw new IllegalArgumentException(command);
        }
    }

    private static GenericRecord record(String schema, String json) throws Exception {
        Schema parsed = new Schema.Parser().parse(schema);
        return new GenericDatumReader<GenericRecord>(parsed)
                .read(null, DecoderFactory.get().jsonDecoder(parsed, json));
    }

    private static byte[] json(GenericRecord record) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Encoder encoder = EncoderFactory.get().jsonEncoder(record.getSchema(), out);
        new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
        encoder.flush();
        return out.toByteArray();
    }

    private static String text(byte[] argument) {
        return new String(argument, StandardCharsets.UTF_8);
    }

    private static byte[] bytes(Object value) {
        return String.valueOf(value).getBytes(StandardCharsets.UTF_8);
    }

    private static String encoded(String message) {
        return Base64.getEncoder().encodeToString(bytes(message));
    }
}
