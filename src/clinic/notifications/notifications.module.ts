import { Module } from '@nestjs/common';
import { ImagingModule } from '../imaging/imaging.module.js';
import { VisitsModule } from '../visits/visits.module.js';
import { FreedPlaceLetterService } from './freed-place-letter.service.js';
import { LetterJobs } from './letter.jobs.js';
import { LetterResolver } from './letter.resolver.js';
import { LetterService } from './letter.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';
import { LetterMatterService } from './letter-matter.service.js';
import { LetterheadService } from './letterhead.service.js';
import { ScanLetterService } from './scan-letter.service.js';
import { ScanLettersResolver } from './scan-letters.resolver.js';
import { VisitLetterService } from './visit-letter.service.js';
import { VisitLettersResolver } from './visit-letters.resolver.js';

@Module({
  imports: [VisitsModule, ImagingModule],
  providers: [
    LetterService,
    LetterDeliveryService,
    LetterMatterService,
    LetterheadService,
    ScanLetterService,
    VisitLetterService,
    FreedPlaceLetterService,
    LetterJobs,
    LetterResolver,
    ScanLettersResolver,
    VisitLettersResolver,
  ],
})
export class NotificationsModule {}
