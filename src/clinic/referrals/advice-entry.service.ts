import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { badInput, isRefusal, notFound } from '../../platform/refusal/refusal.js';
import { dateFromPlainDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import type { AdviceAction, AdviceChangedMeanwhile, AdviceNotPossible } from './advice.refusals.js';
import { adviceAfter, advicePatientProblem } from './advice.rules.js';
import type { AdviceThread, OpenAdviceThreadInput } from './advice.type.js';
import { textOrNull } from './referral-text.rules.js';

type ReferrerColumns = Pick<
  Prisma.AdviceThreadUncheckedCreateInput,
  'referrerId' | 'referrerName' | 'referrerOrganisation' | 'referrerRegistration' | 'referrerEmail'
>;

/** Questions for advice as they are written. Every verb works in the caller's transaction. */
@Injectable()
export class AdviceEntryService {
  constructor(
    @Inject(PatientService) private readonly patientRoom: PatientService,
    @Inject(AuditService) private readonly audit: AuditService,
  ) {}

  /** What a question says of itself, for its row. Throws NOT_FOUND, and BAD_INPUT naming the field. */
  async entryOf(tx: Tx, input: OpenAdviceThreadInput) {
    const about = {
      patientId: input.patientId ?? null,
      patientName: textOrNull(input.patientName),
      patientNhsNumber: input.patientNhsNumber?.replace(/[\s-]/g, '') || null,
    };
    const problem = advicePatientProblem(about);
    if (problem !== null) throw badInput(problem);
    if (about.patientId !== null) await this.patientRoom.mustHavePatient(tx, about.patientId);
    const serviceCode = input.serviceCode ?? null;
    await mustOfferService(tx, serviceCode);
    return {
      ...about,
      patientDateOfBirth: input.patientDateOfBirth
        ? dateFromPlainDate(Temporal.PlainDate.from(input.patientDateOfBirth))
        : null,
      priority: input.priority,
      source: input.source,
      serviceCode,
      ...(await referrerOf(tx, input)),
    };
  }

  /** Throws NOT_FOUND. */
  async mustKnowPatient(tx: Tx, patientId: string): Promise<void> {
    await this.patientRoom.mustHavePatient(tx, patientId);
  }

  /** Writes one change of a thread that is held, or says why not. Null: it is done. */
  async change(
    tx: Tx,
    thread: AdviceThread,
    action: AdviceAction,
    version: number,
    data: Prisma.AdviceThreadUncheckedUpdateInput,
  ): Promise<AdviceNotPossible | AdviceChangedMeanwhile | null> {
    const status = adviceAfter(thread, action, version);
    if (isRefusal(status)) return status;
    await tx.adviceThread.update({
      where: { id: thread.id },
      data: { ...data, status, version: { increment: 1 } },
      select: { id: true },
    });
    return null;
  }

  async note(
    tx: Tx,
    actor: StaffActor,
    action: string,
    before: AdviceThread | null,
    after: AdviceThread,
    why: object = {},
  ): Promise<void> {
    const patientIds = [...new Set([before?.patientId, after.patientId].flatMap((id) => id ?? []))];
    await this.audit.record(tx, actor, {
      action,
      subjectType: 'advice-thread',
      subjectId: after.id,
      patientIds,
      ...(before === null ? {} : { before }),
      after: { ...after, ...why },
    });
  }
}

/** Who asks: from the directory, or as it was written. Throws NOT_FOUND, and BAD_INPUT when nobody is named. */
async function referrerOf(tx: Tx, input: OpenAdviceThreadInput): Promise<ReferrerColumns> {
  if (!input.referrerId) {
    const referrerName = textOrNull(input.referrerName);
    if (referrerName === null) throw badInput('referrerName: say who asks, or name them in the directory.');
    return {
      referrerId: null,
      referrerName,
      referrerOrganisation: textOrNull(input.referrerOrganisation),
      referrerRegistration: textOrNull(input.referrerRegistration),
      referrerEmail: textOrNull(input.referrerEmail),
    };
  }
  const known = await tx.referrer.findUnique({ where: { id: input.referrerId } });
  if (known === null) throw notFound('referrer');
  return {
    referrerId: known.id,
    referrerName: [known.title, known.name].flatMap((part) => part ?? []).join(' '),
    referrerOrganisation: known.organisation,
    referrerRegistration: known.registration,
    referrerEmail: known.email ?? textOrNull(input.referrerEmail),
  };
}

async function mustOfferService(tx: Tx, serviceCode: string | null): Promise<void> {
  if (serviceCode === null) return;
  const service = await tx.referralServiceKind.findUnique({ where: { code: serviceCode } });
  if (service === null || service.retiredOn !== null)
    throw badInput('serviceCode: is not a service that patients are referred for.');
}
