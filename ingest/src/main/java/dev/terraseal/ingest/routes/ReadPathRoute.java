package dev.terraseal.ingest.routes;

import dev.terraseal.core.bytes.Bytes;
import dev.terraseal.core.tiles.TilePath;
import dev.terraseal.ingest.http.ProblemException;
import dev.terraseal.ingest.http.Reply;
import dev.terraseal.ingest.http.Request;
import dev.terraseal.ingest.http.Route;
import dev.terraseal.store.ArchiveNames;
import dev.terraseal.store.ArchiveReader;
import dev.terraseal.store.StoreException;
import dev.terraseal.store.Stored;
import dev.terraseal.store.TileForm;
import java.util.Optional;

/** The C2SP tlog-tiles read path: {@code /checkpoint} and {@code /tile/…}. Open to all: it reveals number and time only. */
public final class ReadPathRoute implements Route {
    private final ArchiveReader archive;

    public ReadPathRoute(ArchiveReader archive) {
        this.archive = archive;
    }

    @Override
    public Reply answer(Request request) throws ProblemException, StoreException {
        request.requireMethod("GET", "HEAD");
        String path = request.path().substring(1);
        if (path.equals(ArchiveNames.CHECKPOINT)) {
            Bytes note = archive.readNewest(path)
                    .orElseThrow(() -> new ProblemException(404, "not-found", "the log has no checkpoint yet"));
            return Reply.bytes(200, "text/plain; charset=utf-8", note).header("Cache-Control", "no-cache");
        }
        Optional<TilePath> tile = TilePath.parse(path);
        if (tile.isEmpty()) {
            throw new ProblemException(
                    404, "not-found", "'/" + path + "' is no path of a tiled log (c2sp.org/tlog-tiles)");
        }
        Optional<Bytes> content = tile.get().isFull()
                ? archive.read(path, new TileForm(tile.get())).map(Stored::content)
                : archive.readNewest(path);
        if (content.isEmpty()) {
            throw new ProblemException(
                    404, "not-found", "no such tile; a partial one is gone once the full one is there");
        }
        return Reply.bytes(200, "application/octet-stream", content.get())
                .header("Cache-Control", "public, max-age=31536000, immutable");
    }
}
