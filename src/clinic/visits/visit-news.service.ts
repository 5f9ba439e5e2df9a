import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Temporal } from '../../platform/time/index.js';
import type { Visit } from './visit.type.js';
import type { VisitAsItWas, VisitLetterFacts } from './visit-letter.type.js';
import { beginsTheSame, isToldTheSame } from './visit-news.rules.js';
import { VisitRecordService } from './visit-record.service.js';

const RECIPIENT = {
  familyName: true,
  givenName: true,
  namePrefix: true,
  email: true,
  contactPreference: true,
} as const satisfies Prisma.PatientSelect;

const SITE = { name: true, addressLines: true } as const satisfies Prisma.SiteSelect;

/** A change is kept as its visit looked from outside: instants are text. */
interface Snapshot {
  /** What was written down before visits had a site does not say it. */
  readonly siteCode?: string;
  readonly startsAt: string;
  readonly endsAt: string;
  readonly steps: readonly SnapshotStep[];
}

interface SnapshotStep {
  readonly startsAt: string;
  readonly endsAt: string;
}

/** What the room that writes letters has to know of visits and those who are told of them. */
@Injectable()
export class VisitNewsService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(VisitRecordService) private readonly records: VisitRecordService,
  ) {}

  /** The visit as it stands, and as it was in some of its versions; null when there is none. For a letter, unrecorded. */
  async letterFacts(visitId: string, versions: readonly number[] = []): Promise<VisitLetterFacts | null> {
    return this.database.transaction(async (tx) => {
      const row = await tx.visit.findUnique({
        where: { id: visitId },
        select: {
          patient: { select: RECIPIENT },
          site: { select: SITE },
          visitType: { select: { name: true, modality: true } },
          steps: { select: { patientPresent: true }, orderBy: { position: 'asc' } },
          revisions: {
            where: { version: { in: [...versions] } },
            select: { version: true, snapshot: true },
          },
        },
      });
      if (row === null) return null;
      const visit = await this.records.read(tx, visitId);
      return {
        visitId,
        version: visit.version,
        status: visit.status,
        startsAt: visit.startsAt,
        attended: visit.steps.filter((_, index) => row.steps[index]?.patientPresent ?? true),
        visitTypeName: row.visitType.name,
        modality: row.visitType.modality,
        cancelReasonCode: visit.cancelReasonCode,
        bookedAt: visit.bookedAt,
        changedAt: visit.changedAt,
        patientId: visit.patientId,
        patient: row.patient,
        site: row.site,
        was: new Map(row.revisions.map(({ version, snapshot }) => [version, toAsItWas(snapshot, visit)])),
      };
    });
  }
}

function toAsItWas(snapshot: Prisma.JsonValue, visit: Visit): VisitAsItWas {
  const kept = snapshot as unknown as Snapshot;
  const was = {
    ...toTimes(kept),
    siteCode: kept.siteCode ?? visit.siteCode,
    steps: kept.steps.map(toTimes),
  };
  return {
    startsAt: was.startsAt,
    beginsTheSame: beginsTheSame(was, visit),
    isToldTheSame: isToldTheSame(was, visit),
  };
}

function toTimes({ startsAt, endsAt }: SnapshotStep) {
  return { startsAt: Temporal.Instant.from(startsAt), endsAt: Temporal.Instant.from(endsAt) };
}
