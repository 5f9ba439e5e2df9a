import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Discipline, NoteSectionStatus } from '../../platform/database/generated/enums.js';
import {
  allowedSectionActions,
  canAdd,
  canLock,
  canShare,
  canSignText,
  canWriteAs,
  isKeeperOf,
  mayReadWords,
  type ReaderFacts,
  SECTION_ACTIONS,
  statusOfNote,
} from './note.rules.js';

const AUTHOR = 'author';
const reader = (parts: Partial<ReaderFacts> = {}): ReaderFacts => ({
  ...{ id: 'reader', readsNotes: true, readsPsychology: true, disciplines: [] },
  ...parts,
});
const section = (status: NoteSectionStatus = 'SIGNED', discipline: Discipline = 'PHYSIOTHERAPY') => ({
  ...{ authorId: AUTHOR, discipline, status, version: 1, addendaCount: 0 },
});
const psychology = (status: NoteSectionStatus = 'SIGNED') => section(status, 'PSYCHOLOGY');
const codeOf = (refusal: { readonly code: string } | null) => refusal?.code ?? null;

describe('what people do with a section', () => {
  it('is the list that was written by hand', () => {
    expect(Object.keys(SECTION_ACTIONS).toSorted()).toEqual(['DISCARDED', 'DRAFT', 'LOCKED', 'SIGNED']);
    expect(allowedSectionActions('DRAFT')).toEqual(['keep', 'sign', 'discard']);
    expect(allowedSectionActions('SIGNED')).toEqual(['lock']);
    expect(allowedSectionActions('LOCKED')).toEqual(['add']);
    expect(allowedSectionActions('DISCARDED')).toEqual([]);
    expect(SECTION_ACTIONS.DRAFT.sign).toBe('SIGNED');
    expect(SECTION_ACTIONS.SIGNED.lock).toBe('LOCKED');
  });

  it('never leads from what is signed back to a draft', () => {
    const reached = (from: NoteSectionStatus): NoteSectionStatus[] => Object.values(SECTION_ACTIONS[from]);
    for (const status of ['SIGNED', 'LOCKED'] as const) expect(reached(status)).not.toContain('DRAFT');
  });

  it.each([
    [['DRAFT', 'SIGNED', 'LOCKED'], 'DRAFT'],
    [['LOCKED', 'SIGNED'], 'SIGNED'],
    [['LOCKED', 'LOCKED', 'DISCARDED'], 'LOCKED'],
    [['DISCARDED'], 'DISCARDED'],
    [[], 'DISCARDED'],
  ] as const)('makes of sections that are %j a note that is %s', (sections, status) => {
    expect(statusOfNote(sections)).toBe(status);
  });
});

describe('the words of a section', () => {
  it.each([
    // Who, which section, whether they read its words.
    ['a colleague', reader(), section('SIGNED'), true],
    ['a colleague', reader(), section('LOCKED'), true],
    ['a colleague', reader(), section('DRAFT'), false],
    ['a colleague', reader(), section('DISCARDED'), false],
    ['who may not read notes', reader({ readsNotes: false }), section('LOCKED'), false],
    ['a colleague', reader(), psychology(), false],
    ['a psychologist', reader({ disciplines: ['PSYCHOLOGY'] }), psychology(), true],
    ['a psychologist', reader({ disciplines: ['PSYCHOLOGY'] }), psychology('DRAFT'), false],
    [
      'a psychologist without the permission',
      reader({ disciplines: ['PSYCHOLOGY'], readsPsychology: false }),
      psychology(),
      false,
    ],
    [
      'its author without any permission',
      reader({ id: AUTHOR, readsNotes: false }),
      psychology('DRAFT'),
      true,
    ],
  ] as const)('are for %s as they should be (%#)', (_who, who, of, mayRead) => {
    expect(mayReadWords(of, [], who)).toBe(mayRead);
  });

  it('of psychology are for whom they are shared with, when their role allows it', () => {
    expect(mayReadWords(psychology(), ['reader'], reader())).toBe(true);
    expect(mayReadWords(psychology(), ['somebody-else'], reader())).toBe(false);
    expect(mayReadWords(psychology(), ['reader'], reader({ readsPsychology: false }))).toBe(false);
    expect(mayReadWords(psychology('DRAFT'), ['reader'], reader())).toBe(false);
  });

  it('of a draft are for nobody but its author, whatever they hold', () => {
    const readers = fc.record({
      id: fc.constantFrom('reader', 'other'),
      readsNotes: fc.boolean(),
      readsPsychology: fc.boolean(),
      disciplines: fc.subarray(Object.values(Discipline)),
    });
    const unsigned = fc.constantFrom(NoteSectionStatus.DRAFT, NoteSectionStatus.DISCARDED);
    fc.assert(
      fc.property(readers, unsigned, fc.constantFrom(...Object.values(Discipline)), (who, status, of) => {
        expect(mayReadWords(section(status, of), ['reader', 'other'], who)).toBe(false);
      }),
    );
  });
});

describe('sharing', () => {
  it('is its author’s and psychologists’ to decide, and of nobody who was let in', () => {
    expect(isKeeperOf(psychology(), reader({ id: AUTHOR }))).toBe(true);
    expect(isKeeperOf(psychology(), reader({ disciplines: ['PSYCHOLOGY'] }))).toBe(true);
    expect(isKeeperOf(psychology(), reader())).toBe(false);
  });

  it('is of signed psychology, with somebody whose role allows it, once', () => {
    expect(canShare(psychology(), [], reader())).toBeNull();
    expect(codeOf(canShare(section(), [], reader()))).toBe('NoteNeedsNoSharing');
    expect(codeOf(canShare(psychology('DRAFT'), [], reader()))).toBe('NoteNotSigned');
    expect(codeOf(canShare(psychology(), [], reader({ readsPsychology: false })))).toBe('ReaderNotAllowed');
    expect(codeOf(canShare(psychology(), ['reader'], reader()))).toBe('NoteAlreadyShared');
    expect(codeOf(canShare(psychology(), [], reader({ disciplines: ['PSYCHOLOGY'] })))).toBe(
      'NoteAlreadyShared',
    );
  });
});

describe('signing, locking, adding', () => {
  const content = { text: 'Better.', items: [] };

  it('takes a discipline that is held', () => {
    expect(canWriteAs('NURSING', ['NURSING'])).toBeNull();
    expect(canWriteAs('NURSING', ['RADIOLOGY'])).toMatchObject({
      ...{ code: 'DisciplineNotHeld', discipline: 'NURSING', held: ['RADIOLOGY'] },
    });
  });

  it('takes the fingerprint of what is there, and something that is said', () => {
    expect(canSignText(content, 'ab', 'AB')).toBeNull();
    expect(codeOf(canSignText(content, 'ab', 'cd'))).toBe('NoteNotAsSeen');
    expect(codeOf(canSignText({ text: ' \n', items: [] }, 'ab', 'ab'))).toBe('NoteIncomplete');
  });

  it('locks what is signed, by its author', () => {
    expect(canLock(section('SIGNED'), AUTHOR)).toBeNull();
    expect(codeOf(canLock(section('SIGNED'), 'other'))).toBe('NotTheAuthor');
    expect(codeOf(canLock(section('DRAFT'), AUTHOR))).toBe('NoteNotSigned');
    expect(codeOf(canLock(section('LOCKED'), AUTHOR))).toBe('NoteAlreadyLocked');
    expect(codeOf(canLock(section('DISCARDED'), AUTHOR))).toBe('NoteNotSigned');
  });

  it('adds to what is locked, by whoever has read all of it', () => {
    const added = { kind: 'ADDITION', addendaSeen: 0, isInError: false } as const;
    expect(canAdd(section('LOCKED'), added, 'other')).toBeNull();
    expect(codeOf(canAdd(section('SIGNED'), added, AUTHOR))).toBe('NoteNotLocked');
    expect(codeOf(canAdd(section('DRAFT'), added, AUTHOR))).toBe('NoteNotSigned');
    expect(codeOf(canAdd(section('LOCKED'), { ...added, addendaSeen: 1 }, 'other'))).toBe(
      'NoteChangedMeanwhile',
    );
  });

  it('calls it entered in error once, by its author', () => {
    const error = { kind: 'ENTERED_IN_ERROR', addendaSeen: 0, isInError: false } as const;
    expect(canAdd(section('LOCKED'), error, AUTHOR)).toBeNull();
    expect(codeOf(canAdd(section('LOCKED'), error, 'other'))).toBe('NotTheAuthor');
    expect(codeOf(canAdd(section('LOCKED'), { ...error, isInError: true }, AUTHOR))).toBe(
      'AlreadyEnteredInError',
    );
  });
});
