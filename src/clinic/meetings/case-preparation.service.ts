import { Inject, Injectable } from '@nestjs/common';
import { Database, type Tx } from '../../platform/database/database.service.js';
import { badInput, isRefusal, notFound, type Refusal } from '../../platform/refusal/refusal.js';
import { Clock, dateFromInstant } from '../../platform/time/index.js';
import type { StaffActor } from '../audit/audit.type.js';
import type { DocumentReader } from '../documents/document-reader.type.js';
import type { Booker } from '../visits/booker.type.js';
import { IdempotencyService } from '../visits/idempotency.service.js';
import { CaseExhibitService } from './case-exhibit.service.js';
import { CaseGroundService } from './case-ground.service.js';
import { CaseRecordService } from './case-record.service.js';
import { CaseAction } from './meeting.rules.js';
import { AlreadyShown, type CaseChangedSince, type CaseStandsOtherwise } from './meeting-case.refusals.js';
import {
  type MeetingCase,
  PROPOSE_CASE_REFUSALS,
  type PrepareCaseInput,
  type ProposeCaseInput,
  type ShowToTeamInput,
  type WriteCaseProformaInput,
} from './meeting-case.type.js';

/** A case as it is brought: the question, who brings it, what the team has to know and see. */
@Injectable()
export class CasePreparationService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(Clock) private readonly clock: Clock,
    @Inject(IdempotencyService) private readonly idempotency: IdempotencyService,
    @Inject(CaseGroundService) private readonly ground: CaseGroundService,
    @Inject(CaseExhibitService) private readonly exhibits: CaseExhibitService,
    @Inject(CaseRecordService) private readonly records: CaseRecordService,
  ) {}

  /** Once for each key. Throws NOT_FOUND, BAD_INPUT. */
  async proposeCase(booker: Booker, input: ProposeCaseInput): Promise<MeetingCase | Refusal> {
    await this.ground.mustHaveStaff([input.presenterId, input.knowsPatientId]);
    return this.idempotency.once<MeetingCase>(
      { booker, operation: 'proposeCase', input, refusals: PROPOSE_CASE_REFUSALS },
      (tx) => this.propose(tx, booker.actor, input),
    );
  }

  /** For this room: brings a case in the transaction of whoever asked. The patient is held. Throws NOT_FOUND. */
  async propose(tx: Tx, actor: StaffActor, input: ProposeCaseInput): Promise<MeetingCase> {
    const { patientId, referralId = null, presenterId = null, knowsPatientId = null } = input;
    await this.ground.mustHavePatient(tx, patientId, referralId);
    await this.ground.mustHaveSources(tx, patientId, input.sources);
    const sources = new Map(input.sources.map((source) => [`${source.kind} ${source.sourceId}`, source]));
    return this.records.create(tx, actor, {
      ...{ patientId, referralId, presenterId, knowsPatientId },
      question: input.question.trim(),
      proposedAt: dateFromInstant(this.clock.now()),
      proposedById: actor.id,
      sources: { create: [...sources.values()].map(({ kind, sourceId }) => ({ kind, sourceId })) },
    });
  }

  /** Throws NOT_FOUND. */
  async prepareCase(
    actor: StaffActor,
    input: PrepareCaseInput,
  ): Promise<MeetingCase | CaseStandsOtherwise | CaseChangedSince> {
    await this.ground.mustHaveStaff([input.presenterId, input.knowsPatientId]);
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.caseId);
      const status = this.records.next(before, CaseAction.PREPARE, input.version);
      if (isRefusal(status)) return status;
      const change = {
        question: input.question?.trim() ?? before.question,
        presenterId: input.presenterId ?? before.presenterId,
        knowsPatientId: input.knowsPatientId ?? before.knowsPatientId,
      };
      return this.records.write(tx, actor, before, change, { kind: 'PREPARED' });
    });
  }

  /** A proforma is never edited: this is the next. Throws NOT_FOUND. */
  async writeCaseProforma(
    actor: StaffActor,
    input: WriteCaseProformaInput,
  ): Promise<MeetingCase | CaseStandsOtherwise | CaseChangedSince> {
    return this.database.transaction(async (tx) => {
      const before = await this.records.hold(tx, input.caseId);
      const status = this.records.next(before, CaseAction.PREPARE, input.version);
      if (isRefusal(status)) return status;
      await tx.meetingCaseProforma.create({
        data: {
          ...{ caseId: before.id, number: (before.proformas[0]?.number ?? 0) + 1 },
          preferences: input.preferences.trim(),
          whatMatters: input.whatMatters.trim(),
          function: input.function.trim(),
          work: input.work.trim(),
          medication: input.medication.trim(),
          previousTreatments: input.previousTreatments.trim(),
          comorbidity: input.comorbidity.trim(),
          capacityAndNeeds: input.capacityAndNeeds.trim(),
          writtenAt: dateFromInstant(this.clock.now()),
          writtenById: actor.id,
        },
      });
      return this.records.write(tx, actor, before, {}, { kind: 'PREPARED' });
    });
  }

  /** What is shown stays as it was shown. Throws NOT_FOUND, BAD_INPUT. */
  async showToTeam(
    reader: DocumentReader,
    input: ShowToTeamInput,
  ): Promise<MeetingCase | CaseStandsOtherwise | AlreadyShown> {
    const { actor } = reader;
    const seen = await this.exhibits.seen(reader, input);
    return this.database.transaction<MeetingCase | CaseStandsOtherwise, AlreadyShown>(
      async (tx) => {
        const before = await this.records.hold(tx, input.caseId);
        const status = this.records.next(before, CaseAction.PREPARE, null);
        if (isRefusal(status)) return status as CaseStandsOtherwise;
        const shown = await this.exhibits.read(tx, reader, before.patientId, input, seen);
        if (shown === null) throw notFound('what is to be shown');
        if (typeof shown === 'string') throw badInput(shown);
        await tx.meetingCaseExhibit.create({
          data: {
            ...{ caseId: before.id, kind: input.kind, ...shown, label: input.label.trim() },
            addedAt: dateFromInstant(this.clock.now()),
            addedById: actor.id,
          },
        });
        return this.records.write(tx, actor, before, {}, { kind: 'PREPARED' });
      },
      {
        onConstraint: {
          meeting_case_exhibits_once: () => new AlreadyShown(),
          meeting_case_exhibits_images_once: () => new AlreadyShown(),
        },
      },
    );
  }
}
