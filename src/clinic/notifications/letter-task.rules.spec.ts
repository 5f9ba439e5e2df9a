import { describe, expect, it } from 'vitest';
import { LetterRecipient, LetterStatus } from '../../platform/database/generated/enums.js';
import { LetterTask, TASK_CODES, taskInWords, taskOf } from './letter-task.rules.js';

const recipients = Object.values(LetterRecipient);

describe('what is left to do', () => {
  it.each([
    ['SENT', null, LetterTask.NONE],
    ['DUE', 'SMTP_451', LetterTask.NONE],
    ['SUPERSEDED', 'BOOKING_MOVED_ON', LetterTask.NONE],
    ['AMBIGUOUS', 'WORKER_LOST', LetterTask.CHECK_ARRIVAL],
    ['FAILED', 'SMTP_550', LetterTask.REACH_PATIENT],
    ['SUPPRESSED', 'PREFERS_POST', LetterTask.POST_IT],
    ['SUPPRESSED', 'PREFERS_TELEPHONE', LetterTask.TELEPHONE],
    ['SUPPRESSED', 'NO_EMAIL_ADDRESS', LetterTask.ASK_FOR_ADDRESS],
    ['SUPPRESSED', 'NEVER_ANNOUNCED', LetterTask.NONE],
    ['SUPPRESSED', 'PATIENT_DIED', LetterTask.NONE],
  ] as const)('for a patient: %s %s', (status, outcomeCode, task) => {
    expect(taskOf({ status, outcomeCode, recipient: 'PATIENT' })).toBe(task);
  });

  it.each([
    ['REFERRER', 'SUPPRESSED', 'NO_EMAIL_ADDRESS', LetterTask.POST_IT],
    ['REFERRER', 'SUPPRESSED', 'TO_BE_POSTED', LetterTask.POST_IT],
    ['REFERRER', 'FAILED', 'SMTP_550', LetterTask.REACH_REFERRER],
    ['REFERRER', 'AMBIGUOUS', 'WORKER_LOST', LetterTask.CHECK_ARRIVAL],
    ['GP', 'SUPPRESSED', 'NO_EMAIL_ADDRESS', LetterTask.POST_IT],
    ['GP', 'FAILED', 'SMTP_550', LetterTask.REACH_GP],
    ['GP', 'SUPPRESSED', 'RECIPIENT_RETIRED', LetterTask.REACH_GP],
    ['REFERRER', 'SUPPRESSED', 'RECIPIENT_RETIRED', LetterTask.REACH_REFERRER],
    ['ENQUIRER', 'SUPPRESSED', 'NO_EMAIL_ADDRESS', LetterTask.ASK_FOR_ADDRESS],
    ['ENQUIRER', 'SUPPRESSED', 'ANSWERED_OTHERWISE', LetterTask.NONE],
    ['ENQUIRER', 'SUPPRESSED', 'AUTOMATIC_MAIL', LetterTask.NONE],
    ['ENQUIRER', 'SUPPRESSED', 'OWN_ADDRESS', LetterTask.ASK_FOR_ADDRESS],
    ['ENQUIRER', 'FAILED', 'SMTP_550', LetterTask.REACH_ENQUIRER],
    ['STAFF', 'FAILED', 'SMTP_550', LetterTask.REACH_STAFF],
    ['STAFF', 'AMBIGUOUS', 'WORKER_LOST', LetterTask.CHECK_ARRIVAL],
    ['STAFF', 'SUPPRESSED', 'NO_CLINIC_ADDRESS', LetterTask.SEE_TO_IT],
    ['CLINIC', 'SUPPRESSED', 'NO_CLINIC_ADDRESS', LetterTask.SEE_TO_IT],
    ['CLINIC', 'FAILED', 'SMTP_550', LetterTask.SEE_TO_IT],
    ['CLINIC', 'AMBIGUOUS', 'WORKER_LOST', LetterTask.SEE_TO_IT],
  ] as const)('for %s: %s %s', (recipient, status, outcomeCode, task) => {
    expect(taskOf({ status, outcomeCode, recipient })).toBe(task);
  });

  it('is told in words exactly when there is something', () => {
    for (const recipient of recipients) {
      for (const status of Object.values(LetterStatus)) {
        for (const outcomeCode of [null, 'SMTP_550', 'NEVER_ANNOUNCED', ...TASK_CODES]) {
          const standing = { status, outcomeCode, recipient };
          expect(taskInWords(standing) === '').toBe(taskOf(standing) === LetterTask.NONE);
        }
      }
    }
  });

  it('is in the list of codes that leave something to do', () => {
    for (const recipient of recipients) {
      for (const outcomeCode of TASK_CODES) {
        expect(taskOf({ status: 'SUPPRESSED', outcomeCode, recipient })).not.toBe(LetterTask.NONE);
      }
    }
  });

  it('says of a referrer without an address that the letter goes by post', () => {
    const standing = {
      status: 'SUPPRESSED',
      outcomeCode: 'NO_EMAIL_ADDRESS',
      recipient: 'REFERRER',
    } as const;
    expect(taskInWords(standing)).toBe(
      'The referrer has no e-mail address: print the letter and send it by post.',
    );
  });
});
