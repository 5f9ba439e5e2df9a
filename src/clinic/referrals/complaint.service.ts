import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { ReferralComplaint as ComplaintRow } from '../../platform/database/generated/client.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, instantFromDate } from '../../platform/time/index.js';
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { complaintProblem, readLevel } from './complaint.rules.js';
import type {
  CorrectSpineComplaintInput,
  RecordSpineComplaintInput,
  ReferralComplaint,
  RetireSpineComplaintInput,
} from './complaint.type.js';
import { type ContentTable, type NotCorrected, ReferralContentService } from './referral-content.service.js';
import { someText, textOrNull } from './referral-text.rules.js';

type Columns = Omit<ComplaintRow, 'id' | 'referralId' | 'version'>;

const COMPLAINTS: ContentTable<ReferralComplaint, Columns> = {
  noun: 'referral-complaint',
  async find(tx, id) {
    const row = await tx.referralComplaint.findUnique({ where: { id } });
    return row === null ? null : toComplaint(row);
  },
  async create(tx, columns) {
    return toComplaint(await tx.referralComplaint.create({ data: columns }));
  },
  async update(tx, id, version, columns) {
    const data = { ...columns, version: { increment: 1 } };
    return (await tx.referralComplaint.updateMany({ where: { id, version, retiredAt: null }, data })).count;
  },
};

/** Where it hurts, in rows: one for each place. */
@Injectable()
export class ComplaintService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(ReferralContentService) private readonly content: ReferralContentService,
  ) {}

  /** One more place. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async recordSpineComplaint(
    actor: StaffActor,
    input: RecordSpineComplaintInput,
  ): Promise<ReferralComplaint> {
    const columns = {
      ...readComplaint(input),
      referralId: input.referralId,
      recordedAt: dateFromInstant(this.clock.now()),
      recordedById: actor.id,
      retiredAt: null,
    };
    return this.database.transaction((tx) => this.content.record(tx, actor, COMPLAINTS, columns));
  }

  /** The entry as it should have been. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async correctSpineComplaint(
    actor: StaffActor,
    input: CorrectSpineComplaintInput,
  ): Promise<ReferralComplaint | NotCorrected> {
    const entry = { id: input.complaintId, version: input.version };
    const change = { verb: 'corrected', columns: readComplaint(input) } as const;
    return this.content.change(actor, COMPLAINTS, entry, change);
  }

  /** The entry does not hold. Throws NOT_FOUND. */
  async retireSpineComplaint(
    actor: StaffActor,
    input: RetireSpineComplaintInput,
  ): Promise<ReferralComplaint | NotCorrected> {
    const entry = { id: input.complaintId, version: input.version };
    const columns = { retiredAt: dateFromInstant(this.clock.now()) };
    const change = { verb: 'retired', columns, reason: someText(input.reason) } as const;
    return this.content.change(actor, COMPLAINTS, entry, change);
  }

  /** Those of each of these referrals that hold, in the order in which they were recorded. The look is recorded. */
  async complaintsOf(
    actor: Actor,
    referralIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly ReferralComplaint[]>> {
    const read = (tx: Tx) =>
      tx.referralComplaint.findMany({
        where: { referralId: { in: [...referralIds] }, retiredAt: null },
        orderBy: [{ recordedAt: 'asc' }, { id: 'asc' }],
      });
    const rows = await this.content.look(actor, 'referral-complaints', referralIds, read);
    const entries = rows.map(toComplaint);
    return new Map(referralIds.map((id) => [id, entries.filter((entry) => entry.referralId === id)]));
  }
}

function readComplaint(input: RecordSpineComplaintInput | CorrectSpineComplaintInput) {
  const entry = {
    region: input.region,
    levelFrom: readLevel(textOrNull(input.levelFrom)),
    levelTo: readLevel(textOrNull(input.levelTo)),
    side: input.side,
    durationWeeks: input.durationWeeks ?? null,
    radiates: input.radiates ?? null,
    nrsAverage: input.nrsAverage ?? null,
    nrsWorst: input.nrsWorst ?? null,
    odiPercent: input.odiPercent ?? null,
    note: textOrNull(input.note),
  };
  const problem = complaintProblem(entry);
  if (problem !== null) throw badInput(problem);
  return entry;
}

function toComplaint(row: ComplaintRow): ReferralComplaint {
  const { recordedById: _recordedById, ...entry } = row;
  const recordedAt = instantFromDate(row.recordedAt);
  return { ...entry, recordedAt, retiredAt: row.retiredAt === null ? null : instantFromDate(row.retiredAt) };
}
