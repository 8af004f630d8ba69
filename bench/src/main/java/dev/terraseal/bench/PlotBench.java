package dev.terraseal.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.terraseal.bench.plot.Plot;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/** {@code terraseal bench plot FILE.json …}: each as FILE.svg. */
public final class PlotBench {
    private PlotBench() {}

    /** Returns the exit code; names each picture on {@code out}. */
    public static int run(List<Path> files, PrintStream out, PrintStream err) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        for (Path file : files) {
            String name = file.getFileName().toString();
            if (!name.endsWith(".json")) {
                err.println(file + " is no .json file: give answers that bench --json printed");
                return 2;
            }
            try {
                Path picture = file.resolveSibling(name.substring(0, name.length() - ".json".length()) + ".svg");
                Files.writeString(picture, new Plot(mapper.readTree(Files.readString(file))).svg());
                out.println(picture);
            } catch (JsonProcessingException | IllegalArgumentException wrong) {
                err.println(file + " cannot be drawn: " + wrong.getMessage());
                return 2;
            } catch (NoSuchFileException missing) {
                err.println(file + " is not there");
                return 2;
            }
        }
        return 0;
    }
}
