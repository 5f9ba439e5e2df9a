import { describe, expect, it } from 'vitest';
import { DocumentScanState } from '../../platform/database/generated/enums.js';
import { DocumentAction, DocumentStandsOtherwise, FileProblem } from './document.refusals.js';
import {
  allowedActions,
  canDo,
  canOpen,
  fileProblemInWords,
  ScanEvent,
  scanStateAfter,
  statusOf,
} from './document.rules.js';

const MOMENT = 'some moment';

describe('how a document stands', () => {
  it.each([
    [null, null, 'FILED'],
    [MOMENT, null, 'WITHDRAWN'],
    [null, MOMENT, 'DESTROYED'],
    [MOMENT, MOMENT, 'DESTROYED'],
  ])('withdrawn %s, destroyed %s: %s', (withdrawnAt, destroyedAt, status) => {
    expect(statusOf({ withdrawnAt, destroyedAt })).toBe(status);
  });

  it.each([
    ['FILED', 'OPEN', true],
    ['FILED', 'DESCRIBE', true],
    ['FILED', 'ADD_VERSION', true],
    ['FILED', 'WITHDRAW', true],
    ['FILED', 'RESTORE', false],
    ['WITHDRAWN', 'OPEN', false],
    ['WITHDRAWN', 'DESCRIBE', false],
    ['WITHDRAWN', 'ADD_VERSION', false],
    ['WITHDRAWN', 'WITHDRAW', false],
    ['WITHDRAWN', 'RESTORE', true],
    ['DESTROYED', 'OPEN', false],
    ['DESTROYED', 'DESCRIBE', false],
    ['DESTROYED', 'ADD_VERSION', false],
    ['DESTROYED', 'WITHDRAW', false],
    ['DESTROYED', 'RESTORE', false],
  ] as const)('%s × %s: %s', (status, action, isAllowed) => {
    expect(allowedActions(status).includes(action)).toBe(isAllowed);
    const refused = canDo(action, status);
    expect(refused === null).toBe(isAllowed);
    if (refused !== null) {
      expect(refused).toBeInstanceOf(DocumentStandsOtherwise);
      expect(refused.allowedActions).toEqual(allowedActions(status));
    }
  });

  it('can leave every state but the last', () => {
    expect(Object.values(DocumentAction).every((action) => canDo(action, 'DESTROYED') !== null)).toBe(true);
  });
});

describe('what the scanner says', () => {
  it.each([
    ['PENDING', 'FOUND_NOTHING', 'CLEAN'],
    ['PENDING', 'FOUND_THREAT', 'THREATS_FOUND'],
    ['PENDING', 'WILL_NOT_SAY', 'VALIDATION_FAILED'],
    ['PENDING', 'ASKED_AGAIN', null],
    ['CLEAN', 'FOUND_NOTHING', null],
    ['CLEAN', 'FOUND_THREAT', null],
    ['CLEAN', 'WILL_NOT_SAY', null],
    ['CLEAN', 'ASKED_AGAIN', 'PENDING'],
    ['THREATS_FOUND', 'FOUND_NOTHING', null],
    ['THREATS_FOUND', 'FOUND_THREAT', null],
    ['THREATS_FOUND', 'WILL_NOT_SAY', null],
    ['THREATS_FOUND', 'ASKED_AGAIN', null],
    ['VALIDATION_FAILED', 'FOUND_NOTHING', null],
    ['VALIDATION_FAILED', 'FOUND_THREAT', null],
    ['VALIDATION_FAILED', 'WILL_NOT_SAY', null],
    ['VALIDATION_FAILED', 'ASKED_AGAIN', 'PENDING'],
    ['NOT_SCANNED', 'FOUND_NOTHING', null],
    ['NOT_SCANNED', 'FOUND_THREAT', null],
    ['NOT_SCANNED', 'WILL_NOT_SAY', null],
    ['NOT_SCANNED', 'ASKED_AGAIN', 'PENDING'],
  ] as const)('%s, then %s: %s', (state, event, next) => {
    expect(scanStateAfter(state, event)).toBe(next);
  });

  it('names every state and every event', () => {
    expect(Object.values(DocumentScanState)).toHaveLength(5);
    expect(Object.values(ScanEvent)).toHaveLength(4);
  });

  it.each([
    ['CLEAN', 'open', true],
    ['CLEAN', 'wait', true],
    ['NOT_SCANNED', 'open', true],
    ['NOT_SCANNED', 'wait', false],
    ['PENDING', 'open', false],
    ['THREATS_FOUND', 'open', false],
    ['VALIDATION_FAILED', 'open', false],
  ] as const)('%s where unscanned files %s: opens %s', (scanState, unscanned, opens) => {
    expect(canOpen({ scanState, contentDestroyedAt: null }, unscanned) === null).toBe(opens);
  });

  it('opens nothing that was destroyed', () => {
    const refused = canOpen({ scanState: DocumentScanState.CLEAN, contentDestroyedAt: MOMENT }, 'open');
    expect(refused?.message).toBe('Its content has been destroyed.');
  });
});

describe('why a file is not taken', () => {
  it.each(Object.values(FileProblem))('%s has words', (problem) => {
    const words = fileProblemInWords(problem, { megabytesMax: 50, typesInWords: 'PDF or JPEG' });
    expect(words).toMatch(/^[A-Z].*\.$/);
  });
});
