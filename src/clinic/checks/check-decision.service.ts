import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { dateFromInstant } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  AlreadyWitnessed,
  CheckAlreadyDecided,
  type CheckNotOnTheDay,
  CheckReplaced,
  type NotEntitledToCheck,
  type NothingToDecide,
  type NotToBeDecided,
  type VisitNotToBeChecked,
  WitnessIsAsker,
} from './check.refusals.js';
import type { CheckDecision, PregnancyEnquiry } from './check.type.js';
import { decidersOf } from './check-decision.rules.js';
import { CheckEntryService } from './check-entry.service.js';
import type { DecideOnCheckInput } from './check-input.type.js';
import { type CheckRow, toDecision, toPregnancyEnquiry, WITH_PARTS } from './check-row.type.js';
import { someText, textOrNull } from './check-text.rules.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type HeldRefusal = CheckNotOnTheDay | VisitNotToBeChecked | CheckReplaced;

/** What others say about a check: that they were there, and what is decided where it was not as it should be. */
@Injectable()
export class CheckDecisionService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(CheckEntryService) private readonly entries: CheckEntryService,
  ) {}

  /** Whoever is signed in was there when somebody else asked. Throws NOT_FOUND. */
  async witnessPregnancyEnquiry(
    actor: StaffActor,
    checkId: string,
  ): Promise<PregnancyEnquiry | HeldRefusal | WitnessIsAsker | AlreadyWitnessed> {
    return this.database.transaction(async (tx) => {
      const held = await this.#hold(tx, checkId);
      if (isRefusal(held)) return held;
      const { check, now } = held;
      if (check.pregnancy === null) throw notFound('pregnancy enquiry');
      if (check.witness !== null) return new AlreadyWitnessed();
      if (check.madeById === actor.id) return new WitnessIsAsker();
      const said = { witnessedById: actor.id, witnessedAt: dateFromInstant(now) };
      const witness = await tx.checkWitness.create({ data: { checkId: check.id, ...said } });
      await this.audit.record(tx, actor, {
        action: 'check.witnessed',
        subjectType: 'visit-check',
        subjectId: check.id,
        patientIds: [check.patientId],
        after: witness,
      });
      const enquiry = toPregnancyEnquiry({ ...check, witness });
      if (enquiry === null) throw notFound('pregnancy enquiry');
      return enquiry;
    });
  }

  /** Whoever is signed in decides. Throws NOT_FOUND, BAD_INPUT. */
  async decideOnCheck(
    actor: StaffActor,
    input: DecideOnCheckInput,
  ): Promise<
    CheckDecision | HeldRefusal | NothingToDecide | NotToBeDecided | NotEntitledToCheck | CheckAlreadyDecided
  > {
    return this.database.transaction(
      async (tx) => {
        const held = await this.#hold(tx, input.checkId);
        if (isRefusal(held)) return held;
        const { check, now, today } = held;
        const acts = decidersOf(check);
        if (isRefusal(acts)) return acts;
        const advice = textOrNull(input.advice);
        if (check.pregnancy !== null && advice === null) {
          throw badInput('advice: say what the patient was told.');
        }
        const entitled = await this.entries.entitled(tx, actor, check.procedureCode, acts, today);
        if (isRefusal(entitled)) return entitled;
        const standing = standingDecision(check);
        if ((input.replacesId?.toLowerCase() ?? null) !== (standing?.id ?? null)) {
          if (standing === null) throw badInput('replacesId: nothing has been decided on it yet.');
          return new CheckAlreadyDecided(standing.id);
        }
        const row = await tx.checkDecision.create({
          data: {
            ...{ checkId: check.id, verdict: input.verdict, reason: someText(input.reason), advice },
            ...{ decidedAt: dateFromInstant(now), decidedById: actor.id, entitlementId: entitled.id },
            replacesId: standing?.id ?? null,
          },
        });
        await this.audit.record(tx, actor, {
          action: 'check.decided',
          subjectType: 'visit-check',
          subjectId: check.id,
          patientIds: [check.patientId],
          ...(standing === null ? {} : { before: standing }),
          after: row,
        });
        return toDecision(row);
      },
      {
        onConstraint: {
          check_decisions_first: () => new CheckAlreadyDecided(null),
          check_decisions_replaces_id_key: () => new CheckAlreadyDecided(null),
        },
      },
    );
  }

  /** The check that stands, its visit held; nothing is said about one that another stands instead of. */
  async #hold(tx: Tx, checkId: string) {
    if (!UUID.test(checkId)) throw notFound('check');
    const found = await tx.visitCheck.findUnique({ where: { id: checkId }, select: { visitId: true } });
    if (found === null) throw notFound('check');
    const held = await this.entries.hold(tx, found.visitId);
    if (isRefusal(held)) return held;
    const check = await tx.visitCheck.findUniqueOrThrow({ where: { id: checkId }, include: WITH_PARTS });
    return check.replacedBy === null ? { ...held, check } : new CheckReplaced(check.replacedBy.id);
  }
}

/** The decision that no other stands instead of; null: there is none. */
function standingDecision({ decisions }: CheckRow) {
  const replaced = new Set(decisions.map(({ replacesId }) => replacesId));
  return decisions.find(({ id }) => !replaced.has(id)) ?? null;
}
