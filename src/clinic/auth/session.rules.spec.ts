import { describe, expect, it } from 'vitest';
import { Role } from '../../platform/database/generated/enums.js';
import { Temporal } from '../../platform/time/index.js';
import { permissionsOf, ROLES_BY_PERMISSION, rolesHold } from './permission.rules.js';
import {
  afterFailedSignIn,
  FAILED_SIGN_INS_MAX,
  isLastSeenStale,
  isLocked,
  isSessionAlive,
} from './session.rules.js';

const NOW = Temporal.Instant.from('2026-11-22T10:00:00Z');

describe('a session', () => {
  const fresh = { expiresAt: NOW.add({ hours: 12 }), lastSeenAt: NOW, revokedAt: null };

  it('serves until it expires, is left idle, or is revoked', () => {
    expect(isSessionAlive(fresh, NOW)).toBe(true);
    expect(isSessionAlive(fresh, NOW.add({ minutes: 119, seconds: 59 }))).toBe(true);
    expect(isSessionAlive(fresh, NOW.add({ minutes: 120 }))).toBe(false);
    const busy = { ...fresh, lastSeenAt: NOW.add({ hours: 11, minutes: 59 }) };
    expect(isSessionAlive(busy, NOW.add({ hours: 11, minutes: 59 }))).toBe(true);
    expect(isSessionAlive(busy, NOW.add({ hours: 12 }))).toBe(false);
    expect(isSessionAlive({ ...fresh, revokedAt: NOW }, NOW)).toBe(false);
  });

  it('is marked as seen at most once a minute', () => {
    expect(isLastSeenStale(fresh, NOW.add({ seconds: 59 }))).toBe(false);
    expect(isLastSeenStale(fresh, NOW.add({ seconds: 60 }))).toBe(true);
  });
});

describe('wrong passwords', () => {
  it('lock the account at the limit, for a while', () => {
    let account = { failedSignIns: 0, lockedUntil: null as Temporal.Instant | null };
    for (let i = 1; i < FAILED_SIGN_INS_MAX; i += 1) {
      account = { ...afterFailedSignIn(account, NOW) };
      expect(isLocked(account, NOW)).toBe(false);
    }
    account = { ...afterFailedSignIn(account, NOW) };
    expect(isLocked(account, NOW)).toBe(true);
    expect(isLocked(account, NOW.add({ minutes: 14, seconds: 59 }))).toBe(true);
    expect(isLocked(account, NOW.add({ minutes: 15 }))).toBe(false);
  });
});

describe('who may do what', () => {
  // Written by hand: what each role may change. A slip in the table shows here.
  it.each([
    [
      Role.RECEPTION,
      [
        'REGISTER_PATIENT',
        'RECEIVE_REFERRAL',
        'RECORD_CONSENT',
        'BOOK_SCAN',
        'RESEND_LETTER',
        'BOOK_VISIT',
        'RUN_VISIT',
        'CORRECT_PATIENT',
        'FILE_DOCUMENT',
        'STEER_REFERRAL',
        'MANAGE_REFERRERS',
        'HANDLE_ENQUIRY',
        'REQUEST_IMAGING',
        'ACKNOWLEDGE_FINDINGS',
        'RECORD_OUTCOME',
        'RECORD_RESPONSE',
        'RAISE_INCIDENT',
        'WORK_ACTION',
      ],
    ],
    [
      Role.CLINICIAN,
      [
        'REGISTER_PATIENT',
        'RECEIVE_REFERRAL',
        'TRIAGE_REFERRAL',
        'RECORD_CONSENT',
        'CLOSE_SCAN',
        'BOOK_VISIT',
        'RUN_VISIT',
        'CORRECT_PATIENT',
        'APPROVE_DESTRUCTION',
        'FILE_DOCUMENT',
        'STEER_REFERRAL',
        'HANDLE_ENQUIRY',
        'CLOSE_RED_FLAG',
        'REQUEST_IMAGING',
        'VET_REQUEST',
        'RECORD_CHECK',
        'RECORD_ADMINISTRATION',
        'WRITE_FINDINGS',
        'ACKNOWLEDGE_FINDINGS',
        'RECORD_OUTCOME',
        'CLOSE_RISK_TASK',
        'REQUEST_TREATMENT',
        'PLAN_TREATMENT',
        'PERFORM_TREATMENT',
        'ASSIST_TREATMENT',
        'RECORD_RESPONSE',
        'WRITE_NOTE',
        'RAISE_INCIDENT',
        'PREPARE_CASE',
        'RUN_MEETING',
        'WRITE_DECISION',
        'SIGN_DECISION',
        'WORK_ACTION',
      ],
    ],
    [
      Role.IMAGING,
      [
        'REGISTER_PATIENT',
        'RECORD_CONSENT',
        'BOOK_SCAN',
        'CLOSE_SCAN',
        'MANAGE_SCANNERS',
        'BOOK_VISIT',
        'RUN_VISIT',
        'CORRECT_PATIENT',
        'FILE_DOCUMENT',
        'REQUEST_IMAGING',
        'VET_REQUEST',
        'RUN_RADIOPHARMACY',
        'RECORD_CHECK',
        'RECORD_ADMINISTRATION',
        'ASSIST_TREATMENT',
        'WRITE_NOTE',
        'RAISE_INCIDENT',
        'PREPARE_CASE',
        'WORK_ACTION',
      ],
    ],
    [
      Role.MDT_MEMBER,
      [
        'RECORD_OUTCOME',
        'CLOSE_RISK_TASK',
        'REQUEST_TREATMENT',
        'RECORD_RESPONSE',
        'WRITE_NOTE',
        'RAISE_INCIDENT',
        'PREPARE_CASE',
        'RUN_MEETING',
        'WRITE_DECISION',
        'SIGN_DECISION',
        'WORK_ACTION',
      ],
    ],
    [
      Role.MANAGER,
      [
        'READ_AUDIT',
        'MANAGE_SCHEDULE',
        'RESEND_LETTER',
        'BOOK_VISIT',
        'MERGE_PATIENTS',
        'MANAGE_RECORDS',
        'EXPORT_PATIENT',
        'STEER_REFERRAL',
        'MANAGE_REFERRERS',
        'MANAGE_TRIAGE',
        'HANDLE_ENQUIRY',
        'MANAGE_ENQUIRIES',
        'MANAGE_CONSENT',
        'MANAGE_ENTITLEMENTS',
        'MANAGE_VETTING',
        'MANAGE_RADIOPHARMACY',
        'MANAGE_CHECKS',
        'MANAGE_GATES',
        'ACKNOWLEDGE_FINDINGS',
        'MANAGE_REPORTING',
        'MANAGE_OUTCOMES',
        'MANAGE_TREATMENTS',
        'MANAGE_NOTES',
        'MANAGE_DECISIONS',
        'RAISE_INCIDENT',
        'RUN_MEETING',
        'WORK_ACTION',
        'MANAGE_INCIDENTS',
      ],
    ],
    [
      Role.ADMIN,
      [
        'READ_AUDIT',
        'MANAGE_STAFF',
        'REGISTER_PATIENT',
        'RECEIVE_REFERRAL',
        'MANAGE_SCHEDULE',
        'MANAGE_SCANNERS',
        'RESEND_LETTER',
        'CORRECT_PATIENT',
        'MERGE_PATIENTS',
        'MANAGE_RECORDS',
        'APPROVE_DESTRUCTION',
        'EXPORT_PATIENT',
        'FILE_DOCUMENT',
        'MANAGE_REFERRERS',
        'MANAGE_TRIAGE',
        'MANAGE_ENQUIRIES',
        'MANAGE_CONSENT',
        'MANAGE_ENTITLEMENTS',
        'MANAGE_VETTING',
        'MANAGE_RADIOPHARMACY',
        'MANAGE_CHECKS',
        'MANAGE_GATES',
        'MANAGE_REPORTING',
        'MANAGE_OUTCOMES',
        'MANAGE_TREATMENTS',
        'MANAGE_NOTES',
        'MANAGE_DECISIONS',
        'RAISE_INCIDENT',
        'MANAGE_INCIDENTS',
      ],
    ],
  ])('%s', (role, expected) => {
    const special = permissionsOf([role]).filter(
      (name) => !name.startsWith('READ_') || name === 'READ_AUDIT',
    );
    expect(special.toSorted()).toEqual([...expected].toSorted());
  });

  // Written by hand, too: what patients answered, what was written and decided about them is read by whoever treats them.
  // The desk rings patients for their figures and works its actions without it, and whoever runs the system needs none of it.
  it.each([
    ['READ_OUTCOME', [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER]],
    ['READ_RESPONSE', [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER]],
    ['READ_NOTE', [Role.CLINICIAN, Role.MDT_MEMBER]],
    ['READ_PSYCHOLOGY_NOTE', [Role.CLINICIAN, Role.MDT_MEMBER]],
    ['READ_MEETING', [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER, Role.MANAGER]],
    ['READ_DECISION', [Role.CLINICIAN, Role.IMAGING, Role.MDT_MEMBER]],
    ['READ_LEARNING', [Role.CLINICIAN, Role.MDT_MEMBER, Role.MANAGER, Role.ADMIN]],
  ])('%s', (permission, expected) => {
    const holders = Object.values(Role).filter((role) => rolesHold([role], permission));
    expect(holders.toSorted()).toEqual([...expected].toSorted());
  });

  it('nobody holds a permission that does not exist, and no role is no permission', () => {
    expect(rolesHold(Object.values(Role), 'TOSTRING')).toBe(false);
    expect(rolesHold(Object.values(Role), 'toString')).toBe(false);
    expect(Object.keys(ROLES_BY_PERMISSION).filter((name) => rolesHold([], name))).toEqual([]);
  });
});
