import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { TreatmentAgentKind } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { IdempotencyKeyReused } from '../visits/visit.refusals.js';
import { PatientNotConfirmed } from './safety-pause.refusals.js';
import { notPassed, wrongPlace } from './safety-pause.rules.js';
import { RECORD_SAFETY_PAUSE_REFUSALS, type RecordSafetyPauseInput } from './safety-pause.type.js';
import { TreatmentChanged, TreatmentStandsOtherwise } from './treatment.refusals.js';
import {
  aspectsAskedOf,
  canTreatment,
  PAUSE_HOLDS_MINUTES,
  someText,
  someTextOrNull,
} from './treatment.rules.js';
import type { Treatment } from './treatment.type.js';
import { TreatmentConsentService } from './treatment-consent.service.js';
import { pointsOf, type ReadPlace } from './treatment-place.rules.js';
import { TreatmentRecordService } from './treatment-record.service.js';

/** A pause that asks nobody and stops nobody is none. */
const PRESENT_MIN = 2;

/** "Stop before you block": what is read out is held against the plan and the consent that are kept here. */
@Injectable()
export class SafetyPauseService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(TreatmentConsentService) private readonly consents: TreatmentConsentService,
    @Inject(TreatmentRecordService) private readonly records: TreatmentRecordService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /**
   * Records a pause that found everything right. One that did not is refused, and the audit record says so: it is a near
   * miss. Throws NOT_FOUND, BAD_INPUT.
   */
  async recordSafetyPause(booker: Booker, input: RecordSafetyPauseInput): Promise<Treatment | Refusal> {
    mustBeHeld(input, this.clock.now());
    const answer = await this.idempotency.once<Treatment>(
      { booker, operation: 'recordSafetyPause', input, refusals: RECORD_SAFETY_PAUSE_REFUSALS },
      (tx) => this.#record(tx, booker.actor, input),
    );
    if (isNearMiss(answer)) await this.#recordNearMiss(booker.actor, input.treatmentId, answer.code);
    return answer;
  }

  async #record(tx: Tx, actor: StaffActor, input: RecordSafetyPauseInput): Promise<Treatment | Refusal> {
    const before = await this.records.hold(tx, input.treatmentId);
    const { plan } = before;
    const refusal = canTreatment(before, 'pause');
    if (refusal !== null) return refusal;
    await mustWorkHere(tx, input.presentIds);
    if (plan === null || plan.number !== input.planVersion) return new TreatmentChanged(before.version);
    if (!input.isPatientConfirmed) return new PatientNotConfirmed();
    const readings = input.readings.map(({ source, places }) => ({ source, places: places.map(readPlace) }));
    const hasSteroid = plan.agents.some(({ agentKind }) => agentKind === TreatmentAgentKind.STEROID);
    const asked = aspectsAskedOf({ kind: before.kind, guidance: plan.guidance, hasSteroid });
    const wrong = wrongPlace(plan.targets, readings) ?? notPassed(asked, input.answers);
    if (wrong !== null) return wrong;
    const consentRecordId = await this.consents.inForce(tx, before, this.clock.now());
    if (isRefusal(consentRecordId)) return consentRecordId;
    await this.#write(tx, actor, input, { plan: plan.number, consentRecordId });
    return this.records.write(tx, actor, before, 'pause-held', {}, { heldAt: input.heldAt.toString() });
  }

  async #write(
    tx: Tx,
    actor: StaffActor,
    input: RecordSafetyPauseInput,
    { plan, consentRecordId }: { readonly plan: number; readonly consentRecordId: string },
  ): Promise<void> {
    const { treatmentId } = input;
    const { id: pauseId } = await tx.treatmentPause.create({
      data: {
        ...{ treatmentId, planVersion: plan, consentRecordId, comment: someTextOrNull(input.comment) },
        heldAt: dateFromInstant(input.heldAt),
        recordedAt: dateFromInstant(this.clock.now()),
        recordedById: actor.id,
        presentIds: [...input.presentIds],
        presentNames: input.presentNames.map(someText),
      },
      select: { id: true },
    });
    await tx.treatmentPauseReading.createMany({
      data: input.readings.flatMap(({ source, places }) =>
        pointsOf(places.map(readPlace)).map((point, at) => ({
          ...{ pauseId, treatmentId, source, position: at + 1 },
          ...point,
        })),
      ),
    });
    await tx.treatmentPauseAnswer.createMany({
      data: input.answers.map(({ aspect, note }) => ({
        ...{ pauseId, treatmentId, aspect, note: someTextOrNull(note) },
      })),
    });
  }

  /** In a transaction of its own: the refusal has undone everything else. */
  async #recordNearMiss(actor: StaffActor, treatmentId: string, code: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { patientId } = await this.records.mustHave(tx, treatmentId);
      await this.audit.record(tx, actor, {
        action: 'treatment.pause-refused',
        subjectType: 'treatment',
        subjectId: treatmentId,
        patientIds: [patientId],
        after: { code },
      });
    });
  }
}

/** What says nothing of the room: the treatment was elsewhere, or what was sent was old. */
const NO_NEAR_MISSES = [TreatmentStandsOtherwise, TreatmentChanged, IdempotencyKeyReused];

/** Something was wrong in the room, and not only with what was sent. */
function isNearMiss(answer: Treatment | Refusal): answer is Refusal {
  return isRefusal(answer) && !NO_NEAR_MISSES.some((one) => answer instanceof one);
}

function readPlace({ level, side }: RecordSafetyPauseInput['readings'][number]['places'][number]): ReadPlace {
  return { level: level ?? null, side };
}

/** Two ways of writing one name are one person. */
function personOf(name: string): string {
  return someText(name).replace(/\s+/gu, ' ').toLowerCase();
}

/** Throws BAD_INPUT for an account that there is not, or that is closed. */
async function mustWorkHere(tx: Tx, ids: readonly string[]): Promise<void> {
  const wanted = [...new Set(ids.map((id) => id.toLowerCase()))];
  const count = await tx.staffAccount.count({ where: { id: { in: wanted }, disabledAt: null } });
  if (count < wanted.length) {
    throw badInput('presentIds: name members of staff, and everybody else in presentNames.');
  }
}

function mustBeHeld(
  { heldAt, presentIds, presentNames }: RecordSafetyPauseInput,
  now: Temporal.Instant,
): void {
  if (Temporal.Instant.compare(heldAt, now) > 0) throw badInput('heldAt: must not be in the future.');
  if (Temporal.Instant.compare(heldAt.add({ minutes: PAUSE_HOLDS_MINUTES }), now) < 0) {
    throw badInput(`heldAt: a pause holds ${PAUSE_HOLDS_MINUTES} minutes. Hold one now.`);
  }
  const people = new Set([...presentIds.map((id) => id.toLowerCase()), ...presentNames.map(personOf)]);
  if (people.size < PRESENT_MIN) {
    throw badInput('presentIds: a pause is held by two people at least, each named once.');
  }
}
