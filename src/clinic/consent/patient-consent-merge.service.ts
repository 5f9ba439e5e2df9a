import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ConsentDecision, ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { ConsentState } from './consent.refusals.js';
import { ConsentService } from './consent.service.js';
import { isSince, takenBackAtUndo } from './consent-merge.rules.js';

const READ_TOGETHER = 'consent records, read together and not moved';
const ADDED = 'consent records';
const TAKEN_BACK = 'consents taken back, to be asked for anew';
/** What the record of a withdrawal says that nobody asked for. */
const WHY_TAKEN_BACK =
  'Taken back when a merge of two records was undone: it is not known which of the two people decided since. ' +
  'Ask both anew.';

type DecisionRecord = Awaited<ReturnType<ConsentService['decisionsOf']>>[number];

/**
 * Decisions are only ever added to, so none is moved: while two records are one, those of both are read together, and the
 * latest counts, whichever record it was written under (decision 0020). When they become two again, a decision from the
 * time between may be either's: nobody is left with a consent that may have been withdrawn, or that may be another's.
 */
@Injectable()
export class PatientConsentMergeService implements PatientMergeFollower {
  readonly room = 'consent';

  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ConsentService) private readonly consent: ConsentService,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
  ) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const rows = { [READ_TOGETHER]: await tx.consentRecord.count({ where: { patientId: from } }) };
    return { rows, conflicts: [], warnings: await this.#disagreements(tx, from, into) };
  }

  async follow(
    _tx: Tx,
    _actor: Actor,
    _mergeId: string,
    _from: string,
    _into: string,
    _moved: MergeRecorder,
  ): Promise<void> {
    // Nothing moves: whoever asks for the kept record reads both.
  }

  async unfollow(
    tx: Tx,
    actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    { mergedAt }: MovedRows,
  ): Promise<UnfollowedRows> {
    const since = { gt: dateFromInstant(mergedAt) };
    const count = await tx.consentRecord.count({ where: { patientId: into, recordedAt: since } });
    const takenBack = count === 0 ? 0 : await this.#takeBack(tx, actor, from, into, mergedAt);
    return { stayed: { [ADDED]: count, [TAKEN_BACK]: takenBack }, impossible: [] };
  }

  /** The merged record is no stub any more, so each of the two reads its own decisions. How many were taken back. */
  async #takeBack(
    tx: Tx,
    actor: Actor,
    from: string,
    into: string,
    mergedAt: Temporal.Instant,
  ): Promise<number> {
    let count = 0;
    for (const purpose of Object.values(ConsentPurpose)) {
      const merged = await this.consent.decisionsOf(tx, from, purpose);
      const kept = await this.consent.decisionsOf(tx, into, purpose);
      const since = kept.filter((one) => one.patientId === into && isSince(one, mergedAt));
      const keptBefore = kept.filter((one) => !since.includes(one));
      const taken = takenBackAtUndo({ merged, keptBefore, since }, mergedAt, this.clock.now());
      for (const [patientId, decision] of [[from, taken.merged] as const, [into, taken.kept] as const]) {
        if (decision === null) continue;
        await this.#withdraw(tx, actor, patientId, decision);
        count += 1;
      }
    }
    return count;
  }

  async #withdraw(tx: Tx, actor: Actor, patientId: string, given: DecisionRecord): Promise<void> {
    if (actor.kind !== 'STAFF') throw new Error('a merge is undone by a person');
    const { purpose, wordingId, wordingSha256, givenBy, giverName, method } = given;
    const now = dateFromInstant(this.clock.now());
    const record = await tx.consentRecord.create({
      data: {
        ...{ patientId, purpose, wordingId, wordingSha256, givenBy, giverName, method },
        ...{ decision: ConsentDecision.WITHDRAWN, decidedAt: now, recordedAt: now },
        ...{ recordedById: actor.id, comment: WHY_TAKEN_BACK },
      },
    });
    await this.audit.record(tx, actor, {
      action: 'consent.withdrawn',
      subjectType: 'consent-record',
      subjectId: record.id,
      patientIds: [patientId],
      before: { state: ConsentState.IN_FORCE, recordId: given.id },
      after: record,
    });
  }

  async #disagreements(tx: Tx, from: string, into: string): Promise<readonly string[]> {
    const warnings: string[] = [];
    for (const purpose of Object.values(ConsentPurpose)) {
      const merged = await this.consent.inForce(tx, from, purpose, this.clock.now());
      const kept = await this.consent.inForce(tx, into, purpose, this.clock.now());
      const bothAsked = merged.recordId !== null && kept.recordId !== null;
      if (bothAsked && merged.inForce !== kept.inForce) {
        warnings.push(
          `The two disagree on consent (${purpose}): the later decision counts once they are one. ` +
            `To keep: ${kept.reason} To merge: ${merged.reason}`,
        );
      }
    }
    return warnings;
  }
}
