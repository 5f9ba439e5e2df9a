import { Inject, Injectable } from '@nestjs/common';
import type { LetterKind } from '../../platform/database/generated/enums.js';
import type { Temporal } from '../../platform/time/index.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import type { LetterAtHand, Written } from './letter-matter.type.js';
import type { EarlierLetter } from './letter-verdict.rules.js';
import { ScanLetterService } from './scan-letter.service.js';
import { VisitLetterService } from './visit-letter.service.js';

/** Who knows what a letter is about, by its kind. */
@Injectable()
export class LetterMatterService {
  constructor(
    @Inject(ScanLetterService) private readonly scans: ScanLetterService,
    @Inject(VisitLetterService) private readonly visits: VisitLetterService,
    @Inject(FreedPlaceLetterService) private readonly freedPlaces: FreedPlaceLetterService,
  ) {}

  /** Whom a letter of this kind is for; null when there is nothing to write about. */
  patientIdOf(kind: LetterKind, subjectId: string): Promise<string | null> {
    switch (kind) {
      case 'SCAN_BOOKED':
      case 'SCAN_MOVED':
      case 'SCAN_CANCELLED':
        return this.scans.patientIdOf(subjectId);
      case 'VISIT_BOOKED':
      case 'VISIT_MOVED':
      case 'VISIT_CANCELLED':
        return this.visits.patientIdOf(subjectId);
      case 'FREED_PLACE_OFFERED':
      case 'FREED_PLACE_GONE':
        return this.freedPlaces.patientIdOf(subjectId);
    }
  }

  /** Reads what it is about afresh, decides, and puts it into words. */
  write(letter: LetterAtHand, earlier: readonly EarlierLetter[], now: Temporal.Instant): Promise<Written> {
    const { kind } = letter;
    switch (kind) {
      case 'SCAN_BOOKED':
      case 'SCAN_MOVED':
      case 'SCAN_CANCELLED':
        return this.scans.write({ ...letter, kind }, earlier, now);
      case 'VISIT_BOOKED':
      case 'VISIT_MOVED':
      case 'VISIT_CANCELLED':
        return this.visits.write({ ...letter, kind }, earlier, now);
      case 'FREED_PLACE_OFFERED':
      case 'FREED_PLACE_GONE':
        return this.freedPlaces.write({ ...letter, kind }, earlier, now);
    }
  }
}
