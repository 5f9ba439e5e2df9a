import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codeOfReason, reasonOfCode, ScanCancelReason } from './scan-cancel-reason.rules.js';

const seed: unknown = JSON.parse(
  readFileSync(new URL('../../../prisma/seed/reference.json', import.meta.url), 'utf8'),
);
const { cancelReasons } = seed as {
  readonly cancelReasons: readonly { readonly code: string; readonly allowedRoles: readonly string[] }[];
};

describe('why a scan is cancelled', () => {
  it('is one of the reasons of all visits, there and back', () => {
    for (const reason of Object.values(ScanCancelReason))
      expect(reasonOfCode(codeOfReason(reason))).toBe(reason);
  });

  it('is a reason that every clinic has, and that imaging may give', () => {
    for (const reason of Object.values(ScanCancelReason)) {
      const known = cancelReasons.find(({ code }) => code === codeOfReason(reason));
      expect(known?.allowedRoles, reason).toContain('IMAGING');
    }
  });

  it('is said in the nearest words for the reasons that imaging has none for', () => {
    expect(reasonOfCode('PATIENT_DECLINED')).toBe('PATIENT_REQUEST');
    expect(reasonOfCode('SNOWED_IN')).toBe('OTHER');
  });
});
