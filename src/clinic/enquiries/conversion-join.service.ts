import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { EnquiryCloseReason, EnquiryStatus, RedFlagsAsked } from '../../platform/database/generated/enums.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import { CallBackFollowService } from './call-back-follow.service.js';
import { EnquiriesDiffer } from './conversion.refusals.js';
import { JOINABLE, KEEPABLE } from './conversion.rules.js';
import type { JoinEnquiriesInput } from './conversion.type.js';
import { ConversionConsentService } from './conversion-consent.service.js';
import { EnquiryAlreadyClaimed, EnquiryNotInState } from './enquiry.refusals.js';
import type { Enquiry } from './enquiry.type.js';
import { EnquiryRecordService } from './enquiry-record.service.js';
import { differences } from './match.rules.js';
import { safeForBoth } from './message-safety.rules.js';

type JoinRefusal = EnquiryNotInState | EnquiryAlreadyClaimed | EnquiriesDiffer;

/** Somebody filled in the form, rang and wrote: three enquiries of one person become one. */
@Injectable()
export class ConversionJoinService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(EnquiryRecordService) private readonly enquiries: EnquiryRecordService,
    @Inject(ConversionConsentService) private readonly consents: ConversionConsentService,
    @Inject(CallBackFollowService) private readonly callBacks: CallBackFollowService,
  ) {}

  /**
   * What was written, asked and is to be done goes with the one that goes on, and what it did not know yet it learns from
   * the other. The other is closed as a duplicate and keeps its own history. Throws NOT_FOUND, BAD_INPUT.
   */
  async joinEnquiries(actor: StaffActor, input: JoinEnquiriesInput): Promise<Enquiry | JoinRefusal> {
    const { keepId, otherId } = input;
    if (keepId === otherId) throw badInput('otherId: must be another enquiry.');
    return this.database.transaction<Enquiry | JoinRefusal>(async (tx) => {
      const [keep, other] = await this.#heldBoth(tx, keepId, otherId);
      const refusal = canJoin(keep, other, actor.id);
      if (refusal !== null) return refusal;
      await this.#moveAll(tx, actor, keep, other);
      const learned = await this.#learn(tx, actor, keep, other);
      await this.#closeOther(tx, actor, keep, other, input.howConfirmed.normalize('NFC').trim());
      const { patientId } = keep;
      if (patientId !== null)
        await this.consents.carryLater(tx, actor, other, { enquiryId: keepId, patientId });
      return learned;
    });
  }

  /** Into which enquiry each of these was joined; those that were not are left out. */
  async joinedInto(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const rows = await this.database.client.enquiry.findMany({
      where: { id: { in: [...ids] }, joinedIntoId: { not: null } },
      select: { id: true, joinedIntoId: true },
    });
    return new Map(
      rows.flatMap(({ id, joinedIntoId }) => (joinedIntoId === null ? [] : [[id, joinedIntoId]])),
    );
  }

  /** Which enquiries were joined to each of these. */
  async joinedFrom(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const rows = await this.database.client.enquiry.findMany({
      where: { joinedIntoId: { in: [...ids] } },
      select: { id: true, joinedIntoId: true },
      orderBy: { receivedAt: 'asc' },
    });
    const own = (keepId: string) => rows.filter((row) => row.joinedIntoId === keepId).map(({ id }) => id);
    return new Map(ids.map((id) => [id, own(id)]));
  }

  /** In the order of their ids, so that two who join the same two do not wait for each other. */
  async #heldBoth(tx: Tx, keepId: string, otherId: string): Promise<readonly [Enquiry, Enquiry]> {
    for (const id of [keepId, otherId].toSorted()) await this.enquiries.mustHave(tx, id, { hold: true });
    return [await this.enquiries.mustHave(tx, keepId), await this.enquiries.mustHave(tx, otherId)];
  }

  /** The history of each stays where it was made: it is only ever added to. */
  async #moveAll(tx: Tx, actor: StaffActor, keep: Enquiry, other: Enquiry): Promise<void> {
    const from = { where: { enquiryId: other.id }, data: { enquiryId: keep.id } };
    await tx.enquiryMessage.updateMany(from);
    await tx.redFlagAsking.updateMany(from);
    await tx.redFlagAlert.updateMany(from);
    await tx.enquiry.updateMany({ where: { joinedIntoId: other.id }, data: { joinedIntoId: keep.id } });
    await this.callBacks.join(tx, actor, other.id, keep.id);
    if ((await this.enquiries.openAlertIds(tx, keep.id)).length > 0) {
      await this.callBacks.hasten(tx, actor, keep.id);
    }
  }

  async #learn(tx: Tx, actor: StaffActor, keep: Enquiry, other: Enquiry): Promise<Enquiry> {
    const data = learnedFrom(keep, other);
    return this.enquiries.change(tx, actor, keep, {
      action: 'enquiry.joined',
      data,
      detail: { otherId: other.id, learned: Object.keys(data) },
    });
  }

  async #closeOther(
    tx: Tx,
    actor: StaffActor,
    keep: Enquiry,
    other: Enquiry,
    closeComment: string,
  ): Promise<void> {
    await this.enquiries.change(tx, actor, other, {
      action: 'enquiry.joined-to-another',
      data: {
        status: EnquiryStatus.CLOSED,
        joinedIntoId: keep.id,
        patientId: keep.patientId,
        ...{ claimedById: null, claimedAt: null },
        closeReason: EnquiryCloseReason.DUPLICATE,
        closeComment,
        closedAt: dateFromInstant(this.clock.now()),
        closedById: actor.id,
      },
      detail: { keepId: keep.id },
    });
  }
}

function canJoin(keep: Enquiry, other: Enquiry, actorId: string): JoinRefusal | null {
  if (!KEEPABLE.includes(keep.status)) return new EnquiryNotInState(keep.status, keep.allowedActions);
  if (!JOINABLE.includes(other.status)) return new EnquiryNotInState(other.status, other.allowedActions);
  for (const { claimedById, claimedAt } of [keep, other]) {
    if (claimedById !== null && claimedAt !== null && claimedById !== actorId)
      return new EnquiryAlreadyClaimed(claimedById, claimedAt);
  }
  const fields = differences(keep, other);
  return fields.length === 0 ? null : new EnquiriesDiffer(fields);
}

/** What the one that goes on did not know and the other does. What both know stays as it is. */
function learnedFrom(keep: Enquiry, other: Enquiry): Prisma.EnquiryUncheckedUpdateManyInput {
  const safeToLeaveMessage = safeForBoth(keep, other);
  return {
    ...missing(keep.name, { name: other.name }),
    ...missing(keep.dateOfBirth, {
      dateOfBirth: other.dateOfBirth && dateFromPlainDate(Temporal.PlainDate.from(other.dateOfBirth)),
    }),
    ...missing(keep.nhsNumber, { nhsNumber: other.nhsNumber }),
    ...missing(keep.phoneAsEntered, { phoneAsEntered: other.phoneAsEntered, phoneE164: other.phoneE164 }),
    ...missing(keep.email, { email: other.email }),
    ...missing(keep.preferredWay, { preferredWay: other.preferredWay }),
    ...(safeToLeaveMessage === keep.safeToLeaveMessage ? {} : { safeToLeaveMessage }),
    ...(keep.bestTimes.length === 0 ? { bestTimes: [...other.bestTimes] } : {}),
    ...(keep.painAreas.length === 0 ? { painAreas: [...other.painAreas] } : {}),
    ...(other.redFlagsAsked === RedFlagsAsked.ASKED ? { redFlagsAsked: RedFlagsAsked.ASKED } : {}),
    ...missing(keep.privacyNoticeId, {
      privacyNoticeId: other.privacyNoticeId,
      privacyNoticeTickedAt: dateOrNull(other.privacyNoticeTickedAt),
      privacyNoticeById: other.privacyNoticeById,
    }),
    ...missing(keep.marketingWordingId, {
      marketingWordingId: other.marketingWordingId,
      marketingOptedInAt: dateOrNull(other.marketingOptedInAt),
    }),
  };
}

function missing<Told extends Readonly<Record<string, unknown>>>(
  known: unknown,
  told: Told,
): Told | Record<string, never> {
  return known === null && Object.values(told).some((value) => value !== null) ? told : {};
}

function dateOrNull(instant: Temporal.Instant | null): Date | null {
  return instant === null ? null : dateFromInstant(instant);
}
