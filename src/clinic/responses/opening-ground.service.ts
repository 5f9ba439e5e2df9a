import { Inject, Injectable } from '@nestjs/common';
import { Config } from '../../platform/config/index.js';
import { Clock } from '../../platform/time/index.js';
import { DiaryPolicyService } from './diary-policy.service.js';

/** What a diary's times stand on: the clock, the clinic's time zone, and the policies. */
@Injectable()
export class OpeningGroundService {
  constructor(
    @Inject(Clock) readonly clock: Clock,
    @Inject(Config) private readonly config: Config,
    @Inject(DiaryPolicyService) readonly policies: DiaryPolicyService,
  ) {}

  get timeZone(): string {
    return this.config.clinicTimeZone;
  }
}
