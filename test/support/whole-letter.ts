import { expect } from 'vitest';
import { LetterheadService } from '../../src/clinic/notifications/letterhead.service.js';
import type { MailMessage } from '../../src/platform/mail/index.js';

/** What somebody may call themselves to do harm: HTML, another header, words turned round, and letters of other scripts. */
export const HOSTILE_NAME = '<img src=x onerror=alert(1)>\r\nBcc: all@example.org\u202e{{ring}} & "Zoë" محمد';

/** The same as it stands on one line. */
export const HOSTILE_NAME_ON_ONE_LINE =
  '<img src=x onerror=alert(1)> Bcc: all@example.org {{ring}} & "Zoë" محمد';

export const NOTICES_TO = ['desk@facet.example', 'nurse@facet.example'];

/** The clinic's paper, with everything on it that can be configured. */
export function letterheadWith(clinicNoticesTo: readonly string[] = NOTICES_TO): LetterheadService {
  return new LetterheadService({
    mailFrom: 'Facet Pain Clinic <clinic@facet.example>',
    mailReplyTo: 'enquiries@facet.example',
    clinicNoticesTo,
    clinicTimeZone: 'Europe/London',
    clinicTelephone: '020 7946 0000',
    clinicAddressLines: [],
  });
}

/**
 * That a letter is whole: one subject line without health in it, an accessible page that holds no link, picture or
 * mark-up of somebody else's, and a plain text of readable lines.
 */
export function expectWholeLetter({ subject, text, html, to }: MailMessage): void {
  for (const line of [subject, to.name]) expect(line).not.toMatch(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/u);
  expect(subject).not.toMatch(/pain|spine|scan|bladder|flag|numb|cancer|health/i);
  expect(html).toMatch(/^<!doctype html>\n<html lang="en-GB">\n<head>\n<title>[^<]+<\/title>\n<meta charset/);
  expect(html.match(/<h1>[^<]+<\/h1>/g)).toHaveLength(1);
  expect(html).not.toMatch(/<(?:table|img|a|script|iframe|form)\b|https?:/i);
  expect(html.match(/<main>/g)).toHaveLength(1);
  for (const part of [html, text]) {
    expect(part).not.toMatch(/undefined|\[object|\{\{#|\{\{>|\u202e/);
    expect(part.replaceAll('{{ring}}', '')).not.toContain('{{');
  }
  expect(text).not.toMatch(/\n\n\n|<\/|&(?:amp|lt|gt|quot|#x27);/);
  expect(text).toMatch(/[^\n]\n$/);
  const own = text.split('\n').filter((row) => !row.includes('onerror'));
  expect(Math.max(...own.map((row) => row.length))).toBeLessThanOrEqual(180);
}
