import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { type ReferralDeclineReason, ReferralStatus } from '../../platform/database/generated/enums.js';
import { decodeCursor, encodeCursor, type Page, type PageInput } from '../../platform/graphql/page.type.js';
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
import type { Actor, StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { Patient } from '../patients/patient.type.js';
import { heldReferral, newestOfEach } from './referral.queries.js';
import { ReferralAction, ReferralAlreadyDecided } from './referral.refusals.js';
import {
  allowedActions,
  declineProblem,
  nextStatus,
  receivedOnProblem,
  referrerProblem,
  toRegistration,
} from './referral.rules.js';
import type {
  AcceptReferralInput,
  DeclineReferralInput,
  ReceiveReferralInput,
  Referral,
  ReferralFilterInput,
} from './referral.type.js';

/** What the record of one patient shows; older ones are found through `referrals`. */
const REFERRALS_OF_A_PATIENT_MAX = 50;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

type ReferralRow = Prisma.ReferralGetPayload<object>;

@Injectable()
export class ReferralService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patientRoom: PatientService,
  ) {}

  /** Takes in a referral; it then awaits triage. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async receiveReferral(actor: StaffActor, input: ReceiveReferralInput): Promise<Referral> {
    const entry = toEntry(input);
    const problem = referrerProblem(entry);
    if (problem !== null) throw badInput(problem);
    const now = this.clock.now();
    const today = localDate(now, this.config.clinicTimeZone);
    const receivedOn = input.receivedOn ?? today.toString();

    return this.database.transaction(async (tx) => {
      const { dateOfBirth } = await this.patientRoom.mustHavePatient(tx, input.patientId);
      const dayProblem = receivedOnProblem(receivedOn, { today, dateOfBirth });
      if (dayProblem !== null) throw badInput(dayProblem);
      const row = await tx.referral.create({
        data: {
          ...entry,
          status: ReferralStatus.AWAITING_TRIAGE,
          receivedOn: dateFromPlainDate(Temporal.PlainDate.from(receivedOn)),
          recordedAt: dateFromInstant(now),
          recordedById: actor.id,
        },
      });
      const referral = toReferral(row);
      await this.#recordChange(tx, actor, 'referral.received', null, referral);
      return referral;
    });
  }

  /** A clinician will see the patient. Throws NOT_FOUND. */
  async acceptReferral(
    actor: StaffActor,
    input: AcceptReferralInput,
  ): Promise<Referral | ReferralAlreadyDecided> {
    return this.#decide(actor, input, ReferralAction.ACCEPT, null);
  }

  /** A clinician will not see the patient, and says why. Throws NOT_FOUND, and BAD_INPUT when OTHER has no comment. */
  async declineReferral(
    actor: StaffActor,
    input: DeclineReferralInput,
  ): Promise<Referral | ReferralAlreadyDecided> {
    const problem = declineProblem(input.reason, textOrNull(input.comment));
    if (problem !== null) throw badInput(problem);
    return this.#decide(actor, input, ReferralAction.DECLINE, input.reason);
  }

  /** One referral. The look is recorded. Throws NOT_FOUND. */
  async referral(actor: Actor, id: string): Promise<Referral> {
    return this.database.transaction(async (tx) => {
      const referral = await this.mustHaveReferral(tx, id);
      await this.audit.record(tx, actor, {
        action: 'referral.viewed',
        subjectType: 'referral',
        subjectId: referral.id,
        patientIds: [referral.patientId],
      });
      return referral;
    });
  }

  /** Referrals, the longest waiting first. The look at their patients is recorded. */
  async referrals(actor: Actor, filter: ReferralFilterInput, page: PageInput): Promise<Page<Referral>> {
    const after = page.after ? mustBeCursor(page.after) : null;
    return this.database.transaction(async (tx) => {
      const rows = await tx.referral.findMany({
        where: {
          ...(filter.statuses ? { status: { in: [...filter.statuses] } } : {}),
          ...(filter.patientId ? { patientId: filter.patientId } : {}),
          ...(after === null ? {} : later(after)),
        },
        orderBy: [{ receivedOn: 'asc' }, { id: 'asc' }],
        take: page.size + 1,
      });
      const items = rows.slice(0, page.size).map(toReferral);
      await this.#recordLook(tx, actor, 'referrals.searched', items, { ...filter });
      const last = items.at(-1);
      return {
        items,
        nextCursor: rows.length > page.size && last ? encodeCursor(last.receivedOn, last.id) : null,
      };
    });
  }

  /** The newest referrals of each of these patients. The look is recorded. */
  async ofPatients(
    actor: Actor,
    patientIds: readonly string[],
  ): Promise<ReadonlyMap<string, readonly Referral[]>> {
    return this.database.transaction(async (tx) => {
      const newest = newestOfEach(patientIds, REFERRALS_OF_A_PATIENT_MAX);
      const found = await tx.$queryRaw<{ id: string }[]>(newest);
      const rows = await tx.referral.findMany({
        where: { id: { in: found.map(({ id }) => id) } },
        orderBy: [{ receivedOn: 'desc' }, { id: 'desc' }],
      });
      const items = rows.map(toReferral);
      await this.#recordLook(tx, actor, 'referrals.viewed', items, {});
      const own = (patientId: string) => items.filter((referral) => referral.patientId === patientId);
      return new Map(patientIds.map((patientId) => [patientId, own(patientId)]));
    });
  }

  /** The patients of referrals, from their own room, which records the look. */
  async patients(actor: Actor, ids: readonly string[]): Promise<ReadonlyMap<string, Patient>> {
    return this.patientRoom.viewedByIds(actor, ids);
  }

  /**
   * For later rooms: the referral, or NOT_FOUND. With `hold` nobody decides on it or books for it until the transaction
   * ends. Does not record a look: whoever shows it does.
   */
  async mustHaveReferral(tx: Tx, id: string, options: { hold?: boolean } = {}): Promise<Referral> {
    if (!UUID.test(id)) throw notFound('referral');
    if (options.hold) await tx.$queryRaw(heldReferral(id));
    const row = await tx.referral.findUnique({ where: { id } });
    if (row === null) throw notFound('referral');
    return toReferral(row);
  }

  /** For later rooms: those of these referrals that exist, in one statement. Does not record a look. */
  async byIds(client: Tx, ids: readonly string[]): Promise<ReadonlyMap<string, Referral>> {
    const where = { id: { in: [...new Set(ids)].filter((id) => UUID.test(id)) } };
    const rows = await client.referral.findMany({ where });
    return new Map(rows.map((row) => [row.id, toReferral(row)]));
  }

  /** Of two who decide at once the second waits for the first's row, finds another state, and is told which. */
  async #decide(
    actor: StaffActor,
    input: AcceptReferralInput,
    action: ReferralAction,
    declineReason: ReferralDeclineReason | null,
  ): Promise<Referral | ReferralAlreadyDecided> {
    return this.database.transaction(async (tx) => {
      const before = await this.mustHaveReferral(tx, input.referralId);
      const status = nextStatus(before.status, action);
      if (status instanceof ReferralAlreadyDecided) return status;
      const { count } = await tx.referral.updateMany({
        where: { id: before.id, status: before.status },
        data: {
          status,
          decidedAt: dateFromInstant(this.clock.now()),
          decidedById: actor.id,
          declineReason,
          decisionComment: textOrNull(input.comment),
          version: { increment: 1 },
        },
      });
      const after = await this.mustHaveReferral(tx, before.id);
      if (count !== 1) return new ReferralAlreadyDecided(after.status, allowedActions(after.status));
      const done = action === ReferralAction.ACCEPT ? 'referral.accepted' : 'referral.declined';
      await this.#recordChange(tx, actor, done, before, after);
      return after;
    });
  }

  async #recordChange(
    tx: Tx,
    actor: Actor,
    action: string,
    before: Referral | null,
    after: Referral,
  ): Promise<void> {
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'referral',
      subjectId: after.id,
      patientIds: [after.patientId],
      ...(before === null ? {} : { before }),
      after,
    });
  }

  async #recordLook(
    tx: Tx,
    actor: Actor,
    action: string,
    shown: readonly Referral[],
    after: object,
  ): Promise<void> {
    const patientIds = [...new Set(shown.map(({ patientId }) => patientId))];
    await this.audit.record(tx, actor, { action, subjectType: 'referral', patientIds, after });
  }
}

function textOrNull(text: string | null | undefined): string | null {
  return text?.normalize('NFC').trim() || null;
}

function toEntry(input: ReceiveReferralInput) {
  const { patientId, source, priority } = input;
  return {
    patientId,
    source,
    priority,
    referrerName: textOrNull(input.referrerName),
    referrerOrganisation: textOrNull(input.referrerOrganisation),
    referrerRegistration: toRegistration(source, textOrNull(input.referrerRegistration)),
    clinicalQuestion: input.clinicalQuestion.normalize('NFC').trim(),
  };
}

interface ReferralCursor {
  readonly receivedOn: Date;
  readonly id: string;
}

function mustBeCursor(cursor: string): ReferralCursor {
  const [receivedOn, id] = decodeCursor(cursor, ['day', 'uuid']);
  return { receivedOn: dateFromPlainDate(Temporal.PlainDate.from(receivedOn)), id };
}

/** What comes after a place in the list. */
function later({ receivedOn, id }: ReferralCursor): Prisma.ReferralWhereInput {
  return { OR: [{ receivedOn: { gt: receivedOn } }, { receivedOn, id: { gt: id } }] };
}

function toReferral(row: ReferralRow): Referral {
  const { version: _version, recordedById: _recordedById, ...rest } = row;
  return {
    ...rest,
    allowedActions: allowedActions(row.status),
    receivedOn: plainDateFromDate(row.receivedOn).toString(),
    recordedAt: instantFromDate(row.recordedAt),
    decidedAt: row.decidedAt === null ? null : instantFromDate(row.decidedAt),
  };
}
