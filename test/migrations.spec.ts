import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

// A database that has run a migration refuses to start when the migration is gone or says something else.
const published = readFileSync('prisma/published-migrations.sha256', 'utf8')
  .trim()
  .split('\n')
  .map((line) => ({ sha256: line.slice(0, 64), file: line.slice(66) }));
const present = readdirSync('prisma/migrations', { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => `prisma/migrations/${name}/migration.sql`)
  .sort();

it.each(published)('$file is as it was published', ({ sha256, file }) => {
  expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(sha256);
});

it('none is put before one that was published', () => {
  const files = published.map(({ file }) => file);
  expect(present.slice(0, files.length)).toEqual(files);
});
