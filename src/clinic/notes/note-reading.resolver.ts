import { Inject } from '@nestjs/common';
import { Args, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { ClinicalNote, ClinicalNoteFilterInput, ClinicalNotePage } from './note.type.js';
import { NoteCopyService } from './note-copy.service.js';
import { EndNoteShareInput, EndNoteShareResult, ShareNoteInput, ShareNoteResult } from './note-entry.type.js';
import { NoteHistoryService } from './note-history.service.js';
import { NoteHistoryEntry } from './note-history.type.js';
import { NoteRecordService } from './note-record.service.js';
import { NoteShareService } from './note-share.service.js';

/** Reading notes, and who may. */
@Resolver(() => ClinicalNote)
export class NoteReadingResolver {
  constructor(
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
    @Inject(NoteHistoryService) private readonly history: NoteHistoryService,
    @Inject(NoteCopyService) private readonly copies: NoteCopyService,
    @Inject(NoteShareService) private readonly shares: NoteShareService,
  ) {}

  @Allow(Permission.READ_NOTE)
  @Query(() => ClinicalNote, {
    nullable: true,
    description:
      'One note; null: there is none that is for you. Words of a psychology note need READ_PSYCHOLOGY_NOTE, and the ' +
      'discipline or a share. The look is recorded. Needs READ_NOTE.',
  })
  clinicalNote(
    @CurrentActor() actor: StaffActor,
    @Args('id', { type: () => ID, description: 'Which note.' }) id: string,
  ) {
    return this.records.clinicalNote(actor, id);
  }

  @Allow(Permission.READ_NOTE)
  @Query(() => ClinicalNotePage, {
    description:
      'Notes, those last begun first. Words of psychology notes need READ_PSYCHOLOGY_NOTE, and the discipline or a share. The ' +
      'look is recorded. Needs READ_NOTE.',
  })
  clinicalNotes(
    @CurrentActor() actor: StaffActor,
    @Args('filter', {
      type: () => ClinicalNoteFilterInput,
      defaultValue: {},
      description: 'Narrows the list.',
    })
    filter: ClinicalNoteFilterInput,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.clinicalNotes(actor, filter, page);
  }

  @Allow(Permission.READ_NOTE)
  @Query(() => [NoteHistoryEntry], {
    description:
      'What happened to a note, in order: drafts for their authors alone. The look is recorded. Needs READ_NOTE.',
  })
  noteHistory(
    @CurrentActor() actor: StaffActor,
    @Args('noteId', { type: () => ID, description: 'Which note.' }) noteId: string,
  ) {
    return this.history.noteHistory(actor, noteId);
  }

  @Allow(Permission.READ_NOTE)
  @Query(() => String, {
    description:
      'Everything that is signed about a patient, oldest first, as Markdown to hand on. What you may not read is not in it: ' +
      'of such a psychology note only who wrote it and when. That you took it is recorded. Needs READ_NOTE.',
  })
  notesCopy(
    @CurrentActor() actor: StaffActor,
    @Args('patientId', { type: () => ID, description: 'About which patient.' }) patientId: string,
  ) {
    return this.copies.notesCopy(actor, patientId);
  }

  @Allow(Permission.READ_PSYCHOLOGY_NOTE)
  @Mutation(() => ShareNoteResult, {
    description:
      'Lets a colleague read a signed psychology note, with the patient’s agreement; by its author or a psychologist. Refused ' +
      'as NoteNeedsNoSharing, NoteNotSigned, NoteAlreadyShared or ReaderNotAllowed. Needs READ_PSYCHOLOGY_NOTE.',
  })
  shareNote(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is shared with whom.' }) input: ShareNoteInput,
  ) {
    return this.shares.shareNote(actor, input);
  }

  @Allow(Permission.READ_PSYCHOLOGY_NOTE)
  @Mutation(() => EndNoteShareResult, {
    description:
      'From now on the colleague reads it no more; by its author or a psychologist. Refused as NoteShareEnded. Needs ' +
      'READ_PSYCHOLOGY_NOTE.',
  })
  endNoteShare(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'Which share, and why.' }) input: EndNoteShareInput,
  ) {
    return this.shares.endNoteShare(actor, input);
  }
}
