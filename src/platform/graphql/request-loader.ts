import DataLoader from 'dataloader';
import type { RequestContext } from './request-context.js';

// What one screen of a list can ask for at once; a larger batch is split into several statements.
const BATCH_MAX_KEYS = 500;

/**
 * The loader of one request: keys that fields ask for in the same turn are looked up by one statement, each once. A key that is not in the answer loads as null.
 */
export function requestLoader<Value>(
  request: RequestContext,
  name: symbol,
  loadMany: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): DataLoader<string, Value | null> {
  const known = request.memory.get(name);
  if (known instanceof DataLoader) return known;
  const loader = new DataLoader<string, Value | null>(
    async (keys) => {
      const found = await loadMany([...new Set(keys)]);
      return keys.map((key) => found.get(key) ?? null);
    },
    // Nothing is kept beyond the batch: one request may change a thing and look at it twice.
    { maxBatchSize: BATCH_MAX_KEYS, cache: false },
  );
  request.memory.set(name, loader);
  return loader;
}
