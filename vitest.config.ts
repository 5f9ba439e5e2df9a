import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import swc from 'unplugin-swc';
import { defineConfig } from 'vitest/config';

const swcPlugin = swc.vite({
  swcrc: false,
  module: { type: 'es6' },
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    keepClassNames: true,
  },
});

/** graphql 16 has two builds; Node loads this one, and Vite would otherwise load the other beside it. */
const resolve = {
  alias: [{ find: /^graphql$/, replacement: fileURLToPath(import.meta.resolve('graphql/index.js')) }],
};

/**
 * Spec files at a time. A file waits for its PostgreSQL half of the time, so that there is one more than cores; a
 * machine with many of them is not filled, because each holds a whole application.
 */
const WORKERS_MAX = 8;
const WORKERS = Math.min(availableParallelism() + 1, WORKERS_MAX);

/** Three speeds (test/README.md): instant needs nothing, medium a PostgreSQL, whole the built service. */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [swcPlugin],
        resolve,
        test: {
          name: 'instant',
          include: ['src/**/*.spec.ts', 'test/*.spec.ts'],
          setupFiles: ['test/support/metadata.ts'],
          // Instant on a quiet machine. Properties and parsers that take a second there take many where others work, too.
          testTimeout: 30_000,
          hookTimeout: 60_000,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 0 },
        },
      },
      {
        plugins: [swcPlugin],
        resolve,
        test: {
          name: 'medium',
          include: ['test/integration/**/*.spec.ts'],
          setupFiles: ['test/support/metadata.ts'],
          globalSetup: ['test/support/postgres.setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 120_000,
          maxWorkers: WORKERS,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins: [swcPlugin],
        resolve,
        test: {
          name: 'whole',
          include: ['test/e2e/**/*.spec.ts'],
          setupFiles: ['test/support/metadata.ts'],
          globalSetup: ['test/support/postgres.setup.ts'],
          testTimeout: 180_000,
          hookTimeout: 180_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
