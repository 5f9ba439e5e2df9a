import { defineConfig } from 'prisma/config';

/**
 * For Prisma's own command line, which a developer may use; Facet itself migrates through
 * src/platform/database/migrate.ts. The URL is left out on purpose unless one is given: generating needs none.
 */
export default defineConfig({
  schema: 'prisma/schema',
  migrations: { path: 'prisma/migrations' },
  ...(process.env.DATABASE_URL ? { datasource: { url: process.env.DATABASE_URL } } : {}),
});
