package dev.terraseal.sequencer;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;

/**
 * The store is written once per 128 events and read only at the start: 12 MB do, where Streams' defaults would take some
 * 100 MB of memory outside the heap for each log.
 */
public final class SmallRocksDb implements RocksDBConfigSetter {
    private static final long BLOCK_CACHE_BYTES = 8L << 20;
    private static final long MEMTABLE_BYTES = 4L << 20;

    private final LRUCache cache = new LRUCache(BLOCK_CACHE_BYTES);

    @Override
    public void setConfig(String storeName, Options options, Map<String, Object> configs) {
        // Streams reads its metrics from the instance it made, and refuses another.
        BlockBasedTableConfig table = (BlockBasedTableConfig) options.tableFormatConfig();
        table.setBlockCache(cache);
        table.setCacheIndexAndFilterBlocks(true);
        options.setTableFormatConfig(table);
        options.setWriteBufferSize(MEMTABLE_BYTES);
        options.setMaxWriteBufferNumber(2);
        options.setMaxBackgroundJobs(1);
    }

    @Override
    public void close(String storeName, Options options) {
        cache.close();
    }
}
