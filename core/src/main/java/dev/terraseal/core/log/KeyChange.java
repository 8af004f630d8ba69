package dev.terraseal.core.log;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.bytes.Digest;
import dev.terraseal.core.canonical.Json;
import dev.terraseal.core.log.KeyEvent.Action;
import dev.terraseal.core.log.KeyEvent.NewKey;
import dev.terraseal.core.log.KeyEvent.Provenance;
import dev.terraseal.core.log.KeyEvent.Revoked;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A key change before anyone signed it: what the authority is asked for.
 *
 * @param reason for people, such as {@code yearly}
 */
public record KeyChange(
        Action action,
        List<NewKey> keys,
        List<Revoked> revoked,
        @Nullable Provenance provenance,
        String reason) {
    public KeyChange {
        keys = List.copyOf(keys);
        revoked = List.copyOf(revoked);
    }

    /**
     * The JCS bytes the authority and every new key sign.
     *
     * @param previous of the last authorised change, {@link KeyRing#previous()}
     */
    public Bytes payload(Digest genesis, Digest previous) {
        List<Json> introduced = new ArrayList<>();
        for (NewKey each : keys) {
            introduced.add(Json.obj()
                    .put("algorithm", each.key().algorithm().name())
                    .put("from", each.from().value())
                    .put("keyid", each.key().keyid().hex())
                    .put("spki", each.key().spki().base64())
                    .put("use", each.key().use().text())
                    .build());
        }
        Json.Builder out = Json.obj()
                .put("action", action.text())
                .put("genesis", genesis)
                .put("keys", Json.arr(introduced))
                .put("previous", previous)
                .put("reason", reason);
        if (provenance != null) {
            out.put("provenance", provenance.json());
        }
        if (!revoked.isEmpty()) {
            out.put("revoke", Json.arr(withdrawn()));
        }
        return out.build().bytes();
    }

    private List<Json> withdrawn() {
        List<Json> out = new ArrayList<>();
        for (Revoked each : revoked) {
            Json.Builder line = Json.obj().put("keyid", each.keyid().hex()).put("reason", each.reason());
            if (each.compromisedFrom() != null) {
                line.put("compromisedFrom", each.compromisedFrom().value());
            }
            out.add(line.build());
        }
        return out;
    }
}
