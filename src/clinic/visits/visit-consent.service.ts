import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { VisitStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { Clock, instantFromDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { askedByVisit, ConsentService } from '../consent/consent.service.js';
import {
  type ConsentDependent,
  ConsentDependents,
  type EndedConsent,
} from '../consent/consent-dependents.service.js';
import { PatientService } from '../patients/patient.service.js';
import { VISITS_ON_CONSENT } from './visit-consent.queries.js';
import { VISIT_NOTICE_TOPICS, type VisitConsentMatter } from './visit-letter.type.js';

/** Characters of a visit's id that staff find it by. */
const REFERENCE_CHARACTERS = 8;
/**
 * Seconds since then are the version of a notice: whenever a consent ends it is said anew. How often it has ended is no such
 * number, since it shrinks again when two patients' records that were merged part.
 */
const COUNTED_FROM = Temporal.Instant.from('2020-01-01T00:00:00Z');
const STANDING: readonly VisitStatus[] = [VisitStatus.BOOKED, VisitStatus.ARRIVED, VisitStatus.IN_PROGRESS];

/**
 * Visits that stand on a consent: whoever takes it back has each of them written down and told to the clinic in the same
 * transaction. Nothing of the visit is locked or changed: it asks for the consent itself when its patient comes and when it
 * begins, and stands until a person has talked with the patient.
 */
@Injectable()
export class VisitConsentService implements ConsentDependent {
  readonly room = 'visits';

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: PatientService,
    @Inject(ConsentService) private readonly consents: ConsentService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(ConsentDependents) dependents: ConsentDependents,
  ) {
    outbox.declare(VISIT_NOTICE_TOPICS.consentWithdrawn);
    dependents.register(this);
  }

  /** Whoever calls this holds the patient, and so does whoever books: a visit is seen here, or sees that the consent ended. */
  async withdrawn(tx: Tx, actor: StaffActor, ended: EndedConsent): Promise<void> {
    const { purpose, procedureCode, recordId } = ended;
    const patientIds = await this.patients.allIdsOf(tx, ended.patientId);
    const visits = await tx.$queryRawUnsafe<readonly { id: string; patientId: string }[]>(
      VISITS_ON_CONSENT,
      patientIds,
      purpose,
      procedureCode,
    );
    if (visits.length === 0) return;
    const version = Math.floor(this.clock.now().since(COUNTED_FROM).total('seconds'));
    for (const { id, patientId } of visits) {
      await this.audit.record(tx, actor, {
        action: 'visit.consent-withdrawn',
        subjectType: 'visit',
        subjectId: id,
        patientIds: [patientId],
        after: { consentRecordId: recordId },
      });
      await this.outbox.post(tx, { topic: VISIT_NOTICE_TOPICS.consentWithdrawn, subjectId: id, version });
    }
  }

  /** What a notice tells; null when the visit is over by now, or the patient has consented anew. */
  async matter(client: Tx, visitId: string): Promise<VisitConsentMatter | null> {
    const visit = await client.visit.findFirst({
      where: { id: visitId, status: { in: [...STANDING] } },
      select: {
        patientId: true,
        startsAt: true,
        visitType: { select: { code: true, consentPurpose: true } },
      },
    });
    const purpose = visit?.visitType.consentPurpose ?? null;
    if (visit === null || purpose === null) return null;
    const { patientId, startsAt, visitType } = visit;
    const asked = askedByVisit(purpose, visitType.code);
    const { inForce } = await this.consents.inForce(client, patientId, purpose, this.clock.now(), asked);
    if (inForce) return null;
    const reference = `V-${visitId.slice(-REFERENCE_CHARACTERS).toUpperCase()}`;
    return { visitId, patientId, reference, startsAt: instantFromDate(startsAt) };
  }
}
