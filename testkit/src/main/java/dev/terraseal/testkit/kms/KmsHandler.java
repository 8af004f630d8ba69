package dev.terraseal.testkit.kms;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.canonical.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The protocol: AWS JSON 1.1 with {@code X-Amz-Target: TrentService.<Operation>} (seen from SDK 2.56.0). */
final class KmsHandler implements HttpHandler {
    private static final String TARGET = "TrentService.";

    private final KmsStandIn kms;

    KmsHandler(KmsStandIn kms) {
        this.kms = kms;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        String target = String.valueOf(exchange.getRequestHeaders().getFirst("X-Amz-Target"));
        String operation = target.startsWith(TARGET) ? target.substring(TARGET.length()) : "?" + target;
        String request = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        kms.counted(operation);
        Answer answer = answer(exchange, operation, request);
        kms.answerLater(operation.equals("Sign"), () -> send(exchange, answer));
    }

    /** {@code body} null: the connection breaks instead. */
    private record Answer(int status, @Nullable Bytes body) {}

    private Answer answer(HttpExchange exchange, String operation, String request) {
        try {
            requireSigned(exchange);
            Map<String, String> members = FlatJson.parse(request);
            StandInKey key = key(members, operation);
            return switch (operation) {
                case "Sign" -> sign(key, members);
                case "GetPublicKey" -> new Answer(200, publicKey(key));
                case "DescribeKey" -> new Answer(200, describe(key));
                default -> throw KmsError.refused("UnknownOperationException", operation);
            };
        } catch (KmsError refused) {
            kms.counted(operation + ":refused");
            return new Answer(refused.status(), refused.body());
        }
    }

    /** "Common Errors" (API Reference): a request without a signature is a MissingAuthenticationTokenException. */
    private static void requireSigned(HttpExchange exchange) throws KmsError {
        String authorization = exchange.getRequestHeaders().getFirst("Authorization");
        if (authorization == null
                || !authorization.startsWith("AWS4-HMAC-SHA256 Credential=")
                || !authorization.contains("/" + KmsStandIn.REGION + "/kms/aws4_request")) {
            throw KmsError.refused(
                    "MissingAuthenticationTokenException",
                    "Request is missing Authentication Token for " + KmsStandIn.REGION);
        }
    }

    private StandInKey key(Map<String, String> members, String operation) throws KmsError {
        String arn = members.get("KeyId");
        if (arn == null) {
            throw KmsError.refused("ValidationException", "1 validation error detected: Value null at 'keyId'");
        }
        StandInKey key = kms.keys.get(arn);
        // "API_Sign", Errors: NotFoundException, HTTP 400.
        if (key == null) {
            throw KmsError.refused("NotFoundException", "Key '" + arn + "' does not exist");
        }
        // "Common Errors": AccessDeniedException, HTTP 400; the text is that of an IAM denial.
        if (operation.equals(kms.denied.get(arn))) {
            throw KmsError.refused(
                    "AccessDeniedException",
                    "User: arn:aws:iam::111122223333:user/signer is not authorized to perform: kms:" + operation
                            + " on resource: " + arn + " because no identity-based policy allows the kms:" + operation
                            + " action");
        }
        return key;
    }

    private Answer sign(StandInKey key, Map<String, String> members) throws KmsError {
        // "Throttling AWS KMS requests" (Developer Guide): HTTP 400 and this text.
        if (!kms.quota.take()) {
            kms.counted("Sign:throttled");
            throw KmsError.refused(
                    "ThrottlingException",
                    "You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.");
        }
        if (takeOne(kms.unavailable)) {
            // "API_Sign", Errors: KMSInternalException, HTTP 500, "The request can be retried."
            throw KmsError.unavailable("KMSInternalException", "internal error");
        }
        KmsError refusal = kms.refusals.poll();
        if (refusal != null) {
            throw refusal;
        }
        // "Key states of AWS KMS keys" (Developer Guide), row Sign, notes 1 and 3.
        if (key.state() == StandInKey.State.DISABLED) {
            throw KmsError.refused("DisabledException", key.arn() + " is disabled.");
        }
        if (key.state() == StandInKey.State.PENDING_DELETION) {
            throw KmsError.refused("KMSInvalidStateException", key.arn() + " is pending deletion.");
        }
        String type = members.getOrDefault("MessageType", "RAW");
        String algorithm = members.getOrDefault("SigningAlgorithm", "");
        Bytes message = Bytes.fromBase64(members.getOrDefault("Message", ""));
        Bytes signature = Bytes.wrap(key.sign(message.toByteArray(), type, algorithm));
        kms.counted("Sign:ok");
        if (takeOne(kms.dropAfterSigning)) {
            return new Answer(0, null);
        }
        return new Answer(
                200,
                Json.obj()
                        .put("KeyId", key.arn())
                        .put("Signature", signature.base64())
                        .put("SigningAlgorithm", algorithm)
                        .build()
                        .bytes());
    }

    private static boolean takeOne(AtomicInteger left) {
        return left.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
    }

    /** "API_GetPublicKey", Response Syntax. */
    private static Bytes publicKey(StandInKey key) {
        return Json.obj()
                .put("KeyId", key.arn())
                .put("KeySpec", key.spec().name())
                .put("KeyUsage", "SIGN_VERIFY")
                .put("PublicKey", Bytes.wrap(key.publicKey()).base64())
                .put("SigningAlgorithms", Json.texts(key.spec().algorithms()))
                .build()
                .bytes();
    }

    /** "API_DescribeKey", Response Syntax, the members a signer could ask for. */
    private static Bytes describe(StandInKey key) {
        String state = switch (key.state()) {
            case ENABLED -> "Enabled";
            case DISABLED -> "Disabled";
            case PENDING_DELETION -> "PendingDeletion";
        };
        return Json.obj()
                .put(
                        "KeyMetadata",
                        Json.obj()
                                .put("Arn", key.arn())
                                .put("Enabled", key.state() == StandInKey.State.ENABLED)
                                .put("KeyId", key.arn().substring(key.arn().indexOf('/') + 1))
                                .put("KeySpec", key.spec().name())
                                .put("KeyState", state)
                                .put("KeyUsage", "SIGN_VERIFY")
                                .put("SigningAlgorithms", Json.texts(key.spec().algorithms()))
                                .build())
                .build()
                .bytes();
    }

    private static void send(HttpExchange exchange, Answer answer) {
        Bytes body = answer.body();
        try (exchange) {
            if (body != null) {
                exchange.getResponseHeaders().set("Content-Type", "application/x-amz-json-1.1");
                exchange.sendResponseHeaders(answer.status(), body.length());
                body.writeTo(exchange.getResponseBody());
            }
        } catch (IOException clientGone) {
            // The client hung up, as a killed signer does; there is nobody left to answer.
            return;
        }
    }
}
