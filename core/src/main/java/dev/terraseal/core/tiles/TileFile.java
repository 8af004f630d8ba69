package dev.terraseal.core.tiles;

import dev.terraseal.core.bytes.Bytes;

/** A tile or entry bundle to be written: its name and its bytes. A full one never changes. */
public record TileFile(TilePath path, Bytes content) {}
