package dev.terraseal.run.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What the pipeline says is wrong (RFC 9457).
 *
 * @param code stable, for programs; empty where it is not the pipeline that says so
 * @param detail for people; control characters are taken out, for it may quote what somebody sent
 * @param places index, JSON pointer and reason of each thing that is wrong, where the pipeline names them
 */
public record Problem(int status, String code, String detail, List<Place> places) {
    /** Our own: an answer that holds a receipt nobody can read. */
    static final String BAD_RECEIPT = "bad-receipt";

    private static final String TYPE = "https://terraseal.dev/problems/";
    private static final int DETAIL_MAX = 2_000;

    /** One wrong thing. {@code index} is the event's place in the request, from 0. */
    public record Place(int index, String pointer, String reason) {}

    public Problem {
        places = List.copyOf(places);
    }

    static Problem of(int status, JsonNode body) {
        List<Place> places = new ArrayList<>();
        for (JsonNode problem : body.path("problems")) {
            places.add(new Place(
                    problem.path("index").asInt(0),
                    printable(problem.path("pointer").asText(), 200),
                    printable(problem.path("message").asText(), DETAIL_MAX)));
        }
        String detail = body.path("detail").asText();
        String code = printable(body.path("code").asText(), 64);
        return new Problem(
                status,
                body.path("type").asText().equals(TYPE + code) ? code : "",
                detail.isEmpty() ? "the server answered " + status : printable(detail, DETAIL_MAX),
                places);
    }

    /** Whether the pipeline said it, and not something between us and it. */
    public boolean isOfPipeline() {
        return !code.isEmpty();
    }

    /** Whether the pipeline took the event and answered with a receipt that nobody can read. */
    public boolean isBadReceipt() {
        return code.equals(BAD_RECEIPT);
    }

    /** Fit for a terminal: no control characters, no more than {@code max} characters. */
    static String printable(String text, int max) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= max ? clean : clean.substring(0, max) + "…";
    }

    /** One line for a person: every place, or the detail where none is named. */
    public String summary() {
        if (places.isEmpty()) {
            return detail;
        }
        StringBuilder out = new StringBuilder();
        for (Place place : places) {
            out.append(out.length() == 0 ? "" : "; ");
            out.append(place.pointer().isEmpty() ? "" : place.pointer() + ": ");
            out.append(place.reason().isEmpty() ? detail : place.reason());
        }
        return out.toString();
    }
}
