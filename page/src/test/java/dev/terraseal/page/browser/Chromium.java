package dev.terraseal.page.browser;

import dev.terraseal.testkit.tools.Tool;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A headless Chromium with a profile of its own. */
public final class Chromium implements AutoCloseable {
    private final Process process;
    private final Path profile;
    private final DevTools tools;

    private Chromium(Process process, Path profile, DevTools tools) {
        this.process = process;
        this.profile = profile;
        this.tools = tools;
    }

    /** Starts one. Skips the calling test, or fails it, where there is no Chromium. */
    public static Chromium start() throws IOException, InterruptedException {
        Path program = Tool.require("chromium");
        Path profile = Files.createTempDirectory("terraseal-chromium");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--disable-dev-shm-usage",
                        "--user-data-dir=" + profile,
                        "--remote-debugging-port=0",
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path port = profile.resolve("DevToolsActivePort");
        for (int i = 0; i < 600; i++) {
            if (Files.exists(port)) {
                List<String> lines = Files.readAllLines(port);
                if (lines.size() == 2) {
                    URI address = URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
                    return new Chromium(process, profile, new DevTools(address));
                }
            }
            if (!process.isAlive()) {
                break;
            }
            Thread.sleep(100);
        }
        process.destroyForcibly();
        throw new IOException("Chromium did not come up: no " + port);
    }

    /** Opens a page in a tab of its own. */
    public Tab open(Path html) {
        String target = tools.send(
                        null,
                        "Target.createTarget",
                        DevTools.JSON.createObjectNode().put("url", "about:blank"))
                .get("targetId")
                .asText();
        String session = tools.send(
                        null,
                        "Target.attachToTarget",
                        DevTools.JSON.createObjectNode().put("targetId", target).put("flatten", true))
                .get("sessionId")
                .asText();
        Tab tab = new Tab(tools, session, target);
        tab.go(html.toUri());
        return tab;
    }

    @Override
    public void close() throws IOException {
        tools.close();
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        try {
            process.waitFor(30, TimeUnit.SECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(profile)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException stillWriting) {
            profile.toFile().deleteOnExit();
        }
    }
}
