import { Inject, Injectable } from '@nestjs/common';
import { Database } from '../../platform/database/database.service.js';
import { notFound } from '../../platform/refusal/refusal.js';
import { AuditService } from '../audit/audit.service.js';
import type { StaffActor } from '../audit/audit.type.js';
import { PatientService } from '../patients/patient.service.js';
import { isPsychologyShown, isSigned } from './note.rules.js';
import type { ClinicalNote, NoteSection } from './note.type.js';
import { NoteRecordService } from './note-record.service.js';

const WITHHELD = '(The words of this section are not part of this copy.)';

/** Signed notes to hand on, with nothing in them that whoever takes the copy may not read themselves. */
@Injectable()
export class NoteCopyService {
  constructor(
    @Inject(Database) private readonly database: Database,
    @Inject(AuditService) private readonly audit: AuditService,
    @Inject(PatientService) private readonly patients: Pick<PatientService, 'byIds'>,
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
  ) {}

  /** What is signed about a patient, oldest first, as Markdown. That it was taken is recorded. Throws NOT_FOUND. */
  async notesCopy(actor: StaffActor, patientId: string): Promise<string> {
    return this.database.transaction(async (tx) => {
      const patient = (await this.patients.byIds(tx, [patientId])).get(patientId.toLowerCase());
      if (patient === undefined) throw notFound('patient');
      // Without an end: a copy is whole, or it is none.
      const { items } = await this.records.shown(tx, actor, { patientId: patient.id }, null);
      const copied = items.toReversed().flatMap(({ sections, ...note }) => {
        const signed = sections.filter(({ status }) => isSigned(status));
        return signed.length === 0 ? [] : [{ ...note, sections: signed }];
      });
      const sections = copied.flatMap((note) => note.sections);
      await this.audit.record(tx, actor, {
        ...{ action: 'clinical-notes.copied', subjectType: 'patient', subjectId: patient.id },
        patientIds: [patient.id],
        after: {
          sectionIds: sections.filter(({ isWithheld }) => !isWithheld).map(({ id }) => id),
          psychologySectionIds: sections.filter(isPsychologyShown).map(({ id }) => id),
        },
      });
      return copied.map(noteInWords).join('\n\n');
    });
  }
}

function noteInWords({ happenedOn, kind, sections }: ClinicalNote): string {
  return [`# ${happenedOn}: ${inWords(kind)}`, ...sections.map(sectionInWords)].join('\n\n');
}

function sectionInWords(section: NoteSection): string {
  const { discipline, signedByName, signedAt, content, isInError, addenda } = section;
  const head = `## ${inWords(discipline)}, signed by ${signedByName ?? ''} at ${signedAt?.toString() ?? ''}`;
  if (content === null) return `${head}\n\n${WITHHELD}`;
  const items = content.items.map(({ code, text, value, unit }) => {
    const measured = value === null ? '' : `: ${value}${unit === null ? '' : ` ${unit}`}`;
    return `- ${inWords(code)}: ${text}${measured}`;
  });
  return [
    head,
    ...(isInError ? ['Entered in error, by the word of its author.'] : []),
    content.text,
    ...(items.length === 0 ? [] : [items.join('\n')]),
    ...addenda.map(
      (added) =>
        `### ${inWords(added.kind)} ${added.number}, ${inWords(added.discipline)}, signed by ${added.signedByName} at ` +
        `${added.signedAt.toString()}\n\n${added.text}`,
    ),
  ].join('\n\n');
}

/** `PAIN_MEDICINE` as people read it. */
function inWords(code: string): string {
  const words = code.toLowerCase().replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
