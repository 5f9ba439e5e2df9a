import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AppModule } from '../../src/app.module.js';
import { openDemoClinic } from '../../src/demo-clinic.js';
import { readConfig } from '../../src/platform/config/index.js';
import { Database } from '../../src/platform/database/database.service.js';
import { loadReferenceData } from '../../src/reference-data.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

let home: TestDatabase;
let folder: string;
let database: Database;
let app: NestFastifyApplication;

beforeAll(async () => {
  home = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), 'facet-test-demo-'));
  database = new Database(home.url);
  const config = readConfig({ ROLE: 'api', DATABASE_URL: home.url }, folder);
  app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl: home.url, schemaFile: true }),
    new FastifyAdapter(),
    { logger: false },
  );
  await app.init();
  await loadReferenceData(app);
}, 60_000);
afterAll(async () => {
  await app.close();
  await database.close();
  rmSync(folder, { recursive: true, force: true });
  await home.drop();
});

async function standing() {
  const { client } = database;
  const referrals = await client.referral.groupBy({
    by: ['status'],
    _count: true,
    orderBy: { status: 'asc' },
  });
  return {
    referrals: Object.fromEntries(referrals.map(({ status, _count }) => [status, _count])),
    referrers: await client.referrer.count(),
    entitled: await client.referrer.count({ where: { isEntitled: true } }),
    tellings: await client.referralTelling.count(),
    authorised: await client.imagingRequest.count({ where: { status: 'AUTHORISED' } }),
    licences: await client.licence.count(),
    rows: [await client.patient.count(), await client.auditEntry.count(), await client.referralEvent.count()],
  };
}

describe('the demo clinic', () => {
  it('has a directory and referrals that stand in several ways, and nobody is written to', async () => {
    await openDemoClinic(app, folder);
    expect(await standing()).toMatchObject({
      referrals: { RECEIVED: 1, ACCEPTED: 3, DECLINED: 1, RETURNED_WITH_ADVICE: 1, INFORMATION_REQUESTED: 1 },
      ...{ referrers: 3, entitled: 2, tellings: 0, authorised: 3, licences: 2 },
    });
  });

  it('is opened again without a trace', async () => {
    const before = await standing();
    await openDemoClinic(app, folder);
    expect(await standing()).toEqual(before);
  });
});
