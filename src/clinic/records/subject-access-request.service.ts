import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Database, type Tx } from '../../platform/database/database.service.js';
import type { Prisma } from '../../platform/database/generated/client.js';
import { Outbox } from '../../platform/outbox/outbox.service.js';
import { badInput } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant, dateFromPlainDate, localDate, Temporal } from '../../platform/time/index.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { lockedAccessRequest } from './records.queries.js';
import { canDo, canExtend, dueDate, pausedDaysUntil } from './subject-access.rules.js';
import { mustHaveRequest, type RequestRow, toClock, toRequest } from './subject-access-record.service.js';
import {
  ExtensionTooLate,
  SubjectAccessAction,
  type SubjectAccessStandsOtherwise,
} from './subject-access-request.refusals.js';
import {
  type ExportPatientInput,
  type PauseSubjectAccessInput,
  SUBJECT_ACCESS_WORK,
  type SubjectAccessReasonInput,
  type SubjectAccessRequest,
} from './subject-access-request.type.js';

type Answer = SubjectAccessRequest | SubjectAccessStandsOtherwise | ExtensionTooLate;
type Columns = Prisma.SubjectAccessRequestUncheckedUpdateInput;
type Verb = 'paused' | 'resumed' | 'extended' | 'refused' | 'withdrawn';

/** A request for a copy and its clock. What the copy consists of is another service's. */
@Injectable()
export class SubjectAccessRequestService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(Outbox) private readonly outbox: Outbox,
    @Inject(PatientService) private readonly patients: PatientService,
  ) {
    outbox.declare(SUBJECT_ACCESS_WORK.requested);
  }

  /** Records a request; the clock runs from the day on which it came. A job prepares the copy. Throws NOT_FOUND, BAD_INPUT. */
  async exportPatient(actor: StaffActor, input: ExportPatientInput): Promise<SubjectAccessRequest> {
    const today = this.#today();
    const receivedOn = input.receivedOn ? Temporal.PlainDate.from(input.receivedOn) : today;
    if (Temporal.PlainDate.compare(receivedOn, today) > 0) {
      throw badInput('receivedOn: must not be in the future.');
    }
    const askerName = input.askerName?.trim() || null;
    if ((input.askedBy === 'PATIENT') !== (askerName === null)) {
      throw badInput('askerName: say who speaks for the patient; leave it out when it is the patient.');
    }
    return this.database.transaction(async (tx) => {
      await this.patients.lockPatient(tx, input.patientId);
      const row = await tx.subjectAccessRequest.create({
        data: {
          ...{ patientId: input.patientId, reason: input.reason.trim(), askedBy: input.askedBy, askerName },
          receivedOn: dateFromPlainDate(receivedOn),
          dueOn: dateFromPlainDate(dueDate({ receivedOn, pausedOn: null, pausedDays: 0, isExtended: false })),
          recordedAt: dateFromInstant(this.clock.now()),
          recordedById: actor.id,
        },
      });
      await this.outbox.post(tx, { topic: SUBJECT_ACCESS_WORK.requested, subjectId: row.id, version: 0 });
      return this.#record(tx, actor, 'requested', null, row);
    });
  }

  /** The clock stands until who asks, or what is meant, is known. Throws NOT_FOUND. */
  async pauseSubjectAccess(actor: StaffActor, input: PauseSubjectAccessInput): Promise<Answer> {
    return this.#change(actor, input.requestId, SubjectAccessAction.PAUSE, 'paused', () => ({
      status: 'PAUSED',
      pausedOn: dateFromPlainDate(this.#today()),
      pauseReason: input.reason,
    }));
  }

  /** The clock goes again; the days that it stood still are added. Throws NOT_FOUND. */
  async resumeSubjectAccess(actor: StaffActor, requestId: string): Promise<Answer> {
    return this.#change(actor, requestId, SubjectAccessAction.RESUME, 'resumed', (row) => {
      const clock = toClock(row);
      const pausedDays = pausedDaysUntil(clock, this.#today());
      const dueOn = dateFromPlainDate(dueDate({ ...clock, pausedDays }));
      return { status: 'OPEN', pausedOn: null, pauseReason: null, pausedDays, dueOn };
    });
  }

  /** Two months more, told to the person within the first month. Throws NOT_FOUND. */
  async extendSubjectAccess(actor: StaffActor, input: SubjectAccessReasonInput): Promise<Answer> {
    return this.#change(actor, input.requestId, SubjectAccessAction.EXTEND, 'extended', (row) => {
      const clock = toClock(row);
      const refusal = canExtend(clock, this.#today());
      if (refusal !== null) return refusal;
      return {
        dueOn: dateFromPlainDate(dueDate({ ...clock, isExtended: true })),
        extendedOn: dateFromPlainDate(this.#today()),
        extensionReason: input.reason.trim(),
      };
    });
  }

  /** Refuses the request, with the reason that the person is told. Throws NOT_FOUND. */
  async refuseSubjectAccess(actor: StaffActor, input: SubjectAccessReasonInput): Promise<Answer> {
    return this.#settle(actor, input, SubjectAccessAction.REFUSE, 'refused');
  }

  /** The person wants it no more. Throws NOT_FOUND. */
  async withdrawSubjectAccess(actor: StaffActor, input: SubjectAccessReasonInput): Promise<Answer> {
    return this.#settle(actor, input, SubjectAccessAction.WITHDRAW, 'withdrawn');
  }

  #settle(
    actor: StaffActor,
    { requestId, reason }: SubjectAccessReasonInput,
    action: SubjectAccessAction,
    verb: 'refused' | 'withdrawn',
  ): Promise<Answer> {
    return this.#change(actor, requestId, action, verb, () => ({
      status: verb === 'refused' ? 'REFUSED' : 'WITHDRAWN',
      pausedOn: null,
      pauseReason: null,
      settledAt: dateFromInstant(this.clock.now()),
      settledById: actor.id,
      settleReason: reason.trim(),
    }));
  }

  async #change(
    actor: StaffActor,
    requestId: string,
    action: SubjectAccessAction,
    verb: Verb,
    change: (row: RequestRow) => Columns | ExtensionTooLate,
  ): Promise<Answer> {
    return this.database.transaction(async (tx) => {
      await tx.$queryRaw(lockedAccessRequest(requestId));
      const before = await mustHaveRequest(tx, requestId);
      const refusal = canDo(before.status, action);
      if (refusal !== null) return refusal;
      const columns = change(before);
      if (columns instanceof ExtensionTooLate) return columns;
      const row = await tx.subjectAccessRequest.update({
        where: { id: requestId },
        data: { ...columns, version: { increment: 1 } },
      });
      return this.#record(tx, actor, verb, before, row);
    });
  }

  async #record(
    tx: Tx,
    actor: StaffActor,
    verb: 'requested' | Verb,
    before: RequestRow | null,
    row: RequestRow,
  ): Promise<SubjectAccessRequest> {
    const today = this.#today();
    const after = toRequest(row, today);
    await this.audit.record(tx, actor, {
      action: `subject-access.${verb}`,
      subjectType: 'subject-access-request',
      subjectId: row.id,
      patientIds: [row.patientId],
      ...(before === null ? {} : { before: toRequest(before, today) }),
      after,
    });
    return after;
  }

  #today(): Temporal.PlainDate {
    return localDate(this.clock.now(), this.config.clinicTimeZone);
  }
}
