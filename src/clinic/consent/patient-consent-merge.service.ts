import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ConsentDecision, ConsentPurpose } from '../../platform/database/generated/enums.js';
import { Clock, dateFromInstant, type Temporal } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { ConsentService } from './consent.service.js';
import { endedByMerge, isSince, takenBackAtUndo } from './consent-merge.rules.js';

const READ_TOGETHER = 'consent records, read together and not moved';
const ADDED = 'consent records';
const TAKEN_BACK = 'consents taken back, to be asked for anew';
/** What the record of a withdrawal says that nobody asked for. */
const WHY_TAKEN_BACK =
  'Taken back when a merge of two records was undone: it is not known which of the two people decided since. ' +
  'Ask both anew.';

/** Procedures are compared by nobody: whoever does one asks for the consent to that one. */
const PURPOSES_COMPARED = Object.values(ConsentPurpose).filter(
  (purpose) => purpose !== ConsentPurpose.PROCEDURE,
);

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
    @Inject(PatientMergeFollowers) followers: PatientMergeFollowers,
  ) {
    followers.register(this);
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const rows = { [READ_TOGETHER]: await tx.consentRecord.count({ where: { patientId: from } }) };
    return { rows, conflicts: [], warnings: await this.#disagreements(tx, from, into) };
  }

  /** Nothing moves: whoever asks for the kept record reads both. What either had and both have not, has ended. */
  async follow(
    tx: Tx,
    actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    _moved: MergeRecorder,
  ): Promise<void> {
    for (const { purpose, procedureCode, merged, kept } of await this.#decisions(tx, from, into)) {
      const ended = endedByMerge(merged, kept, this.clock.now());
      if (ended === null) continue;
      if (actor.kind !== 'STAFF') throw new Error('records are merged by a person');
      const about = { purpose, procedureCode, recordId: ended.decision.id };
      if (ended.ofMerged) await this.consent.tellEnded(tx, actor, { patientId: from, ...about });
      if (ended.ofKept) await this.consent.tellEnded(tx, actor, { patientId: into, ...about });
    }
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
    for (const { merged, kept } of await this.#decisions(tx, from, into)) {
      const since = kept.filter((one) => one.patientId === into && isSince(one, mergedAt));
      const keptBefore = kept.filter((one) => !since.includes(one));
      const taken = takenBackAtUndo({ merged, keptBefore, since }, mergedAt, this.clock.now());
      count += await this.#withdraw(tx, actor, from, taken.merged, merged);
      count += await this.#withdraw(tx, actor, into, taken.kept, kept);
    }
    return count;
  }

  /** What each of the two decided, by purpose; each procedure is decided by itself, and what is none has no code. */
  async #decisions(tx: Tx, from: string, into: string) {
    const found: {
      readonly purpose: ConsentPurpose;
      readonly procedureCode: string | null;
      readonly merged: readonly DecisionRecord[];
      readonly kept: readonly DecisionRecord[];
    }[] = [];
    for (const purpose of Object.values(ConsentPurpose)) {
      const ofMerged = await this.consent.decisionsOf(tx, from, purpose);
      const ofKept = await this.consent.decisionsOf(tx, into, purpose);
      for (const code of new Set([...ofMerged, ...ofKept].map((one) => one.procedureCode))) {
        const own = (all: readonly DecisionRecord[]) => all.filter((one) => one.procedureCode === code);
        found.push({ purpose, procedureCode: code, merged: own(ofMerged), kept: own(ofKept) });
      }
    }
    return found;
  }

  /** How many were taken back: one, or none where there is none to take back. */
  async #withdraw(
    tx: Tx,
    actor: Actor,
    patientId: string,
    given: DecisionRecord | null,
    history: readonly DecisionRecord[],
  ): Promise<number> {
    if (given === null) return 0;
    if (actor.kind !== 'STAFF') throw new Error('a merge is undone by a person');
    const { purpose, procedureCode, wordingId, wordingSha256, givenBy, giverName, method } = given;
    await this.consent.writeIn(
      tx,
      actor,
      {
        ...{ patientId, purpose, procedureCode, wordingId, wordingSha256, givenBy, giverName, method },
        ...{ decision: ConsentDecision.WITHDRAWN, decidedAt: this.clock.now() },
        ...{ ofRecordId: given.id, comment: WHY_TAKEN_BACK },
      },
      history,
    );
    return 1;
  }

  async #disagreements(tx: Tx, from: string, into: string): Promise<readonly string[]> {
    const warnings: string[] = [];
    for (const purpose of PURPOSES_COMPARED) {
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
