package dev.terraseal.page.browser;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;

/** One page in the browser. */
public final class Tab implements AutoCloseable {
    private final DevTools tools;
    private final String session;
    private final String target;

    Tab(DevTools tools, String session, String target) {
        this.tools = tools;
        this.session = session;
        this.target = target;
    }

    private static ObjectNode object() {
        return DevTools.JSON.createObjectNode();
    }

    void go(URI page) {
        tools.send(session, "Page.navigate", object().put("url", page.toString()));
        until("document.readyState === 'complete' && location.href !== 'about:blank'");
    }

    /** The value of an expression in the page; a promise is waited for. */
    public JsonNode evaluate(String expression) {
        JsonNode answer = tools.send(
                session,
                "Runtime.evaluate",
                object().put("expression", expression).put("awaitPromise", true).put("returnByValue", true));
        if (answer.has("exceptionDetails")) {
            throw new IllegalStateException("in the page: "
                    + answer.get("exceptionDetails")
                            .path("exception")
                            .path("description")
                            .asText()
                    + answer.get("exceptionDetails").path("text").asText());
        }
        return answer.path("result").path("value");
    }

    /** Waits until an expression is true. */
    public void until(String expression) {
        for (int i = 0; i < 3000; i++) {
            if (evaluate(expression).asBoolean()) {
                return;
            }
            pause();
        }
        throw new IllegalStateException("never became true in the page: " + expression);
    }

    private static void pause() {
        try {
            Thread.sleep(50);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(stopped);
        }
    }

    /** Gives files, or a folder, to a file input as if a person had chosen them. */
    public void choose(String input, Path... files) {
        String element = tools.send(
                        session,
                        "Runtime.evaluate",
                        object().put("expression", "document.querySelector('" + input + "')"))
                .path("result")
                .path("objectId")
                .asText();
        ObjectNode parameters = object().put("objectId", element);
        ArrayNode names = parameters.putArray("files");
        for (Path file : files) {
            names.add(file.toAbsolutePath().normalize().toString());
        }
        tools.send(session, "DOM.setFileInputFiles", parameters);
    }

    /** Drags files, or a folder, over an element and drops them there, as from a file manager. */
    public void drop(String element, Path... files) {
        JsonNode box = evaluate("""
                (() => {
                  const element = document.querySelector('%s');
                  element.scrollIntoView({ block: 'center' });
                  const { x, y, width, height } = element.getBoundingClientRect();
                  return { x: x + width / 2, y: y + height / 2 };
                })()
                """.formatted(element));
        for (String type : new String[] {"dragEnter", "dragOver", "drop"}) {
            ObjectNode parameters = object().put("type", type)
                    .put("x", box.get("x").asDouble())
                    .put("y", box.get("y").asDouble());
            ObjectNode data = parameters.putObject("data").put("dragOperationsMask", 1);
            data.putArray("items");
            ArrayNode names = data.putArray("files");
            for (Path file : files) {
                names.add(file.toAbsolutePath().normalize().toString());
            }
            tools.send(session, "Input.dispatchDragEvent", parameters);
        }
    }

    /** Presses a key as a keyboard does. */
    public void press(String key, String text) {
        for (String type : new String[] {"keyDown", "keyUp"}) {
            ObjectNode parameters = object().put("type", type).put("key", key).put("code", key);
            if (key.equals("Enter")) {
                parameters.put("windowsVirtualKeyCode", 13);
            } else if (key.equals("Tab")) {
                parameters.put("windowsVirtualKeyCode", 9);
            }
            if (type.equals("keyDown") && !text.isEmpty()) {
                parameters.put("text", text);
            }
            tools.send(session, "Input.dispatchKeyEvent", parameters);
        }
    }

    /** The width of the window, and whether the person prefers the dark. */
    public void look(int width, boolean dark) {
        tools.send(
                session,
                "Emulation.setDeviceMetricsOverride",
                object().put("width", width)
                        .put("height", 900)
                        .put("deviceScaleFactor", 1)
                        .put("mobile", false));
        ObjectNode media = object();
        media.putArray("features")
                .addObject()
                .put("name", "prefers-color-scheme")
                .put("value", dark ? "dark" : "light");
        tools.send(session, "Emulation.setEmulatedMedia", media);
    }

    public void screenshot(Path out) throws IOException {
        JsonNode answer = tools.send(
                session, "Page.captureScreenshot", object().put("format", "png").put("captureBeyondViewport", true));
        Files.write(out, Base64.getDecoder().decode(answer.get("data").asText()));
    }

    @Override
    public void close() {
        tools.send(null, "Target.closeTarget", object().put("targetId", target));
    }
}
