import { describe, expect, it } from 'vitest';
import { expectWholeLetter, letterheadWith, NOTICES_TO } from '../../../test/support/whole-letter.js';
import { type ClinicNoticeKind, NOTICE_WORDS } from './clinic-notice.rules.js';
import { ClinicNoticeService } from './clinic-notice.service.js';

const kinds = Object.keys(NOTICE_WORDS) as ClinicNoticeKind[];
const facts = { reference: 'E7KX3M2PA', since: 'Monday 30 March 2026 at 09:30' };
const letter = (kind: ClinicNoticeKind) => ({
  kind,
  subjectId: '0f9b1c1e-0000-7000-8000-000000000001',
  subjectVersion: 0,
  messageId: '<1@facet.example>',
  createdAt: new Date(0),
});
const write = (kind: ClinicNoticeKind, to: readonly string[] = NOTICES_TO) => {
  const written = new ClinicNoticeService(letterheadWith(to)).write(letter(kind), facts);
  if (written.verdict !== 'SEND') throw new Error(written.code);
  return written.message;
};

describe('notices to the clinic', () => {
  it.each(kinds)('%s name the reference and where to look, and nothing of health', (kind) => {
    const message = write(kind);
    expectWholeLetter(message);
    for (const part of [message.subject, message.text, message.html]) expect(part).toContain(facts.reference);
    for (const part of [message.text, message.html]) {
      expect(part).toContain('Monday 30 March 2026 at 09:30');
      expect(part).toContain('in Facet');
      expect(part.replaceAll('nothing of health', '').replaceAll('Facet Pain Clinic', '')).not.toMatch(
        /pain|red flag|bladder|health|patient/i,
      );
    }
    expect(message.name).toBe(kind.toLowerCase().replaceAll('_', '-'));
  });

  it('go to all who are named, in one message', () => {
    const { to, alsoTo } = write('ENQUIRY_NOTICE');
    expect([to.address, ...(alsoTo ?? []).map(({ address }) => address)]).toEqual(NOTICES_TO);
  });

  it('go to the one member of staff whom they are for, and to nobody else', () => {
    const owner = { name: 'Sam Okafor', address: 'sam@clinic.example' };
    const service = new ClinicNoticeService(letterheadWith());
    const written = service.write(letter('DECISION_ACTION_DUE'), facts, owner);
    if (written.verdict !== 'SEND') throw new Error(written.code);
    expect(written.message).toMatchObject({ to: owner, alsoTo: [] });
    expect(service.wording(letter('DECISION_ACTION_DUE'), facts, owner)?.to).toEqual(owner);
  });

  it('are urgent when somebody may be in danger, or waits in the room', () => {
    const urgent = kinds.filter((kind) => write(kind).isUrgent);
    expect(urgent).toEqual([
      'RED_FLAG_RAISED',
      'RED_FLAG_OVERDUE',
      'CHECK_AWAITS_DECISION',
      'CRITICAL_FINDING_RAISED',
      'CRITICAL_FINDING_OVERDUE',
      'RISK_TASK_RAISED',
      'RISK_TASK_OVERDUE',
    ]);
    expect(write('RED_FLAG_RAISED').subject).toBe('URGENT: open E7KX3M2PA now');
  });

  it('wait for nobody when nobody is named, and say so', () => {
    const service = new ClinicNoticeService(letterheadWith([]));
    expect(service.write(letter('RED_FLAG_RAISED'), facts)).toEqual({
      verdict: 'SUPPRESSED',
      code: 'NO_CLINIC_ADDRESS',
    });
    expect(service.wording(letter('RED_FLAG_RAISED'), facts)?.text).toContain('E7KX3M2PA');
  });

  it('are not sent when there is nothing to be seen to any more', () => {
    const service = new ClinicNoticeService(letterheadWith());
    expect(service.write(letter('CALL_BACK_OVERDUE'), null)).toMatchObject({ verdict: 'SUPERSEDED' });
    expect(service.wording(letter('CALL_BACK_OVERDUE'), null)).toBeNull();
  });
});
