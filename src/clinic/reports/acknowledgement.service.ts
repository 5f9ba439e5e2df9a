import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { ReportAcknowledgementStatus } from '../../platform/database/generated/enums.js';
import { Outbox } from '../../platform/outbox/index.js';
import { badInput, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { canDo, faultOfMoment } from './acknowledgement.rules.js';
import {
  ACKNOWLEDGEMENT_DUE,
  type AcknowledgeResultInput,
  type CloseAcknowledgementInput,
  type ReassignAcknowledgementInput,
  type ReportAcknowledgement,
} from './acknowledgement.type.js';
import { AcknowledgementRecordService } from './acknowledgement-record.service.js';

/** What people do about results that nobody has acknowledged. Of many who settle a task at once one does. */
@Injectable()
export class AcknowledgementService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(AcknowledgementRecordService) private readonly records: AcknowledgementRecordService,
  ) {}

  /** The referrer has said that they have it: who, how and when; written down by whoever is signed in. */
  async acknowledgeResult(
    actor: StaffActor,
    input: AcknowledgeResultInput,
  ): Promise<ReportAcknowledgement | Refusal> {
    const now = this.clock.now();
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHold(tx, input.acknowledgementId);
      const refusal = canDo(before.status, 'acknowledge');
      if (refusal !== null) return refusal;
      const fault = faultOfMoment(input.acknowledgedAt, before.openedAt, now);
      if (fault !== null) throw badInput(`input.acknowledgedAt: ${fault}`);
      await this.#forget(tx, before);
      return this.records.change(tx, actor, 'report-acknowledgement.acknowledged', before, {
        status: ReportAcknowledgementStatus.ACKNOWLEDGED,
        acknowledgedAt: dateFromInstant(input.acknowledgedAt),
        acknowledgedBy: plain(input.acknowledgedBy),
        method: input.method,
        comment: input.comment ? plain(input.comment) : null,
        recordedAt: dateFromInstant(now),
        recordedById: actor.id,
      });
    });
  }

  /** Somebody else sees to it, or nobody in particular. It is due when it was due. */
  async reassignAcknowledgement(
    actor: StaffActor,
    { acknowledgementId, staffId, reason }: ReassignAcknowledgementInput,
  ): Promise<ReportAcknowledgement | Refusal> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHold(tx, acknowledgementId);
      const refusal = canDo(before.status, 'reassign');
      if (refusal !== null) return refusal;
      if (staffId) await mustWorkHere(tx, staffId);
      const to = { assignedToId: staffId ?? null, assignReason: plain(reason) };
      return this.records.change(tx, actor, 'report-acknowledgement.reassigned', before, to);
    });
  }

  /** Closed without an acknowledgement, for a reason: the referrer has retired, the patient has died. */
  async closeAcknowledgement(
    actor: StaffActor,
    { acknowledgementId, reason }: CloseAcknowledgementInput,
  ): Promise<ReportAcknowledgement | Refusal> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.mustHold(tx, acknowledgementId);
      const refusal = canDo(before.status, 'close');
      if (refusal !== null) return refusal;
      await this.#forget(tx, before);
      return this.records.change(tx, actor, 'report-acknowledgement.closed', before, {
        status: ReportAcknowledgementStatus.CLOSED,
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
        closeReason: plain(reason),
      });
    });
  }

  /** Nobody needs to look again on the day that was promised. */
  async #forget(tx: Tx, { id }: ReportAcknowledgement): Promise<void> {
    await this.outbox.withdraw(tx, [ACKNOWLEDGEMENT_DUE], [id]);
  }
}

async function mustWorkHere(tx: Tx, id: string): Promise<void> {
  const account = await tx.staffAccount.findUnique({ where: { id }, select: { disabledAt: true } });
  if (account === null || account.disabledAt !== null)
    throw badInput('input.staffId: there is no such member of staff, or their account is disabled.');
}

function plain(text: string): string {
  return text.normalize('NFC').trim();
}
