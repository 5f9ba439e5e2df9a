import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ConsentPurpose } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
import { Clock, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { ConsentRecord, ConsentStanding } from './consent.type.js';
import { toDecision, WITH_WORDING } from './consent-record.service.js';
import { ConsentStandingService, type ConsentSubject, toHold } from './consent-standing.service.js';

/** Looks at what one patient decided. Each look is recorded. */
@Injectable()
export class ConsentLookService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ConsentStandingService) private readonly standings: ConsentStandingService,
  ) {}

  /** Where a patient stands on a purpose, now or at another time. Throws NOT_FOUND. */
  async consentInForce(
    actor: Actor,
    patientId: string,
    purpose: ConsentPurpose,
    at: Temporal.Instant = this.clock.now(),
    subject: ConsentSubject | null = null,
  ): Promise<ConsentStanding> {
    return this.database.transaction(async (tx) => {
      await this.patients.mustHavePatient(tx, patientId);
      const { standing, ground } = await this.standings.standing(tx, patientId, purpose, at, subject);
      await this.recordLook(tx, actor, patientId, { purpose, ...subject });
      const { recordId: _, ...hold } = toHold(standing, at, ground);
      return { ...hold, record: standing.decision };
    });
  }

  /** Every decision of a patient, the latest first. Throws NOT_FOUND. */
  async consentRecords(actor: Actor, patientId: string, page: PageInput): Promise<Page<ConsentRecord>> {
    const after = page.after ? decodeCursor(page.after, ['uuid'])[0] : undefined;
    return this.database.transaction(async (tx) => {
      await this.patients.mustHavePatient(tx, patientId);
      const patientIds = await this.patients.allIdsOf(tx, patientId);
      const rows = await tx.consentRecord.findMany({
        where: { patientId: { in: [...patientIds] } },
        include: WITH_WORDING,
        orderBy: [{ decidedAt: 'desc' }, { recordedAt: 'desc' }, { id: 'desc' }],
        take: page.size + 1,
        ...(after === undefined ? {} : { cursor: { id: after }, skip: 1 }),
      });
      await this.recordLook(tx, actor, patientId, {});
      const shown = rows.slice(0, page.size).map(toDecision);
      const last = shown.at(-1);
      return { items: shown, nextCursor: rows.length > page.size && last ? encodeCursor(last.id) : null };
    });
  }

  /** For this room. */
  async recordLook(tx: Tx, actor: Actor, patientId: string, after: object): Promise<void> {
    await this.audit.record(tx, actor, {
      action: 'consent.viewed',
      subjectType: 'consent-record',
      patientIds: [patientId],
      after,
    });
  }
}
