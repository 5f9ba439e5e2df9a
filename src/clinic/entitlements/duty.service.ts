import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, notFound } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  instantFromDate,
  localDate,
  plainDateFromDate,
  Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import {
  EntitlementAlreadyEnded,
  EntitlementAlreadyRecorded,
  EntitlementNotInTerm,
} from './duty.refusals.js';
import type {
  EndEntitlementInput,
  Entitlement,
  EntitlementFilterInput,
  EntitleStaffInput,
  StaffEntitled,
} from './duty.type.js';
import { DutyReviewService } from './duty-review.service.js';
import { HELD_ENTITLEMENT } from './entitlement.queries.js';
import { EntitlementSubjectService } from './entitlement-subject.service.js';
import { tidyCodes, tidyWords } from './entitlement-text.rules.js';
import { holdsOn } from './licence.rules.js';

/** More than all acts of all staff over years; a list without an end would be one slow answer. */
const ENTITLEMENTS_MAX = 1000;

const WHOLE = {
  staff: { select: { displayName: true } },
  ending: true,
} as const satisfies Prisma.EntitlementInclude;
type EntitlementRow = Prisma.EntitlementGetPayload<{ include: typeof WHOLE }>;

interface EntitlementTerm {
  readonly validFrom: Date;
  readonly validUntil: Date | null;
  readonly reviewOn: Date;
}

/** Who is entitled to which act of an exposure. What is recorded is never edited. */
@Injectable()
export class DutyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(EntitlementSubjectService) private readonly subjects: EntitlementSubjectService,
    @Inject(DutyReviewService) private readonly reviews: DutyReviewService,
  ) {}

  /** One entitlement for each act, all or none. */
  async entitleStaff(
    actor: StaffActor,
    input: EntitleStaffInput,
  ): Promise<StaffEntitled | EntitlementAlreadyRecorded> {
    const term = readTerm(input);
    await this.subjects.mustHaveStaff(input.staffId);
    const codes = await this.subjects.mustHaveProcedures(tidyCodes(input.procedureCodes ?? []));
    return this.database.transaction<StaffEntitled, EntitlementAlreadyRecorded>(
      async (tx) => {
        const entitlements: Entitlement[] = [];
        for (const act of input.acts) {
          const row = await tx.entitlement.create({
            data: {
              ...{ staffId: input.staffId, act, procedureCodes: codes, ...term },
              evidence: tidyWords(input.evidence),
              entitledAt: dateFromInstant(this.clock.now()),
              entitledById: actor.id,
            },
            include: WHOLE,
          });
          await this.reviews.watch(tx, row.id);
          const after = this.#toEntitlement(row);
          entitlements.push(after);
          await this.#record(tx, actor, 'entitlement.given', { after });
        }
        return { entitlements };
      },
      {
        onConstraint: {
          entitlements_staff_id_act_procedure_codes_valid_from_key: () =>
            new EntitlementAlreadyRecorded(input.acts),
        },
      },
    );
  }

  /** From that day on it holds no more; what was done before stays entitled. */
  async endEntitlement(
    actor: StaffActor,
    input: EndEntitlementInput,
  ): Promise<Entitlement | EntitlementAlreadyEnded | EntitlementNotInTerm> {
    const endedOn = Temporal.PlainDate.from(input.on);
    return this.database.transaction(async (tx) => {
      await tx.$queryRawUnsafe(HELD_ENTITLEMENT, input.entitlementId);
      const row = await this.#row(tx, input.entitlementId);
      if (row.ending !== null) return new EntitlementAlreadyEnded();
      const { validFrom, validUntil } = termOf(row);
      if (!holdsOn({ validFrom, validUntil, endedOn: null }, endedOn)) {
        return new EntitlementNotInTerm(validFrom, validUntil);
      }
      await tx.entitlementEnding.create({
        data: {
          entitlementId: row.id,
          endedOn: dateFromPlainDate(endedOn),
          reason: tidyWords(input.reason),
          recordedAt: dateFromInstant(this.clock.now()),
          endedById: actor.id,
        },
      });
      await this.#watchOthers(tx, row);
      const after = this.#toEntitlement(await this.#row(tx, row.id));
      await this.#record(tx, actor, 'entitlement.ended', { before: this.#toEntitlement(row), after });
      return after;
    });
  }

  /** By name and act; past ones too unless a day is asked for. */
  async entitlements({
    staffId,
    act,
    on,
    reviewOverdue,
  }: EntitlementFilterInput): Promise<readonly Entitlement[]> {
    const rows = await this.database.client.entitlement.findMany({
      where: {
        ...(staffId ? { staffId } : {}),
        ...(act ? { act } : {}),
        AND: [
          on ? holdingOn(Temporal.PlainDate.from(on)) : {},
          reviewOverdue === true
            ? { ...holdingOn(this.#today()), reviewOn: { lt: dateFromPlainDate(this.#today()) } }
            : {},
        ],
      },
      include: WHOLE,
      orderBy: [{ staff: { displayName: 'asc' } }, { staffId: 'asc' }, { act: 'asc' }, { id: 'asc' }],
      take: ENTITLEMENTS_MAX,
    });
    return rows.map((row) => this.#toEntitlement(row));
  }

  /** What was to go on in this one no longer does, and what it said for others has to be said by one of them. */
  async #watchOthers(tx: Tx, { id, staffId }: EntitlementRow): Promise<void> {
    const others = await tx.entitlement.findMany({
      where: {
        ...{ staffId, id: { not: id }, ending: null },
        OR: [{ validUntil: null }, { validUntil: { gte: dateFromPlainDate(this.#today()) } }],
      },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    for (const other of others) await this.reviews.watch(tx, other.id);
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }

  async #row(tx: Tx, id: string): Promise<EntitlementRow> {
    const row = await tx.entitlement.findUnique({ where: { id }, include: WHOLE });
    if (row === null) throw notFound('entitlement');
    return row;
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    action: string,
    change: { readonly before?: Entitlement; readonly after: Entitlement },
  ): Promise<void> {
    const subjectId = change.after.id;
    await this.audit.record(tx, actor, { action, subjectType: 'entitlement', subjectId, ...change });
  }

  #toEntitlement(row: EntitlementRow): Entitlement {
    const today = this.#today();
    const term = termOf(row);
    const holdsToday = holdsOn(term, today);
    const reviewOn = plainDateFromDate(row.reviewOn);
    return {
      ...{ id: row.id, staffId: row.staffId, staffName: row.staff.displayName, act: row.act },
      procedureCodes: row.procedureCodes,
      validFrom: term.validFrom.toString(),
      validUntil: term.validUntil?.toString() ?? null,
      reviewOn: reviewOn.toString(),
      evidence: row.evidence,
      entitledAt: instantFromDate(row.entitledAt),
      entitledById: row.entitledById,
      endedOn: term.endedOn?.toString() ?? null,
      endReason: row.ending?.reason ?? null,
      endedById: row.ending?.endedById ?? null,
      holdsToday,
      isReviewOverdue: holdsToday && Temporal.PlainDate.compare(reviewOn, today) < 0,
    };
  }
}

function termOf(row: EntitlementRow) {
  const day = (date: Date | null) => (date === null ? null : plainDateFromDate(date));
  return {
    validFrom: plainDateFromDate(row.validFrom),
    validUntil: day(row.validUntil),
    endedOn: day(row.ending?.endedOn ?? null),
  };
}

/** The days as they are kept. Throws BAD_INPUT where they run backwards. */
function readTerm({ validFrom, validUntil, reviewOn }: EntitleStaffInput): EntitlementTerm {
  const from = Temporal.PlainDate.from(validFrom);
  const until = validUntil ? Temporal.PlainDate.from(validUntil) : null;
  const review = Temporal.PlainDate.from(reviewOn);
  if (until !== null && Temporal.PlainDate.compare(until, from) < 0) {
    throw badInput('validUntil: must not be before validFrom.');
  }
  if (Temporal.PlainDate.compare(review, from) < 0) throw badInput('reviewOn: must not be before validFrom.');
  return {
    validFrom: dateFromPlainDate(from),
    validUntil: until === null ? null : dateFromPlainDate(until),
    reviewOn: dateFromPlainDate(review),
  };
}

function holdingOn(on: Temporal.PlainDate): Prisma.EntitlementWhereInput {
  const day = dateFromPlainDate(on);
  return {
    validFrom: { lte: day },
    AND: [
      { OR: [{ validUntil: null }, { validUntil: { gte: day } }] },
      { OR: [{ ending: null }, { ending: { endedOn: { gt: day } } }] },
    ],
  };
}
