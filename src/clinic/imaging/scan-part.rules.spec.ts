import { describe, expect, it } from 'vitest';
import { Temporal } from '../../platform/time/index.js';
import { accessionNumberOf, partNear, scheduledSteps } from './scan-part.rules.js';

describe('scheduled procedure step ids', () => {
  it('are unique by modality and fit DICOM SH', () => {
    const steps = scheduledSteps('A999999999', ['NM', 'CT'], false);
    expect(steps.map(({ modality, stepId }) => [modality, stepId])).toEqual([
      ['NM', 'A999999999.1'],
      ['CT', 'A999999999.2'],
    ]);
    expect(steps.every(({ stepId }) => stepId.length <= 16)).toBe(true);
  });

  it('begin with the early images, which leave those of the scan itself as they are', () => {
    expect(scheduledSteps('A1', ['CT', 'NM'], true)).toEqual([
      { part: 'EARLY', modality: 'NM', stepId: 'A1.0' },
      { part: 'DELAYED', modality: 'CT', stepId: 'A1.1' },
      { part: 'DELAYED', modality: 'NM', stepId: 'A1.2' },
    ]);
    expect(accessionNumberOf('A1.0')).toBe('A1');
  });
});

describe('what a scanner has begun', () => {
  it('is the part whose start is nearer', () => {
    const at = (text: string) => Temporal.Instant.from(`2026-03-10T${text}:00Z`);
    const starts = { EARLY: at('09:00'), DELAYED: at('12:20') };
    expect(['08:30', '09:10', '10:39'].map((text) => partNear(at(text), starts))).toEqual(
      Array.from({ length: 3 }, () => 'EARLY'),
    );
    expect(['10:41', '12:20', '15:00'].map((text) => partNear(at(text), starts))).toEqual(
      Array.from({ length: 3 }, () => 'DELAYED'),
    );
  });
});
