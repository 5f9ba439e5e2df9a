import { DocumentScanState, RecordClass, Role } from '../../platform/database/generated/enums.js';
import {
  DocumentAction,
  DocumentNotOpenable,
  DocumentStandsOtherwise,
  DocumentStatus,
  FileProblem,
} from './document.refusals.js';

/** What happens to a file that no scanner has judged because there is none: it opens, or it waits for one. */
export type UnscannedWay = 'open' | 'wait';

/** How a document stands: the two moments say it. */
export function statusOf(document: {
  readonly withdrawnAt: unknown;
  readonly destroyedAt: unknown;
}): DocumentStatus {
  if (document.destroyedAt !== null) return DocumentStatus.DESTROYED;
  return document.withdrawnAt === null ? DocumentStatus.FILED : DocumentStatus.WITHDRAWN;
}

const ACTIONS = {
  FILED: [DocumentAction.OPEN, DocumentAction.DESCRIBE, DocumentAction.ADD_VERSION, DocumentAction.WITHDRAW],
  WITHDRAWN: [DocumentAction.RESTORE],
  DESTROYED: [],
} as const satisfies Record<DocumentStatus, readonly DocumentAction[]>;

/** What can be done with a document that stands so. */
export function allowedActions(status: DocumentStatus): readonly DocumentAction[] {
  return ACTIONS[status];
}

/** Null when it can be done. */
export function canDo(action: DocumentAction, status: DocumentStatus): DocumentStandsOtherwise | null {
  const allowed = allowedActions(status);
  return allowed.includes(action) ? null : new DocumentStandsOtherwise(status, allowed);
}

/** Who reads papers of psychology, which are nobody's else: those who treat, and those who judge the case together. */
const PSYCHOLOGY_READERS: readonly Role[] = [Role.CLINICIAN, Role.MDT_MEMBER];

/** Classes of documents that none of these roles may read. */
export function closedClasses(roles: readonly Role[]): readonly RecordClass[] {
  return roles.some((role) => PSYCHOLOGY_READERS.includes(role)) ? [] : [RecordClass.PSYCHOLOGY];
}

/** Whether one of these roles may read documents of a class. */
export function canReadClass(roles: readonly Role[], retentionClass: string): boolean {
  return closedClasses(roles).every((closed) => closed !== retentionClass);
}

/** By which rule a file is kept that comes in: what is a patient's already is no unconverted enquiry's. */
export function classWhenFiled(asked: RecordClass, isPatients: boolean): RecordClass {
  return isPatients && asked === RecordClass.ENQUIRY_UNCONVERTED ? RecordClass.DOCUMENT : asked;
}

/** What the scanner said, or why it could not. */
export const ScanEvent = {
  FOUND_NOTHING: 'FOUND_NOTHING',
  FOUND_THREAT: 'FOUND_THREAT',
  WILL_NOT_SAY: 'WILL_NOT_SAY',
  ASKED_AGAIN: 'ASKED_AGAIN',
} as const;
export type ScanEvent = (typeof ScanEvent)[keyof typeof ScanEvent];

type ScanTransitions = Record<DocumentScanState, Partial<Record<ScanEvent, DocumentScanState>>>;

/** A verdict stands. What was not judged may be asked about again; a threat is not asked about twice. */
const SCAN_TRANSITIONS = {
  PENDING: {
    FOUND_NOTHING: DocumentScanState.CLEAN,
    FOUND_THREAT: DocumentScanState.THREATS_FOUND,
    WILL_NOT_SAY: DocumentScanState.VALIDATION_FAILED,
  },
  CLEAN: { ASKED_AGAIN: DocumentScanState.PENDING },
  THREATS_FOUND: {},
  VALIDATION_FAILED: { ASKED_AGAIN: DocumentScanState.PENDING },
  NOT_SCANNED: { ASKED_AGAIN: DocumentScanState.PENDING },
} as const satisfies ScanTransitions;

/** The state after an event; null when it changes nothing. */
export function scanStateAfter(state: DocumentScanState, event: ScanEvent): DocumentScanState | null {
  const from: ScanTransitions[DocumentScanState] = SCAN_TRANSITIONS[state];
  return from[event] ?? null;
}

export interface Openable {
  readonly scanState: DocumentScanState;
  readonly contentDestroyedAt: unknown;
}

const GONE = 'Its content has been destroyed.';
const CLOSED_IN_WORDS = {
  PENDING: 'It has not been scanned for viruses yet. Try again in a minute.',
  THREATS_FOUND: 'The virus scanner has found something in it. It is locked away and will be destroyed.',
  VALIDATION_FAILED: 'It could not be judged by the virus scanner, or was damaged where it is stored.',
  NOT_SCANNED: 'No virus scanner has looked at it, and this clinic opens nothing unscanned.',
} as const satisfies Record<Exclude<DocumentScanState, 'CLEAN'>, string>;

/** Null when the content can be opened. */
export function canOpen(content: Openable, unscanned: UnscannedWay): DocumentNotOpenable | null {
  const { scanState } = content;
  if (content.contentDestroyedAt !== null) return new DocumentNotOpenable(scanState, GONE);
  if (scanState === DocumentScanState.CLEAN) return null;
  if (scanState === DocumentScanState.NOT_SCANNED && unscanned === 'open') return null;
  return new DocumentNotOpenable(scanState, CLOSED_IN_WORDS[scanState]);
}

export interface FileLimits {
  readonly megabytesMax: number;
  /** `PDF, JPEG or plain text`. */
  readonly typesInWords: string;
}

/** Why a file is not taken in, for its sender. */
export function fileProblemInWords(problem: FileProblem, { megabytesMax, typesInWords }: FileLimits): string {
  switch (problem) {
    case FileProblem.EMPTY:
      return 'The file is empty.';
    case FileProblem.TOO_LARGE:
      return `The file is larger than ${megabytesMax} MB.`;
    case FileProblem.TYPE_NOT_ALLOWED:
      return `This kind of file is not taken. Send ${typesInWords}.`;
    case FileProblem.NOT_TEXT:
      return `This is neither text in UTF-8 nor any other kind of file that is taken. Send ${typesInWords}.`;
    case FileProblem.TYPE_DISAGREES:
      return 'The file is not of the kind that its sender declares.';
    case FileProblem.NAME_DISAGREES:
      return 'The end of the file name does not fit what is in the file.';
    case FileProblem.SECOND_NATURE:
      return 'The file is more than one thing at once (a page, a program or an archive besides). Save it anew.';
    case FileProblem.CUT_OFF:
      return 'The end of the file is missing. Send it again.';
  }
}
