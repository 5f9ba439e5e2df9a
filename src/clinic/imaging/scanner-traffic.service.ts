import { Inject, Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Act, Actor } from '../audit/audit.type.js';
import { accessionNumberOf } from './scan-part.rules.js';
import {
  NOTE_CONTACT,
  PATIENTS_OF_LOOKS,
  PRUNE_QUERIES,
  PRUNE_REJECTIONS,
  QUERIES_KEPT_HOURS,
  QUERIES_KEPT_MAX,
  REJECTIONS_KEPT_MAX,
  REJECTIONS_KEPT_OF_ONE_ADDRESS_MAX,
} from './scanner-traffic.queries.js';
import type {
  Caller,
  Contact,
  LookSeen,
  RejectionSeen,
  RejectionsBeyond,
  Times,
  Traffic,
} from './scanner-traffic.rules.js';

/** DCM 110112 and 110113 (PS3.16 Annex D), as PS3.15 §A.5.3.10 and §A.5.3.11 name these events. */
const QUERY_EVENT = { code: '110112', scheme: 'DCM', meaning: 'Query' } as const;
const ALERT_EVENT = { code: '110113', scheme: 'DCM', meaning: 'Security Alert' } as const;

/** What a query asked, as it may be kept: JSON without anything about a patient in clear. */
export type KeptQuery = object;

/** Writes down what scanners did, a batch at a time. */
@Injectable()
export class ScannerTrafficService {
  private readonly log = new Logger('dicom');

  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** The audit record: all of it or nothing. What is kept beside it to explain is given up when it cannot be kept. */
  async write(traffic: Traffic<KeptQuery | null>): Promise<void> {
    await this.database.transaction(async (tx) => {
      const patients = await patientsOf(tx, traffic.looks);
      await this.audit.recordAll(tx, [
        ...traffic.looks.map((look, place) => toLookAct(look, patients.get(place) ?? [])),
        ...traffic.rejections.filter(({ isAudited }) => isAudited).map(toRejectionAct),
        ...traffic.beyond.map(toBeyondAct),
      ]);
      await keepRejections(tx, traffic.rejections);
    });
    await this.keepBeside(traffic);
  }

  /** In a transaction of its own: it must never cost the audit record, and never have that written twice. */
  private async keepBeside({ looks, contacts: heard }: Traffic<KeptQuery | null>): Promise<void> {
    if (heard.length === 0 && looks.every(({ query }) => query === null)) return;
    try {
      await this.database.transaction(async (tx) => {
        await this.keepQueries(tx, looks);
        // In one order, so that two processes do not wait for each other crosswise.
        const contacts = [...heard].sort((a, b) => (a.scannerId < b.scannerId ? -1 : 1));
        for (const contact of contacts) await noteContact(tx, contact);
      });
    } catch (error) {
      const [queriesLost, contactsLost] = [looks.length, heard.length];
      this.log.warn({ event: 'queries-not-kept', queriesLost, contactsLost, error });
    }
  }

  /** Queries that are too old to be kept go, whether or not others come. */
  async forgetOldQueries(): Promise<void> {
    const oldest = dateFromInstant(this.clock.now().subtract({ hours: QUERIES_KEPT_HOURS }));
    await this.database.transaction((tx) =>
      tx.scannerQuery.deleteMany({ where: { receivedAt: { lt: oldest } } }),
    );
  }

  private async keepQueries(tx: Tx, looks: readonly LookSeen<KeptQuery | null>[]): Promise<void> {
    const data = looks.flatMap((look): Prisma.ScannerQueryCreateManyInput[] =>
      look.query === null
        ? []
        : [
            {
              scannerId: look.scannerId,
              receivedAt: dateOf(look.lastAtMs),
              callingAETitle: look.callingAETitle,
              source: look.remoteAddress,
              keys: look.query as Prisma.InputJsonObject,
              status: look.status,
              answerCount: look.part?.answerCount ?? look.stepIds.length,
            },
          ],
    );
    if (data.length === 0) return;
    await tx.scannerQuery.createMany({ data });
    for (const scannerId of [...new Set(data.map((row) => row.scannerId))].sort()) {
      await tx.$executeRawUnsafe(PRUNE_QUERIES, scannerId, QUERIES_KEPT_MAX);
    }
  }
}

/** The patients of each look, by its place. */
async function patientsOf(
  tx: Tx,
  looks: readonly LookSeen<unknown>[],
): Promise<ReadonlyMap<number, readonly string[]>> {
  const shown = looks.map(({ stepIds }) => [...new Set(stepIds.map(accessionNumberOf))]);
  if (shown.every((accessionNumbers) => accessionNumbers.length === 0)) return new Map();
  const rows = await tx.$queryRawUnsafe<{ place: number; patientIds: string[] }[]>(
    PATIENTS_OF_LOOKS,
    JSON.stringify(shown),
  );
  return new Map(rows.map(({ place, patientIds }) => [place, patientIds]));
}

function toLookAct(look: LookSeen<unknown>, patientIds: readonly string[]): Act {
  const { scannerId, stepIds, status, secured } = look;
  return {
    actor: actorOf(look),
    occurredAt: instantOf(look.lastAtMs),
    record: {
      action: 'worklist.queried',
      subjectType: 'scanner',
      subjectId: scannerId,
      patientIds,
      after: {
        event: QUERY_EVENT,
        stepIds,
        status,
        secured,
        ...severalOf(look),
        ...(look.isMixed ? { mixed: true } : {}),
        ...(look.part === undefined ? {} : { part: look.part }),
      },
    },
  };
}

function toRejectionAct(rejection: RejectionSeen): Act {
  const { callingAETitle, calledAETitle, secured, reason, explanation } = rejection;
  return {
    actor: actorOf(rejection),
    occurredAt: instantOf(rejection.lastAtMs),
    record: {
      action: 'association.rejected',
      subjectType: 'scanner',
      after: {
        event: ALERT_EVENT,
        callingAETitle,
        calledAETitle,
        secured,
        reason,
        ...(explanation === null ? {} : { explanation }),
        ...severalOf(rejection),
      },
    },
  };
}

function toBeyondAct(beyond: RejectionsBeyond): Act {
  const { callingAETitles, remoteAddresses } = beyond;
  return {
    actor: { kind: 'SYSTEM', id: null, label: 'scanner door', requestId: null, source: null },
    occurredAt: instantOf(beyond.lastAtMs),
    record: {
      action: 'association.rejected',
      subjectType: 'scanner',
      after: {
        event: ALERT_EVENT,
        reason: 'too many to be written down one by one',
        callingAETitles,
        remoteAddresses,
        times: beyond.times,
        firstAt: instantOf(beyond.firstAtMs),
        lastAt: instantOf(beyond.lastAtMs),
      },
    },
  };
}

function actorOf({ callingAETitle, remoteAddress }: Caller): Actor {
  const label = callingAETitle === '' ? 'unknown' : callingAETitle;
  return { kind: 'SCANNER', id: null, label, requestId: null, source: remoteAddress };
}

function severalOf({ times, firstAtMs, lastAtMs }: Times): object {
  return times === 1 ? {} : { times, firstAt: instantOf(firstAtMs), lastAt: instantOf(lastAtMs) };
}

async function keepRejections(tx: Tx, rejections: readonly RejectionSeen[]): Promise<void> {
  if (rejections.length === 0) return;
  await tx.scannerRejection.createMany({
    data: rejections.map((rejection) => ({
      rejectedAt: dateOf(rejection.lastAtMs),
      callingAETitle: rejection.callingAETitle,
      calledAETitle: rejection.calledAETitle,
      source: rejection.remoteAddress,
      secured: rejection.secured,
      reason: rejection.reason,
      explanation: rejection.explanation,
    })),
  });
  await tx.$executeRawUnsafe(PRUNE_REJECTIONS, REJECTIONS_KEPT_MAX, REJECTIONS_KEPT_OF_ONE_ADDRESS_MAX);
}

async function noteContact(tx: Tx, contact: Contact): Promise<void> {
  const { scannerId, echoedAtMs, queriedAtMs, queryStatus, queryAnswers, steppedAtMs } = contact;
  await tx.$executeRawUnsafe(
    NOTE_CONTACT,
    scannerId,
    dateOrNull(echoedAtMs),
    dateOrNull(queriedAtMs),
    queryStatus,
    queryAnswers,
    dateOrNull(steppedAtMs),
  );
}

function dateOrNull(atMs: number | null): Date | null {
  return atMs === null ? null : dateOf(atMs);
}

function dateOf(atMs: number): Date {
  return dateFromInstant(instantOf(atMs));
}

function instantOf(atMs: number): Temporal.Instant {
  return Temporal.Instant.fromEpochMilliseconds(atMs);
}
