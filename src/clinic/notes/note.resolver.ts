import { Inject } from '@nestjs/common';
import { Args, ID, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { PageInput } from '../../platform/graphql/page.type.js';
import type { StaffActor } from '../audit/audit.type.js';
import { Allow, CurrentActor, Permission } from '../auth/permission.type.js';
import { type Booker, CurrentBooker } from '../visits/booker.type.js';
import { NoteDraftVersion, NoteSection, NoteSectionPage } from './note.type.js';
import { NoteAddendumService } from './note-addendum.service.js';
import { NoteDraftService } from './note-draft.service.js';
import {
  AddNoteAddendumInput,
  AddNoteAddendumResult,
  DiscardNoteDraftResult,
  KeepNoteDraftInput,
  KeepNoteDraftResult,
  LockNoteResult,
  SignNoteInput,
  SignNoteResult,
} from './note-entry.type.js';
import { NoteLockService } from './note-lock.service.js';
import { NoteRecordService } from './note-record.service.js';
import { NoteSigningService } from './note-signing.service.js';

/** Writing notes. */
@Resolver(() => NoteSection)
export class NoteResolver {
  constructor(
    @Inject(NoteRecordService) private readonly records: NoteRecordService,
    @Inject(NoteDraftService) private readonly drafts: NoteDraftService,
    @Inject(NoteSigningService) private readonly signing: NoteSigningService,
    @Inject(NoteLockService) private readonly locks: NoteLockService,
    @Inject(NoteAddendumService) private readonly addenda: NoteAddendumService,
  ) {}

  @Allow(Permission.WRITE_NOTE)
  @Query(() => NoteSectionPage, {
    description:
      'What you are writing and have not signed, last begun first. The look is recorded. Needs WRITE_NOTE.',
  })
  myNoteDrafts(
    @CurrentActor() actor: StaffActor,
    @Args('page', { type: () => PageInput, defaultValue: {}, description: 'Which part of the list.' })
    page: PageInput,
  ) {
    return this.records.myNoteDrafts(actor, page);
  }

  @Allow(Permission.WRITE_NOTE)
  @Query(() => [NoteDraftVersion], {
    description:
      'Every version of a draft of yours, in order, those that came too late and were kept beside included. The look is ' +
      'recorded. Needs WRITE_NOTE.',
  })
  noteDraftVersions(
    @CurrentActor() actor: StaffActor,
    @Args('sectionId', { type: () => ID, description: 'Your section.' }) sectionId: string,
  ) {
    return this.records.noteDraftVersions(actor, sectionId);
  }

  @Allow(Permission.WRITE_NOTE)
  @Mutation(() => KeepNoteDraftResult, {
    description:
      'Keeps what you write; nobody else sees it. Begins your section, and the note, with the first. With the header ' +
      'Idempotency-Key a new note is begun once, however often it is sent. Refused as NoteConflict, with all texts, when the ' +
      'draft was kept elsewhere since, and as NoteAlreadySigned or NoteDraftDiscarded: yours is then kept beside it. Refused ' +
      'as DisciplineNotHeld, NotTheAuthor or NoteKeyReused. Needs WRITE_NOTE.',
  })
  keepNoteDraft(
    @CurrentBooker() booker: Booker,
    @Args('input', { description: 'The draft.' }) input: KeepNoteDraftInput,
  ) {
    return this.drafts.keepNoteDraft(booker.actor, input, booker.idempotencyKey);
  }

  @Allow(Permission.WRITE_NOTE)
  @Mutation(() => DiscardNoteDraftResult, {
    description:
      'Puts your draft away; its versions stay yours to read. Refused as NoteConflict, NoteAlreadySigned, ' +
      'NoteDraftDiscarded or NotTheAuthor. Needs WRITE_NOTE.',
  })
  discardNoteDraft(
    @CurrentActor() actor: StaffActor,
    @Args('sectionId', { type: () => ID, description: 'Your section.' }) sectionId: string,
    @Args('version', { type: () => Int, description: '`version` of your draft as you have read it.' })
    version: number,
  ) {
    return this.drafts.discardNoteDraft(actor, sectionId, version);
  }

  @Allow(Permission.WRITE_NOTE)
  @Mutation(() => SignNoteResult, {
    description:
      'Signs your draft as you have read it; whoever is signed in is the one who signs. What is signed is never written in ' +
      'again. Refused as NoteConflict, NoteAlreadySigned, NoteDraftDiscarded, NotTheAuthor, NoteNotAsSeen, NoteIncomplete, ' +
      'DisciplineNotHeld, SecondFactorWanted or SecondFactorWrong. Needs WRITE_NOTE.',
  })
  signNote(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is signed.' }) input: SignNoteInput,
  ) {
    return this.signing.signNote(actor, input);
  }

  @Allow(Permission.WRITE_NOTE)
  @Mutation(() => LockNoteResult, {
    description:
      'Locks what you have signed: from then on it may be added to. It locks itself at `locksAt`. Refused as NotTheAuthor, ' +
      'NoteNotSigned or NoteAlreadyLocked. Needs WRITE_NOTE.',
  })
  lockNote(
    @CurrentActor() actor: StaffActor,
    @Args('sectionId', { type: () => ID, description: 'Your section.' }) sectionId: string,
  ) {
    return this.locks.lockNote(actor, sectionId);
  }

  @Allow(Permission.WRITE_NOTE)
  @Mutation(() => AddNoteAddendumResult, {
    description:
      'Adds to a locked section that you may read, and signs it; the text stays as it was signed. Refused as NoteNotSigned, ' +
      'NoteNotLocked, NoteChangedMeanwhile, NotTheAuthor, AlreadyEnteredInError, DisciplineNotHeld, SecondFactorWanted or ' +
      'SecondFactorWrong. Needs WRITE_NOTE.',
  })
  addNoteAddendum(
    @CurrentActor() actor: StaffActor,
    @Args('input', { description: 'What is added.' }) input: AddNoteAddendumInput,
  ) {
    return this.addenda.addNoteAddendum(actor, input);
  }
}
