import { Inject, Injectable } from '@nestjs/common';
import type { Tx } from '../../platform/database/database.service.js';
import { Discipline, NoteSectionStatus } from '../../platform/database/generated/enums.js';
import {
  SubjectAccess,
  type SubjectAccessRoom,
  type SubjectAccessSection,
} from '../records/subject-access.type.js';

const ABOUT = {
  note: { select: { kind: true, happenedOn: true, referralId: true, meetingCaseId: true } },
} as const;

/** Of what the copy does not hold the words of. */
const THAT_IT_IS_THERE = {
  id: true,
  noteId: true,
  discipline: true,
  authorId: true,
  status: true,
  begunAt: true,
} as const;

const IN_ORDER = { id: 'asc' } as const;

/**
 * Notes for the patient whom they are about. Whoever puts such a copy together may not read psychology notes, so of these it
 * says that they are there; their words come from somebody who may (`notesCopy`).
 */
@Injectable()
export class NoteAccessService implements SubjectAccessRoom {
  readonly room = 'notes';

  constructor(@Inject(SubjectAccess) access: SubjectAccess) {
    access.register(this);
  }

  async collect(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    return [
      ...(await this.#open(tx, patientId)),
      ...(await this.#psychology(tx, patientId)),
      {
        name: 'notes-being-written',
        about: 'That somebody is writing about you and has not signed it: nobody but they can read it yet.',
        records: await tx.noteSection.findMany({
          where: { ...openTo(patientId), status: NoteSectionStatus.DRAFT },
          select: THAT_IT_IS_THERE,
          orderBy: IN_ORDER,
        }),
      },
    ];
  }

  /** What was signed outside of psychology, with its words. */
  async #open(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const section = openTo(patientId);
    return [
      {
        name: 'signed-notes',
        about: 'What clinicians have written about you and signed.',
        records: await tx.noteSignature.findMany({
          where: { section },
          include: { section: { select: { discipline: true, ...ABOUT } } },
          orderBy: IN_ORDER,
        }),
        thirdPartyFields: ['text', 'items'],
      },
      {
        name: 'note-addenda',
        about: 'What was added to these notes after they were signed.',
        records: await tx.noteAddendum.findMany({ where: { section }, orderBy: IN_ORDER }),
        thirdPartyFields: ['text'],
      },
    ];
  }

  /** That psychologists wrote, and with whom it was shared: not a word of it. */
  async #psychology(tx: Tx, patientId: string): Promise<readonly SubjectAccessSection[]> {
    const note = { patientId };
    return [
      {
        name: 'psychology-notes',
        about:
          'That psychologists have written about you, and when. The words of these notes are not in this copy: ask the clinic, ' +
          'and a psychologist goes through them with you.',
        records: await tx.noteSection.findMany({
          where: { note, discipline: Discipline.PSYCHOLOGY, status: { not: NoteSectionStatus.DISCARDED } },
          select: { ...THAT_IT_IS_THERE, signedAt: true },
          orderBy: IN_ORDER,
        }),
      },
      {
        name: 'psychology-notes-shared',
        about: 'With whom psychology notes about you were shared, when you had agreed to it, and until when.',
        records: await tx.noteShare.findMany({ where: { section: { note } }, orderBy: IN_ORDER }),
        thirdPartyFields: ['reason', 'endReason'],
      },
    ];
  }
}

/** Sections whose words the copy holds. */
function openTo(patientId: string) {
  return { note: { patientId }, discipline: { not: Discipline.PSYCHOLOGY } };
}
