import { Module } from '@nestjs/common';
import { ImagingModule } from '../imaging/imaging.module.js';
import { LetterJobs } from './letter.jobs.js';
import { LetterResolver } from './letter.resolver.js';
import { LetterService } from './letter.service.js';
import { LetterDeliveryService } from './letter-delivery.service.js';
import { ScanLetterService } from './scan-letter.service.js';
import { ScanLettersResolver } from './scan-letters.resolver.js';

@Module({
  imports: [ImagingModule],
  providers: [
    LetterService,
    LetterDeliveryService,
    ScanLetterService,
    LetterJobs,
    LetterResolver,
    ScanLettersResolver,
  ],
})
export class NotificationsModule {}
