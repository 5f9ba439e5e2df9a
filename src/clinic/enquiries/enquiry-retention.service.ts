import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import {
  CallBackStatus,
  EnquiryStatus,
  RecordClass,
  RedFlagAlertStatus,
} from '../../platform/database/generated/enums.js';
import {
  dateFromInstant,
  instantFromDate,
  localDate,
  startOfDay,
  Temporal,
} from '../../platform/time/index.js';
import {
  type DestroyedPart,
  type Destruction,
  type PatientPartFacts,
  type RetainedRecord,
  RetentionClasses,
  type RetentionQuestion,
} from '../records/retention-class.type.js';
import { heldEnquiry } from './enquiry.queries.js';

const FACTS = {
  id: true,
  patientId: true,
  status: true,
  receivedAt: true,
  closedAt: true,
  messages: { select: { at: true } },
  callBacks: { select: { status: true, lastCalledAt: true, attempts: { select: { madeAt: true } } } },
  redFlagAlerts: { select: { status: true } },
} as const satisfies Prisma.EnquirySelect;
type FactsRow = Prisma.EnquiryGetPayload<{ select: typeof FACTS }>;

const ROOM = 'enquiries';
const RED_FLAG_OPEN = 'RED_FLAG_OPEN';
const UNCONVERTED = [RecordClass.ENQUIRY_UNCONVERTED];
/** Somebody may still answer these. */
const GOES_ON: readonly EnquiryStatus[] = [EnquiryStatus.NEW, EnquiryStatus.IN_HAND, EnquiryStatus.ANSWERED];

/** Everything that somebody told, and everything by which they could be found again. */
const NOTHING_TOLD = {
  ...{ name: null, dateOfBirth: null, nhsNumber: null, phoneAsEntered: null, phoneE164: null, email: null },
  ...{ preferredWay: null, bestTimes: [], bestTimesText: null, painAreas: [], painAreaOther: null },
  ...{ heardOfUsText: null, closeComment: null, sourceAddress: null, userAgent: null, submissionKey: null },
} as const satisfies Prisma.EnquiryUncheckedUpdateManyInput;

/**
 * Enquiries that became nothing stand for themselves, with a period of their own; those of a patient are a part of the
 * patient's record and go with it. Of either a stub stays: when it came and by which way, and what was done with it.
 */
@Injectable()
export class EnquiryRetentionService {
  constructor(
    @Inject(RetentionClasses) registry: RetentionClasses,
    @Inject(Config) private readonly config: Config,
  ) {
    registry.register({
      room: ROOM,
      subjectType: 'enquiry',
      classes: UNCONVERTED,
      candidates: (tx, question) => this.#candidates(tx, question),
      record: (tx, id) => this.#record(tx, id),
      destroy: (tx, _actor, id, destruction) => this.#destroy(tx, { id }, destruction),
    });
    registry.join({
      room: ROOM,
      facts: (tx, patientIds) => this.#facts(tx, patientIds),
      destroy: async (tx, _actor, patientId, destruction) => [
        ...(await this.#destroy(tx, { patientId }, destruction)),
        ...(await destroyOfReferrals(tx, patientId)),
      ],
    });
  }

  async #candidates(
    tx: Tx,
    { classes, createdUntil, afterId, limit }: RetentionQuestion,
  ): Promise<readonly RetainedRecord[]> {
    if (!classes.includes(RecordClass.ENQUIRY_UNCONVERTED)) return [];
    const before = startOfDay(createdUntil.add({ days: 1 }), this.config.clinicTimeZone);
    const rows = await tx.enquiry.findMany({
      where: {
        destroyedAt: null,
        patientId: null,
        receivedAt: { lt: dateFromInstant(before) },
        ...(afterId === null ? {} : { id: { gt: afterId } }),
      },
      select: FACTS,
      orderBy: { id: 'asc' },
      take: limit,
    });
    return rows.map((row) => this.#toRetained(row));
  }

  async #record(tx: Tx, id: string): Promise<RetainedRecord | null> {
    await tx.$queryRaw(heldEnquiry(id));
    const row = await tx.enquiry.findFirst({
      where: { id, destroyedAt: null, patientId: null },
      select: FACTS,
    });
    return row === null ? null : this.#toRetained(row);
  }

  async #facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const rows = await tx.enquiry.findMany({
      where: { patientId: { in: [...patientIds] }, destroyedAt: null },
      select: FACTS,
    });
    const inDanger = await tx.redFlagAlert.findMany({
      where: { referral: { patientId: { in: [...patientIds] } }, status: RedFlagAlertStatus.OPEN },
      select: { referral: { select: { patientId: true } } },
    });
    const withOpenAlert = new Set(inDanger.map(({ referral }) => referral?.patientId));
    return new Map(
      patientIds.map((id) => {
        const own = rows.filter(({ patientId }) => patientId === id);
        const days = own.map((row) => this.#lastContactOn(row));
        return [
          id,
          {
            lastContactOn: days.toSorted(Temporal.PlainDate.compare).at(-1) ?? null,
            treatmentEndedOn: null,
            classes: [],
            keptBecause: withOpenAlert.has(id)
              ? RED_FLAG_OPEN
              : (own.map(whyKept).find((why) => why !== null) ?? null),
          },
        ];
      }),
    );
  }

  async #destroy(
    tx: Tx,
    whose: { readonly id: string } | { readonly patientId: string },
    { at }: Destruction,
  ): Promise<readonly DestroyedPart[]> {
    const rows = await tx.enquiry.findMany({ where: { ...whose, destroyedAt: null }, select: { id: true } });
    const ids = rows.map(({ id }) => id);
    const ofThem = { enquiryId: { in: ids } };
    const messages = await tx.enquiryMessage.deleteMany({ where: ofThem });
    await tx.callBackCall.deleteMany({ where: { callBack: ofThem } });
    await tx.callBackAttempt.deleteMany({ where: { callBack: ofThem } });
    const callBacks = await tx.callBack.deleteMany({ where: ofThem });
    const alerts = await tx.redFlagAlert.deleteMany({ where: ofThem });
    await tx.redFlagAnswer.deleteMany({ where: { asking: ofThem } });
    const askings = await tx.redFlagAsking.deleteMany({ where: ofThem });
    await tx.enquiryConversion.deleteMany({ where: ofThem });
    const enquiries = await tx.enquiry.updateMany({
      where: { id: { in: ids } },
      data: {
        ...NOTHING_TOLD,
        bestTimes: [],
        painAreas: [],
        destroyedAt: dateFromInstant(at),
        version: { increment: 1 },
      },
    });
    return [
      { what: 'enquiries', count: enquiries.count },
      { what: 'messages', count: messages.count },
      { what: 'call-backs', count: callBacks.count },
      { what: 'red-flag alerts', count: alerts.count },
      { what: 'red-flag answers', count: askings.count },
    ].filter(({ count }) => count > 0);
  }

  #toRetained(row: FactsRow): RetainedRecord {
    return {
      id: row.id,
      patientId: null,
      classes: UNCONVERTED,
      createdOn: localDate(instantFromDate(row.receivedAt), this.config.clinicTimeZone),
      lastContactOn: this.#lastContactOn(row),
      keptBecause: whyKept(row),
    };
  }

  #lastContactOn(row: FactsRow): Temporal.PlainDate {
    const { receivedAt, closedAt, messages, callBacks } = row;
    const moments = [
      receivedAt,
      ...(closedAt === null ? [] : [closedAt]),
      ...messages.map(({ at }) => at),
      ...callBacks.flatMap(({ lastCalledAt, attempts }) => [
        lastCalledAt,
        ...attempts.map(({ madeAt }) => madeAt),
      ]),
    ];
    const last = Math.max(...moments.map((moment) => moment.getTime()));
    return localDate(Temporal.Instant.fromEpochMilliseconds(last), this.config.clinicTimeZone);
  }
}

/** Why it may not go yet, whatever the rules say; null: nothing. */
function whyKept({ status, callBacks, redFlagAlerts }: FactsRow): string | null {
  if (redFlagAlerts.some((alert) => alert.status === RedFlagAlertStatus.OPEN)) return RED_FLAG_OPEN;
  if (callBacks.some((callBack) => callBack.status !== CallBackStatus.CLOSED)) return 'CALL_BACK_OPEN';
  return GOES_ON.includes(status) ? 'ENQUIRY_OPEN' : null;
}

/** What was asked and raised about a patient's referrals; the referrals themselves are the room's before. */
async function destroyOfReferrals(tx: Tx, patientId: string): Promise<readonly DestroyedPart[]> {
  const ofThem = { referral: { patientId } };
  const alerts = await tx.redFlagAlert.deleteMany({ where: ofThem });
  await tx.redFlagAnswer.deleteMany({ where: { asking: ofThem } });
  const askings = await tx.redFlagAsking.deleteMany({ where: ofThem });
  return [
    { what: 'red-flag alerts of referrals', count: alerts.count },
    { what: 'red-flag answers of referrals', count: askings.count },
  ].filter(({ count }) => count > 0);
}
