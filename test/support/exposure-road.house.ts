import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { AppModule } from '../../src/app.module.js';
import { ScannerDoor } from '../../src/clinic/imaging/scanner.dicom.js';
import { openDemoClinic } from '../../src/demo-clinic.js';
import { readConfig } from '../../src/platform/config/index.js';
import { InputPipe } from '../../src/platform/graphql/input.pipe.js';
import { Clock, localDate, Temporal } from '../../src/platform/time/index.js';
import { loadReferenceData } from '../../src/reference-data.js';
import { createTestDatabase } from './database.js';
import { FixedClock } from './fixed-clock.js';
import { type DemoRole, type SignedInClient, signIn } from './graphql.js';

export const CLINIC_ZONE = 'Europe/London';
const DESKS = ['reception', 'clinician', 'imaging', 'manager'] as const satisfies readonly DemoRole[];
export type Desk = (typeof DESKS)[number];

/** The whole application in this process, with the demo clinic, both doors on free ports and a clock that a test moves. */
export interface RoadHouse {
  readonly clock: FixedClock;
  readonly dicomPort: number;
  readonly databaseUrl: string;
  /** Whoever is signed in at that desk since the clock was last moved. */
  desk(desk: Desk): SignedInClient;
  /** Moves the clock, to an instant such as `2026-03-10T08:30:00Z`, and signs everybody in: sessions grow old with it. */
  at(now: Temporal.Instant | string): Promise<void>;
  /** The clinic's day, `2026-03-10`; so many days later or, below zero, before. */
  day(later?: number): string;
  close(): Promise<void>;
}

export async function openRoadHouse(now: string): Promise<RoadHouse> {
  const clock = new FixedClock(now);
  const home = await createTestDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'facet-test-road-'));
  const settings = { ROLE: 'api,scanner', DATABASE_URL: home.url, DICOM_PORT: '0', HOST: '127.0.0.1' };
  const config = readConfig(settings, folder);
  const module = await Test.createTestingModule({
    imports: [AppModule.with({ config, databaseUrl: home.url, schemaFile: true })],
  })
    .overrideProvider(Clock)
    .useValue(clock)
    .compile();
  const app = module.createNestApplication<NestFastifyApplication>(new FastifyAdapter(), { logger: false });
  app.useGlobalPipes(new InputPipe());
  await app.init();
  await loadReferenceData(app);
  const { password } = await openDemoClinic(app, folder);
  const door = app.get(ScannerDoor);
  const { port: dicomPort } = await door.open();
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  const desks = new Map<Desk, SignedInClient>();
  const house: RoadHouse = {
    clock,
    dicomPort,
    databaseUrl: home.url,
    desk: (desk) => {
      const client = desks.get(desk);
      if (client === undefined) throw new Error(`nobody is signed in at ${desk}`);
      return client;
    },
    at: async (instant) => {
      clock.set(instant);
      for (const desk of DESKS) desks.set(desk, await signIn(url, `${desk}@facet.example`, password));
    },
    day: (later = 0) => localDate(clock.now(), CLINIC_ZONE).add({ days: later }).toString(),
    close: async () => {
      await door.close();
      await app.close();
      await home.drop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  await house.at(Temporal.Instant.from(now));
  return house;
}
