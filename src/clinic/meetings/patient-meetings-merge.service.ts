import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { dateFromInstant } from '../../platform/time/index.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type MergePreviewOfRoom,
  type MergeRecorder,
  type MovedRows,
  type PatientMergeFollower,
  PatientMergeFollowers,
  type UnfollowedRows,
} from '../patients/patient-merge-followers.service.js';
import { heldCasesOf } from './meeting.queries.js';

const CASES = 'cases for the team';
const PROPOSALS = 'proposals for the team';

const LISTED_TWICE =
  'Both records are on the list of the same meeting of the team: defer or withdraw one of the cases first.';
const PROPOSED_TWICE =
  'Both records are proposed for the team because of the same source: dismiss one of the proposals first.';

/** What was brought before the team follows the patient when two records become one, and goes back when that is undone. */
@Injectable()
export class PatientMeetingsMergeService implements PatientMergeFollower {
  readonly room = 'meetings';

  constructor(@Inject(PatientMergeFollowers) followers: PatientMergeFollowers) {
    followers.register(this);
  }

  async hold(tx: Tx, patientIds: readonly string[]): Promise<void> {
    await tx.$queryRaw(heldCasesOf(patientIds));
  }

  async preview(tx: Tx, from: string, into: string): Promise<MergePreviewOfRoom> {
    const listed = await tx.meetingCase.findMany({
      where: { patientId: { in: [from, into] }, status: 'LISTED' },
      select: { meetingId: true },
    });
    const meetings = listed.map(({ meetingId }) => meetingId);
    const open = await tx.caseProposal.findMany({
      where: { patientId: { in: [from, into] }, status: 'OPEN' },
      select: { kind: true, sourceId: true },
    });
    const sources = open.map(({ kind, sourceId }) => `${kind} ${sourceId}`);
    return {
      rows: {
        [CASES]: await tx.meetingCase.count({ where: { patientId: from } }),
        [PROPOSALS]: await tx.caseProposal.count({ where: { patientId: from } }),
      },
      conflicts: [
        ...(hasTwice(meetings) ? [LISTED_TWICE] : []),
        ...(hasTwice(sources) ? [PROPOSED_TWICE] : []),
      ],
    };
  }

  async follow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MergeRecorder,
  ): Promise<void> {
    const move = { where: { patientId: from }, data: { patientId: into }, select: { id: true } };
    await moved(CASES, idsOf(await tx.meetingCase.updateManyAndReturn(move)));
    await moved(PROPOSALS, idsOf(await tx.caseProposal.updateManyAndReturn(move)));
  }

  /** Referrals have gone back by now: what was brought for one of them goes with it, also what was since. */
  async unfollow(
    tx: Tx,
    _actor: Actor,
    _mergeId: string,
    from: string,
    into: string,
    moved: MovedRows,
  ): Promise<UnfollowedRows> {
    const back = (kind: string) => ({
      where: {
        patientId: into,
        OR: [{ id: { in: [...(moved.get(kind) ?? [])] } }, { referral: { patientId: from } }],
      },
      data: { patientId: from },
    });
    await tx.meetingCase.updateMany(back(CASES));
    await tx.caseProposal.updateMany(back(PROPOSALS));
    const since = { patientId: into, proposedAt: { gt: dateFromInstant(moved.mergedAt) } };
    return {
      stayed: {
        [CASES]: await tx.meetingCase.count({ where: since }),
        [PROPOSALS]: await tx.caseProposal.count({ where: since }),
      },
      impossible: [],
    };
  }
}

function hasTwice(things: readonly unknown[]): boolean {
  return new Set(things).size < things.length;
}

function idsOf(rows: readonly { readonly id: string }[]): readonly string[] {
  return rows.map(({ id }) => id);
}
