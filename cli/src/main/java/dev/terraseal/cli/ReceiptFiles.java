package dev.terraseal.cli;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.receipt.Receipt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Receipts as people collect them: files, and directories in which every {@code *receipt.json} is one. */
final class ReceiptFiles {
    private static final String SUFFIX = "receipt.json";

    private ReceiptFiles() {}

    /** Each by its path; what cannot be read as a receipt is refused by name. Nothing is verified yet. */
    static Map<String, Receipt> read(List<Path> places) throws CommandFailedException, IOException {
        Map<String, Receipt> receipts = new LinkedHashMap<>();
        for (Path place : places) {
            List<Path> files = files(place);
            if (files.isEmpty()) {
                throw CommandFailedException.usage("--receipts: no *" + SUFFIX + " in " + place);
            }
            for (Path file : files) {
                receipts.put(file.toString(), parse(file));
            }
        }
        return receipts;
    }

    private static List<Path> files(Path place) throws CommandFailedException, IOException {
        if (Files.isRegularFile(place)) {
            return List.of(place);
        }
        if (!Files.isDirectory(place)) {
            throw CommandFailedException.usage("--receipts: there is no " + place);
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(place)) {
            all.filter(file -> file.toString().endsWith(SUFFIX))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .forEach(files::add);
        }
        return files;
    }

    private static Receipt parse(Path file) throws CommandFailedException, IOException {
        try {
            if (Files.size(file) > Receipt.BYTES_MAX) {
                throw new IllegalArgumentException("it has more than " + Receipt.BYTES_MAX + " bytes");
            }
            Receipt receipt = Receipt.parse(Bytes.wrap(Files.readAllBytes(file)));
            receipt.statement();
            return receipt;
        } catch (IllegalArgumentException notOne) {
            throw CommandFailedException.usage("--receipts: " + file + " is not a receipt: " + notOne.getMessage());
        }
    }
}
