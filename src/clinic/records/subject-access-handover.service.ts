import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, localDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { lockedAccessRequest } from './records.queries.js';
import { canAnswer, canDo, canFetch } from './subject-access.rules.js';
import { mustHaveRequest, type RequestRow, toCopy, toRequest } from './subject-access-record.service.js';
import {
  CopyNotReady,
  SubjectAccessAction,
  type SubjectAccessStandsOtherwise,
} from './subject-access-request.refusals.js';
import {
  type ReviewSubjectAccessCopyInput,
  SUBJECT_ACCESS_WORK,
  type SubjectAccessRequest,
  type WithholdFromCopyInput,
} from './subject-access-request.type.js';

type Answer = SubjectAccessRequest | SubjectAccessStandsOtherwise | CopyNotReady;
type Columns = Prisma.SubjectAccessRequestUncheckedUpdateInput;
type Verb = 'copy-asked' | 'withheld' | 'reviewed' | 'answered';

/** How often a request's copy may leave something out; a record with more needs a person, not a list. */
const WITHHELD_MAX = 1_000;

/** What a copy may say, and its being handed over. */
@Injectable()
export class SubjectAccessHandoverService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
  ) {}

  /** Has the copy prepared anew from the record as it is now. Throws NOT_FOUND. */
  async prepareSubjectAccessCopy(actor: StaffActor, requestId: string): Promise<Answer> {
    return this.#change(actor, requestId, [SubjectAccessAction.PREPARE, 'copy-asked'], (tx, row) =>
      preparedAnew(tx, this.outbox, row),
    );
  }

  /** Leaves something out, and has the copy prepared anew without it. Throws NOT_FOUND, BAD_INPUT. */
  async withholdFromCopy(actor: StaffActor, input: WithholdFromCopyInput): Promise<Answer> {
    const { requestId, path, recordId } = input;
    const field = input.field ?? '';
    const reason = input.reason.trim();
    return this.#change(actor, requestId, [SubjectAccessAction.WITHHOLD, 'withheld'], async (tx, row) => {
      const key = { requestId, path, recordId, field };
      if ((await tx.subjectAccessPart.count({ where: { requestId, path } })) === 0) {
        throw badInput('path: the copy has no such file. Take it from the list of its files.');
      }
      if ((await tx.subjectAccessWithheld.count({ where: { requestId } })) >= WITHHELD_MAX) {
        throw badInput(`At most ${WITHHELD_MAX} places can be left out of one copy.`);
      }
      await tx.subjectAccessWithheld.upsert({
        where: { requestId_path_recordId_field: key },
        update: { reason },
        create: { ...key, reason, withheldAt: dateFromInstant(this.clock.now()), withheldById: actor.id },
      });
      return preparedAnew(tx, this.outbox, row);
    });
  }

  /** Says that what is marked was looked at, in exactly this copy. Throws NOT_FOUND. */
  async reviewSubjectAccessCopy(actor: StaffActor, input: ReviewSubjectAccessCopyInput): Promise<Answer> {
    const change = [SubjectAccessAction.REVIEW, 'reviewed'] as const;
    return this.#change(actor, input.requestId, change, async (_, row) => {
      const now = this.clock.now();
      const refusal = canFetch(toCopy(row), now);
      if (refusal !== null) return refusal;
      if (row.manifestSha256 !== input.manifestSha256) return new CopyNotReady('CHANGED');
      return { reviewedAt: dateFromInstant(now), reviewedById: actor.id };
    });
  }

  /** The copy was handed over to whoever asked for it. Throws NOT_FOUND. */
  async answerSubjectAccess(actor: StaffActor, requestId: string): Promise<Answer> {
    const change = [SubjectAccessAction.ANSWER, 'answered'] as const;
    return this.#change(actor, requestId, change, async (_, row) => {
      const now = this.clock.now();
      const refusal = canAnswer(toCopy(row), now);
      if (refusal !== null) return refusal;
      return { status: 'ANSWERED', settledAt: dateFromInstant(now), settledById: actor.id };
    });
  }

  async #change(
    actor: StaffActor,
    requestId: string,
    [action, verb]: readonly [SubjectAccessAction, Verb],
    change: (tx: Tx, row: RequestRow) => Promise<Columns | CopyNotReady>,
  ): Promise<Answer> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedAccessRequest(requestId));
      const before = await mustHaveRequest(tx, requestId);
      const refusal = canDo(before.status, action);
      if (refusal !== null) return refusal;
      const columns = await change(tx, before);
      if (columns instanceof CopyNotReady) return columns;
      const row = await tx.subjectAccessRequest.update({
        where: { id: requestId },
        data: { ...columns, version: { increment: 1 } },
      });
      const today = localDate(this.clock.now(), this.config.clinicTimeZone);
      const after = toRequest(row, today);
      await this.audit.record(tx, actor, {
        action: `subject-access.${verb}`,
        subjectType: 'subject-access-request',
        subjectId: requestId,
        patientIds: [row.patientId],
        before: toRequest(before, today),
        after,
      });
      return after;
    });
  }
}

/** For this room: what was prepared is gone at once, and a job prepares it anew. Nobody hands over what is withheld by now. */
export async function preparedAnew(tx: Tx, outbox: Outbox, row: RequestRow): Promise<Columns> {
  await tx.subjectAccessPart.deleteMany({ where: { requestId: row.id } });
  const version = row.copyVersion + 1;
  await outbox.post(tx, { topic: SUBJECT_ACCESS_WORK.requested, subjectId: row.id, version });
  return {
    ...{ copyStatus: 'PREPARING', copyVersion: version, preparedAt: null, copyExpiresAt: null },
    ...{
      manifestSha256: null,
      filesCount: null,
      thirdPartyCount: null,
      reviewedAt: null,
      reviewedById: null,
    },
  };
}
