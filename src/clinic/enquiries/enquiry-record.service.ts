import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Enquiry as EnquiryRow, Prisma } from '../../platform/database/generated/client.js';
import { RedFlagAlertStatus, RedFlagsAsked } from '../../platform/database/generated/enums.js';
import { Fault, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { instantFromDate, plainDateFromDate } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { Actor } from '../audit/audit.type.js';
import { DocumentOwnerService } from '../documents/document-owner.service.js';
import { heldEnquiry } from './enquiry.queries.js';
import type { EnquiryAction } from './enquiry.refusals.js';
import { allowedActions, type EnquiryRefusal, nextStatus } from './enquiry.rules.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryEventService } from './enquiry-event.service.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type Detail = Parameters<EnquiryEventService['record']>[4];

/** A change of an enquiry: what is written, and what is said of it in its history and in the audit. */
export interface EnquiryChange {
  /** Past tense: `enquiry.claimed`. */
  readonly action: string;
  readonly data: Prisma.EnquiryUncheckedUpdateManyInput;
  readonly detail?: Detail;
}

/** How enquiries are read and changed, whoever wants it: one at a time, with its event and its audit row. */
@Injectable()
export class EnquiryRecordService {
  constructor(
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(EnquiryEventService) private readonly events: EnquiryEventService,
    @Inject(DocumentOwnerService) private readonly owners: DocumentOwnerService,
  ) {}

  /** The enquiry, or NOT_FOUND; with `hold` nobody else changes it until the transaction ends. */
  async mustHave(tx: Tx, id: string, options: { readonly hold?: boolean } = {}): Promise<Enquiry> {
    if (!UUID.test(id)) throw notFound('enquiry');
    if (options.hold) await tx.$queryRaw(heldEnquiry(id));
    const row = await tx.enquiry.findUnique({ where: { id } });
    if (row === null) throw notFound('enquiry');
    return toEnquiry(row);
  }

  /** Alerts of an enquiry that no clinician has closed. */
  async openAlertIds(tx: Tx, enquiryId: string): Promise<readonly string[]> {
    const rows = await tx.redFlagAlert.findMany({
      where: { enquiryId, status: RedFlagAlertStatus.OPEN },
      select: { id: true },
      orderBy: { raisedAt: 'asc' },
    });
    return rows.map(({ id }) => id);
  }

  /**
   * Does what the state table allows, to an enquiry that is held: the next state, what else is written, its event and its
   * audit row. Refused as EnquiryNotInState, EnquiryAlreadyClaimed, RedFlagOpen or RedFlagsNotAsked.
   */
  async move(
    tx: Tx,
    actor: Actor,
    held: Enquiry,
    action: EnquiryAction,
    change: EnquiryChange,
  ): Promise<Enquiry | EnquiryRefusal> {
    const facts = {
      status: held.status,
      claimedById: held.claimedById,
      claimedAt: held.claimedAt,
      openAlertIds: await this.openAlertIds(tx, held.id),
      areRedFlagsAsked: held.redFlagsAsked === RedFlagsAsked.ASKED,
    };
    const status = nextStatus(facts, action, actor.id);
    if (isRefusal(status)) return status;
    return this.change(tx, actor, held, { ...change, data: { ...change.data, status } });
  }

  /** Writes a change of an enquiry that is held; what is filed with it follows whom it is about. Throws TRY_AGAIN when it was not, and somebody was quicker. */
  async change(tx: Tx, actor: Actor, held: Enquiry, change: EnquiryChange): Promise<Enquiry> {
    const { count } = await tx.enquiry.updateMany({
      where: { id: held.id, version: held.version },
      data: { ...change.data, version: { increment: 1 } },
    });
    if (count !== 1)
      throw new Fault('TRY_AGAIN', 'Somebody changed this enquiry at the same moment. Try again.');
    const after = await this.mustHave(tx, held.id);
    if (after.patientId !== held.patientId)
      await this.owners.subjectIsAbout(tx, actor, { type: 'ENQUIRY', id: held.id }, after.patientId);
    await this.events.record(tx, held.id, actor, change.action, change.detail);
    await this.audit.record(tx, actor, {
      action: change.action,
      subjectType: 'enquiry',
      subjectId: held.id,
      patientIds: [...new Set([held.patientId, after.patientId])].filter((id) => id !== null),
      before: auditFacts(held),
      after: { ...auditFacts(after), ...change.detail },
    });
    return after;
  }
}

/** What the audit keeps of an enquiry: how it stands, and nothing that anybody told. It outlives the rest. */
export function auditFacts(enquiry: Enquiry): object {
  const { reference, channel, status, version, claimedById, patientId, closeReason, spamReason } = enquiry;
  const { privacyNoticeId, marketingWordingId, redFlagsAsked } = enquiry;
  return {
    ...{ reference, channel, status, version, claimedById, patientId, closeReason, spamReason },
    ...{ privacyNoticeId, marketingWordingId, redFlagsAsked },
  };
}

const instantOrNull = (date: Date | null) => (date === null ? null : instantFromDate(date));

export function toEnquiry(row: EnquiryRow): Enquiry {
  const {
    submissionKey: _key,
    formShownAt: _shownAt,
    sourceAddress: _address,
    userAgent: _agent,
    ...rest
  } = row;
  return {
    ...rest,
    allowedActions: allowedActions(row.status),
    receivedAt: instantFromDate(row.receivedAt),
    dateOfBirth: row.dateOfBirth === null ? null : plainDateFromDate(row.dateOfBirth).toString(),
    privacyNoticeTickedAt: instantOrNull(row.privacyNoticeTickedAt),
    marketingOptedInAt: instantOrNull(row.marketingOptedInAt),
    claimedAt: instantOrNull(row.claimedAt),
    closedAt: instantOrNull(row.closedAt),
    destroyedAt: instantOrNull(row.destroyedAt),
  };
}
