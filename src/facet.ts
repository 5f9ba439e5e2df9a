import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Logger } from 'pino';
import { AppModule } from './app.module.js';
import { DocumentScanService } from './clinic/documents/document-scan.service.js';
import { RedFlagAlertService } from './clinic/enquiries/red-flag-alert.service.js';
import { PerformedStepWatch } from './clinic/imaging/performed-step.jobs.js';
import { ScannerDoor } from './clinic/imaging/scanner.dicom.js';
import { ScannerHealthService } from './clinic/imaging/scanner-health.service.js';
import { WorklistReconciler } from './clinic/imaging/worklist.jobs.js';
import { RiskTaskRecordService } from './clinic/outcomes/risk-task-record.service.js';
import { type DemoClinic, openDemoClinic } from './demo-clinic.js';
import { type Config, StartupError } from './platform/config/index.js';
import { assertConstraints } from './platform/database/constraints.js';
import { Database } from './platform/database/database.service.js';
import {
  type EmbeddedPostgres,
  startEmbeddedPostgres,
} from './platform/database/embedded/embedded-postgres.js';
import { migrate } from './platform/database/migrate.js';
import { InputPipe } from './platform/graphql/input.pipe.js';
import { HealthService } from './platform/health/health.service.js';
import { refuseAddress } from './platform/http/unreadable-address.js';
import { createLogger, NestLog } from './platform/log/logger.js';
import { OutboxHealth } from './platform/outbox/index.js';
import { QueueService } from './platform/queue/index.js';
import { loadReferenceData } from './reference-data.js';
import { REQUIRED_CONSTRAINTS } from './required-constraints.js';

// The largest letter of the API is a mutation with a few kilobytes of text; this leaves room and bounds the parser.
const BODY_BYTES_MAX = 100 * 1024;
// A header or body that trickles in longer than this is not a person waiting at a desk.
const REQUEST_TIMEOUT_MS = 30_000;
// Whatever is not closed by then hangs. Longer than a statement may take, shorter than an orchestrator's patience.
const CLOSE_STEP_MAX_MS = 25_000;

// Often enough that nobody waits for it, seldom enough to cost nothing.
const IDLE_SWEEP_MS = 50;

/** Everything that was opened, and how to close it again. */
export interface RunningFacet {
  readonly httpUrl: string;
  readonly dicom: { readonly host: string; readonly port: number; readonly tlsPort: number | null } | null;
  /** Present when the embedded database holds the demo clinic. */
  readonly demo: DemoClinic | null;
  close(): Promise<void>;
}

export interface StartOptions {
  readonly config: Config;
  /** Takes the few lines worth telling the person who starts Facet. */
  readonly say: (line: string) => void;
  /** Called when the embedded database ends without having been asked to. */
  readonly onDatabaseLost: () => void;
  /** Aborted when the person at the terminal asks to stop while the start is under way. */
  readonly signal: AbortSignal;
}

/** The start was interrupted on request; what was opened has been closed. */
export class StartStopped extends Error {
  override readonly name = 'StartStopped';
}

function stopIfAsked(signal: AbortSignal): void {
  if (signal.aborted) throw new StartStopped('stopped while starting');
}

/** Each step gets its chance, also when one before it failed or hangs; the first failure is told at the end. */
async function closeAll(closers: readonly (() => Promise<void>)[]): Promise<void> {
  const failures: unknown[] = [];
  for (const closeNext of closers) {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((_, giveUp) => {
      timer = setTimeout(() => giveUp(new Error('a part did not close in time')), CLOSE_STEP_MAX_MS);
    });
    await Promise.race([closeNext(), patience])
      .catch((error: unknown) => failures.push(error))
      .finally(() => clearTimeout(timer));
  }
  if (failures.length > 0) throw failures[0];
}

/** Database, migrations, rooms, doors, in this order. What was opened is closed again when a later step fails. */
export async function startFacet({
  config,
  say,
  onDatabaseLost,
  signal,
}: StartOptions): Promise<RunningFacet> {
  const closers: (() => Promise<void>)[] = [];
  let closing: Promise<void> | null = null;
  // Whoever asks again waits for the same closing.
  const close = () => {
    closing ??= closeAll(closers.splice(0).reverse());
    return closing;
  };
  try {
    stopIfAsked(signal);
    const embedded = await openDatabase(config, say, onDatabaseLost);
    if (embedded !== null) closers.push(() => embedded.stop());
    const databaseUrl = embedded?.url ?? config.databaseUrl ?? '';
    stopIfAsked(signal);
    await migrate(databaseUrl);
    stopIfAsked(signal);
    const app = await createApp(config, databaseUrl);
    closers.push(() => closeApp(app));
    await assertConstraints(app.get(Database).client, REQUIRED_CONSTRAINTS);
    await loadReferenceData(app);
    stopIfAsked(signal);
    const demo = embedded === null ? null : await openDemoClinic(app, config.home);
    stopIfAsked(signal);
    const dicom = await openScannerDoor(app, config, closers);
    const httpUrl = await listen(app, config);
    closers.push(async () => app.get(HealthService).startClosing());
    return { httpUrl, dicom, demo, close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

async function openDatabase(
  config: Config,
  say: (line: string) => void,
  onLost: () => void,
): Promise<EmbeddedPostgres | null> {
  if (config.databaseUrl !== undefined) return null;
  return startEmbeddedPostgres({ home: config.home, say, onLost });
}

async function createApp(config: Config, databaseUrl: string): Promise<NestFastifyApplication> {
  const logger = createLogger(config.logLevel);
  const app = await NestFactory.create<NestFastifyApplication>(
    AppModule.with({ config, databaseUrl, schemaFile: true }),
    fastifyAdapter(logger, config),
    { logger: new NestLog(logger), abortOnError: false },
  );
  app.useGlobalPipes(new InputPipe());
  const health = app.get(HealthService);
  health.register('database', async () => {
    await app.get(Database).ping();
    return true;
  });
  health.register('queues', () => app.get(QueueService).isReady());
  health.registerFigure('outboxStuck', () => app.get(OutboxHealth).outboxStuck());
  health.registerFigure('scannersSilent', () => app.get(ScannerHealthService).scannersSilent());
  health.registerFigure('documentsStopped', () => app.get(DocumentScanService).documentsStopped());
  health.registerFigure('redFlagsOpen', () => app.get(RedFlagAlertService).openCount());
  health.registerFigure('riskTasksOpen', () => app.get(RiskTaskRecordService).openCount());
  if (config.roles.has('scanner')) health.register('dicom', async () => app.get(ScannerDoor).isOpen);
  // Rooms are built, the roll is called and, in the role worker, the relay starts.
  await app.init();
  return app;
}

function fastifyAdapter(logger: Logger, config: Config): FastifyAdapter {
  return new FastifyAdapter({
    loggerInstance: logger,
    // Behind a proxy every request would seem to come from the proxy; what anybody else says of itself is not believed.
    trustProxy: config.trustedProxies.length === 0 ? false : [...config.trustedProxies],
    frameworkErrors: refuseAddress,
    bodyLimit: BODY_BYTES_MAX,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // At the end, connections that wait are closed and those with a request are answered first.
    forceCloseConnections: 'idle',
    // An id of our own: one sent by the caller could be made to look like another's.
    requestIdHeader: false,
    genReqId: () => crypto.randomUUID(),
  });
}

/**
 * Requests under way are answered; a connection that has its answer is closed and not kept for a next request, which
 * would hold the end up for as long as its client likes.
 */
async function closeApp(app: NestFastifyApplication): Promise<void> {
  const server = app.getHttpServer();
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
  }
}

async function openScannerDoor(
  app: NestFastifyApplication,
  config: Config,
  closers: (() => Promise<void>)[],
): Promise<RunningFacet['dicom']> {
  if (!config.roles.has('scanner')) return null;
  for (const job of [app.get(WorklistReconciler), app.get(PerformedStepWatch)]) {
    closers.push(() => job.stop());
    await job.start();
  }
  const door = app.get(ScannerDoor);
  closers.push(() => door.close());
  return door.open();
}

async function listen(app: NestFastifyApplication, config: Config): Promise<string> {
  try {
    await app.listen(config.port, config.host);
    return await app.getUrl();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new StartupError(
        `The port ${config.port} on ${config.host} is taken by another program. Stop that program, or set PORT to a free port.`,
      );
    }
    if (code === 'EACCES') {
      throw new StartupError(
        `This user may not listen on port ${config.port}. Set PORT to a port above 1023.`,
      );
    }
    if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
      throw new StartupError(
        `This machine has no address ${config.host}. Set HOST to one of its own addresses.`,
      );
    }
    throw error;
  }
}
