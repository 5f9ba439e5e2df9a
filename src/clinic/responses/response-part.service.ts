import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { ProposalStatus } from '../../platform/database/generated/enums.js';
import type { Actor } from '../audit/audit.type.js';
import {
  type DestroyedPart,
  type PatientPartFacts,
  type PatientRecordPart,
  RetentionClasses,
} from '../records/retention-class.type.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

/** What responses mean for how long a record is kept, their destruction with it, and the patient's copy. */
@Injectable()
export class ResponsePartService implements PatientRecordPart, SubjectAccessRoom {
  readonly room = 'responses';

  constructor(
    @Inject(RetentionClasses) classes: RetentionClasses,
    @Inject(SubjectAccess) access: SubjectAccess,
  ) {
    classes.join(this);
    access.register(this);
  }

  /** Contact and treatment are known to the rooms before: figures are scores. A proposal that nobody has settled keeps it. */
  async facts(tx: Tx, patientIds: readonly string[]): Promise<ReadonlyMap<string, PatientPartFacts>> {
    const open = await tx.treatmentProposal.findMany({
      where: {
        status: ProposalStatus.OPEN,
        judgement: { diary: { treatment: { patientId: { in: [...patientIds] } } } },
      },
      select: {
        judgement: { select: { diary: { select: { treatment: { select: { patientId: true } } } } } },
      },
    });
    const kept = new Set(open.map(({ judgement }) => judgement.diary.treatment.patientId));
    return new Map(
      patientIds.map((id) => [
        id,
        {
          ...{ lastContactOn: null, treatmentEndedOn: null, classes: [] },
          keptBecause: kept.has(id) ? 'TREATMENT_PROPOSED' : null,
        },
      ]),
    );
  }

  /** The database lets go of them under a lawful destruction, and never otherwise. */
  async destroy(tx: Tx, _actor: Actor, patientId: string): Promise<readonly DestroyedPart[]> {
    const where = { diary: { treatment: { patientId } } };
    const proposals = await tx.treatmentProposal.deleteMany({ where: { judgement: where } });
    const judgements = await tx.responseJudgement.deleteMany({ where });
    const entries = await tx.diaryEntry.deleteMany({ where });
    const diaries = await tx.painDiary.deleteMany({ where: { treatment: { patientId } } });
    return [
      { what: 'pain diaries', count: diaries.count },
      { what: 'points of pain diaries', count: entries.count },
      { what: 'judgements of responses', count: judgements.count },
      { what: 'proposals of treatments', count: proposals.count },
    ].filter(({ count }) => count > 0);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const where = { diary: { treatment: { patientId } } };
    const order = { orderBy: { id: 'asc' } } as const;
    return [
      {
        name: 'pain-diaries',
        about:
          'When you were to be asked about your pain after a treatment, and which of your scores was the answer.',
        records: await tx.diaryEntry.findMany({ where, ...order }),
        thirdPartyFields: ['missingReason'],
      },
      {
        name: 'judgements',
        about:
          'What your answers say of a treatment, in per cent of the pain before. The highest number stands.',
        records: await tx.responseJudgement.findMany({ where, ...order }),
      },
      {
        name: 'proposals',
        about: 'Treatments that were proposed because an earlier one helped, and what became of that.',
        records: await tx.treatmentProposal.findMany({ where: { judgement: where }, ...order }),
        thirdPartyFields: ['reason'],
      },
    ];
  }
}
