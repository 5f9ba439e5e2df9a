import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import type { CheckKind, ExposureAct } from '../../platform/database/generated/enums.js';
import { badInput, isRefusal, type Refusal } from '../../platform/refusal/refusal.js';
import {
  Clock,
  dateFromInstant,
  dateFromPlainDate,
  localDate,
  type Temporal,
} from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { EntitlementService } from '../entitlements/entitlement.service.js';
import type { Visit } from '../visits/visit.type.js';
import { VisitRecordService } from '../visits/visit-record.service.js';
import {
  CheckAlreadyMade,
  type CheckNotOnTheDay,
  NotEntitledToCheck,
  type VisitNotToBeChecked,
} from './check.refusals.js';
import { canRecord } from './check-entry.rules.js';
import { CheckLetterService } from './check-letter.service.js';
import { type CheckRow, WITH_PARTS } from './check-row.type.js';
import { textOrNull } from './check-text.rules.js';

/** What is to be recorded, of which visit, and instead of what. */
export interface CheckEntry {
  readonly visitId: string;
  readonly replacesId?: string | null;
  readonly replaceReason?: string | null;
}

/** Where a new record stands: its visit is held, and whoever makes it may. */
export interface CheckGround {
  readonly kind: CheckKind;
  readonly visit: Visit;
  readonly now: Temporal.Instant;
  readonly today: Temporal.PlainDate;
  readonly entitlementId: string | null;
  readonly replaces: { readonly id: string; readonly reason: string } | null;
}

export type EntryRefusal = CheckNotOnTheDay | VisitNotToBeChecked | CheckAlreadyMade | NotEntitledToCheck;

/** Two people who record at once: the database lets one of them. */
export const CHECK_CONSTRAINTS = {
  visit_checks_first_of_day: () => new CheckAlreadyMade(null),
  visit_checks_replaces_id_key: () => new CheckAlreadyMade(null),
} as const satisfies Readonly<Record<string, () => Refusal>>;

/** What all kinds of checks have in common when they are recorded. */
@Injectable()
export class CheckEntryService {
  constructor(
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(VisitRecordService) private readonly visits: VisitRecordService,
    @Inject(EntitlementService) private readonly entitlements: EntitlementService,
    @Inject(CheckLetterService) private readonly letters: CheckLetterService,
  ) {}

  /** Holds the visit and judges whether this may be recorded. `act` null: it asks for no entitlement. Throws NOT_FOUND, BAD_INPUT. */
  async open(
    tx: Tx,
    actor: StaffActor,
    kind: CheckKind,
    entry: CheckEntry,
    act: ExposureAct | null,
  ): Promise<CheckGround | EntryRefusal> {
    const held = await this.hold(tx, entry.visitId);
    if (isRefusal(held)) return held;
    const { visit, now, today } = held;
    const entitled = await this.entitled(tx, actor, visit.visitTypeCode, act === null ? [] : [act], today);
    if (isRefusal(entitled)) return entitled;
    const replaces = await this.#replaces(tx, kind, entry, today);
    if (isRefusal(replaces)) return replaces;
    return { kind, visit, now, today, entitlementId: entitled.id, replaces };
  }

  /** The visit, held, when something may be recorded of it now. */
  async hold(tx: Tx, visitId: string) {
    const visit = await this.visits.lock(tx, visitId);
    const now = this.clock.now();
    const zone = this.config.clinicTimeZone;
    const today = localDate(now, zone);
    const refusal = canRecord({ status: visit.status, on: localDate(visit.startsAt, zone) }, today);
    return refusal ?? { visit, now, today };
  }

  /** By which entitlement somebody may do one of these acts; none asked for: by none. */
  async entitled(
    tx: Tx,
    { id }: StaffActor,
    procedureCode: string,
    acts: readonly ExposureAct[],
    on: Temporal.PlainDate,
  ): Promise<{ readonly id: string | null } | NotEntitledToCheck> {
    let refusal: NotEntitledToCheck | null = null;
    for (const act of acts) {
      const { entitled, entitlementId, reason } = await this.entitlements.entitlement(
        tx,
        id,
        act,
        procedureCode,
        on,
      );
      if (entitled) return { id: entitlementId };
      refusal ??= new NotEntitledToCheck(act, reason);
    }
    return refusal ?? { id: null };
  }

  /** Writes it with its part, and the record of it; where it waits for a practitioner, the clinic is told. */
  async write(
    tx: Tx,
    actor: StaffActor,
    { kind, visit, now, today, entitlementId, replaces }: CheckGround,
    part: Pick<Prisma.VisitCheckUncheckedCreateInput, 'identity' | 'pregnancy' | 'breastFeeding' | 'safety'>,
  ): Promise<CheckRow> {
    const row = await tx.visitCheck.create({
      data: {
        kind,
        visitId: visit.id,
        patientId: visit.patientId,
        procedureCode: visit.visitTypeCode,
        madeOn: dateFromPlainDate(today),
        madeAt: dateFromInstant(now),
        madeById: actor.id,
        entitlementId,
        replacesId: replaces?.id ?? null,
        replaceReason: replaces?.reason ?? null,
        ...part,
      },
      include: WITH_PARTS,
    });
    await this.audit.record(tx, actor, {
      action: replaces === null ? 'check.recorded' : 'check.replaced',
      subjectType: 'visit-check',
      subjectId: row.id,
      patientIds: [visit.patientId],
      ...(replaces === null ? {} : { before: { checkId: replaces.id } }),
      after: row,
    });
    await this.letters.tell(tx, row);
    return row;
  }

  async #replaces(
    tx: Tx,
    kind: CheckKind,
    { visitId, replacesId, replaceReason }: CheckEntry,
    today: Temporal.PlainDate,
  ): Promise<CheckGround['replaces'] | CheckAlreadyMade> {
    const standing = await tx.visitCheck.findFirst({
      where: { visitId, kind, madeOn: dateFromPlainDate(today), replacedBy: { is: null } },
      select: { id: true },
    });
    const reason = textOrNull(replaceReason);
    if (((replacesId ?? null) === null) !== (reason === null)) {
      throw badInput('replaceReason: belongs to replacesId, and is needed with it.');
    }
    if (standing === null) {
      if (reason === null) return null;
      throw badInput('replacesId: nothing of this kind has been recorded today that could be replaced.');
    }
    if (reason === null || replacesId?.toLowerCase() !== standing.id)
      return new CheckAlreadyMade(standing.id);
    return { id: standing.id, reason };
  }
}
